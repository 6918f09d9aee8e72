import { asBigint, asBytes, asNumber, type Row, type Sql, type SqlTx } from "@tolldns/store/sqlite";

/** What a digest stands for. */
export interface Statement {
  readonly epoch: bigint;
  readonly digest: Uint8Array;
  readonly previousRoot: Uint8Array;
  readonly root: Uint8Array;
  readonly updatesRoot: Uint8Array;
  readonly count: number;
}

/** A signed vote, with what its digest stands for: without that the chain would take it for no proof. */
export interface Vote extends Statement {
  /** Witness key of who signed, 32 bytes. */
  readonly witness: Uint8Array;
  readonly signature: Uint8Array;
}

/** A vote for what one proposes, with the whole trace. */
export interface Proposal extends Vote {
  /** Steps one after another, 132 bytes each. */
  readonly trace: Uint8Array;
}

export interface SignedBatch {
  readonly witness: Uint8Array;
  readonly signature: Uint8Array;
  readonly count: number;
  readonly root: Uint8Array;
  /** Encoded receipts one after another, sorted; null of another's, of which only the claim is kept. */
  readonly receipts: Uint8Array | null;
}

/** Votes cast and heard, proposals, receipts. */
export interface VoteTable {
  /**
   * The vote of this witness in this epoch: `vote` if it is the first, else the one cast before. Durable when it resolves, and only
   * then may it leave. A proposal of its own is written with its vote or not at all, since the vote in it is signed.
   */
  cast(vote: Vote, now: number, proposal?: Proposal): Promise<Vote>;
  own(epoch: bigint): Promise<Vote | null>;
  lastOwn(): Promise<Vote | null>;
  /** Keeps a vote of another; two at most of one witness an epoch, which is what a proof needs. True if it is new. */
  hear(vote: Vote, now: number): Promise<boolean>;
  heard(epoch: bigint): Promise<Vote[]>;
  /** Keeps a proposal; two at most of one witness an epoch. True if it is new. */
  propose(proposal: Proposal): Promise<boolean>;
  /** Without traces, which may be long. */
  heads(epoch: bigint): Promise<Vote[]>;
  proposal(epoch: bigint, digest: Uint8Array): Promise<Proposal | null>;
  receipts(epoch: bigint): Promise<{ readonly updateHash: Uint8Array; readonly seenAt: number }[]>;
  signBatch(epoch: bigint, batch: SignedBatch): Promise<void>;
  batches(epoch: bigint): Promise<SignedBatch[]>;
  /** Forgets what belongs to epochs before this one, but for the own votes. */
  prune(before: bigint): Promise<void>;
}

const MOST_OF_ONE = 2;

export function createVoteTable(sql: Sql): VoteTable {
  const own = async (tx: SqlTx, epoch: bigint) => {
    const [row] = await tx.all("SELECT * FROM votes WHERE epoch = $1", [epoch]);
    return row === undefined ? null : readVote(row);
  };
  return {
    cast: (vote, now, proposal) =>
      sql.write(async (tx) => {
        const before = await own(tx, vote.epoch);
        if (before !== null) return before;
        await insertVote(tx, "votes", "cast_at", vote, now);
        await insertVote(tx, "heard", "heard_at", vote, now);
        if (proposal !== undefined) await insertProposal(tx, proposal);
        return vote;
      }),
    own: (epoch) => sql.read((tx) => own(tx, epoch)),
    lastOwn: async () => {
      const [row] = await sql.read((tx) => tx.all("SELECT * FROM votes ORDER BY epoch DESC LIMIT 1"));
      return row === undefined ? null : readVote(row);
    },
    hear: (vote, now) =>
      sql.write(async (tx) => {
        const rows = await tx.all("SELECT digest FROM heard WHERE epoch = $1 AND witness = $2", [
          vote.epoch,
          vote.witness,
        ]);
        if (rows.length >= MOST_OF_ONE || rows.some((row) => same(asBytes(row.digest), vote.digest)))
          return false;
        await insertVote(tx, "heard", "heard_at", vote, now);
        return true;
      }),
    heard: async (epoch) => {
      const rows = await sql.read((tx) => tx.all("SELECT * FROM heard WHERE epoch = $1", [epoch]));
      return rows.map(readVote);
    },
    propose: (proposal) =>
      sql.write(async (tx) => {
        const { epoch, digest, witness } = proposal;
        const rows = await tx.all("SELECT digest, witness FROM proposals WHERE epoch = $1", [epoch]);
        const ofOne = rows.filter((row) => same(asBytes(row.witness), witness));
        if (ofOne.length >= MOST_OF_ONE || rows.some((row) => same(asBytes(row.digest), digest)))
          return false;
        await insertProposal(tx, proposal);
        return true;
      }),
    heads: async (epoch) => {
      const rows = await sql.read((tx) =>
        tx.all(
          `SELECT epoch, digest, witness, signature, previous_root, root, updates_root, count
           FROM proposals WHERE epoch = $1`,
          [epoch],
        ),
      );
      return rows.map(readVote);
    },
    proposal: async (epoch, digest) => {
      const [row] = await sql.read((tx) =>
        tx.all("SELECT * FROM proposals WHERE epoch = $1 AND digest = $2", [epoch, digest]),
      );
      return row === undefined ? null : { ...readVote(row), trace: asBytes(row.trace) };
    },
    receipts: async (epoch) => {
      const rows = await sql.read((tx) =>
        tx.all("SELECT update_hash, seen_at FROM receipts WHERE epoch = $1", [epoch]),
      );
      return rows.map((row) => ({ updateHash: asBytes(row.update_hash), seenAt: asNumber(row.seen_at) }));
    },
    signBatch: async (epoch, { witness, signature, count, root, receipts }) => {
      await sql.write((tx) =>
        tx.run(
          `INSERT INTO batches (epoch, witness, signature, count, root, receipts) VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT DO NOTHING`,
          [epoch, witness, signature, count, root, receipts],
        ),
      );
    },
    batches: async (epoch) => {
      const rows = await sql.read((tx) => tx.all("SELECT * FROM batches WHERE epoch = $1", [epoch]));
      return rows.map((row) => ({
        witness: asBytes(row.witness),
        signature: asBytes(row.signature),
        count: asNumber(row.count),
        root: asBytes(row.root),
        receipts: row.receipts === null ? null : asBytes(row.receipts),
      }));
    },
    prune: (before) =>
      sql.write(async (tx) => {
        for (const table of ["heard", "proposals", "receipts", "batches"])
          await tx.run(`DELETE FROM ${table} WHERE epoch < $1`, [before]);
      }),
  };
}

async function insertVote(
  tx: SqlTx,
  table: "votes" | "heard",
  at: "cast_at" | "heard_at",
  vote: Vote,
  now: number,
): Promise<void> {
  const { epoch, digest, witness, signature, previousRoot, root, updatesRoot, count } = vote;
  await tx.run(
    `INSERT INTO ${table} (epoch, digest, witness, signature, previous_root, root, updates_root, count, ${at})
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ${table === "heard" ? "ON CONFLICT DO NOTHING" : ""}`,
    [epoch, digest, witness, signature, previousRoot, root, updatesRoot, count, Math.floor(now)],
  );
}

async function insertProposal(tx: SqlTx, proposal: Proposal): Promise<void> {
  const { epoch, digest, witness, signature, previousRoot, root, updatesRoot, count, trace } = proposal;
  await tx.run(
    `INSERT INTO proposals (epoch, digest, witness, signature, previous_root, root, updates_root, count, trace)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
    [epoch, digest, witness, signature, previousRoot, root, updatesRoot, count, trace],
  );
}

function readVote(row: Row): Vote {
  return {
    epoch: asBigint(row.epoch),
    digest: asBytes(row.digest),
    witness: asBytes(row.witness),
    signature: asBytes(row.signature),
    previousRoot: asBytes(row.previous_root),
    root: asBytes(row.root),
    updatesRoot: asBytes(row.updates_root),
    count: asNumber(row.count),
  };
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
