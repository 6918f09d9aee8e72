import type { NamedEntry } from "@tolldns/sdk/routes";
import { asBigint, asBytes, asNumber, asText, type Row, type Sql, type SqlTx } from "@tolldns/store/sqlite";
import type { NewUpdate } from "./updates.ts";

/** A final epoch as feeds tell of it. Times are Unix seconds of the chain. */
export interface EpochRecord {
  readonly epoch: bigint;
  readonly status: "final" | "rejected" | "stalled";
  readonly previousRoot: Uint8Array;
  readonly root: Uint8Array;
  readonly updatesRoot: Uint8Array;
  readonly count: number;
  readonly digest: Uint8Array;
  readonly frozenAt: bigint;
  readonly finalAt: bigint;
  /** Its steps one after another, 132 bytes each; null if this feed never had them. */
  readonly trace: Uint8Array | null;
}

/** A leaf of the map and the label its hash is of. */
export interface Leaf extends NamedEntry {
  readonly label: string;
}

/** What became final, taken over in one go. */
export interface FinalChange {
  readonly record: EpochRecord;
  /** Leaves that are new or other than before. */
  readonly leaves: readonly Leaf[];
  /** Bodies of theirs that weren't here. */
  readonly bodies: readonly NewUpdate[];
  /** Whatever other leaves there are is forgotten: the map was none that ever was final. */
  readonly replace: boolean;
  readonly superseded: readonly Pick<NewUpdate, "updateHash" | "authHash">[];
}

/** Map and history. */
export interface EpochTable {
  eachLeaf(visit: (leaf: Leaf) => void): Promise<void>;
  label(nameHash: Uint8Array): Promise<string | null>;
  /** Leaves, bodies, what is superseded, and the epoch in one commit. */
  apply(change: FinalChange): Promise<void>;
  /** Writes an epoch that changed no root, or an older one's history. What is there stays, but a missing trace is filled in. */
  record(record: EpochRecord): Promise<void>;
  read(epoch: bigint): Promise<EpochRecord | null>;
  /** Newest first, from `from` downwards (null: the newest), without traces. */
  list(from: bigint | null, limit: number): Promise<EpochRecord[]>;
  /** The last final one. */
  last(): Promise<EpochRecord | null>;
}

const PAGE = 5_000;

export function createEpochTable(sql: Sql): EpochTable {
  return {
    eachLeaf: async (visit) => {
      let after = new Uint8Array(0);
      for (;;) {
        const rows = await sql.read((tx) =>
          tx.all(`SELECT * FROM leaves WHERE name_hash > $1 ORDER BY name_hash LIMIT ${PAGE}`, [after]),
        );
        const last = rows.at(-1);
        if (last === undefined) return;
        for (const row of rows) visit(readLeaf(row));
        after = new Uint8Array(asBytes(last.name_hash));
      }
    },
    label: async (nameHash) => {
      const rows = await sql.read((tx) =>
        tx.all("SELECT label FROM leaves WHERE name_hash = $1", [nameHash]),
      );
      return rows[0] === undefined ? null : asText(rows[0].label);
    },
    apply: (change) => sql.write((tx) => applyFinal(tx, change)),
    record: (record) => sql.write((tx) => writeRecord(tx, record)),
    read: async (epoch) => {
      const [row] = await sql.read((tx) => tx.all("SELECT * FROM epochs WHERE epoch = $1", [epoch]));
      return row === undefined ? null : readRecord(row);
    },
    list: async (from, limit) => {
      const top = from ?? 2n ** 62n;
      const rows = await sql.read((tx) =>
        tx.all(
          `SELECT epoch, status, previous_root, root, updates_root, count, digest, frozen_at, final_at, NULL AS trace
           FROM epochs WHERE epoch <= $1 ORDER BY epoch DESC LIMIT ${limit}`,
          [top],
        ),
      );
      return rows.map(readRecord);
    },
    last: async () => {
      const [row] = await sql.read((tx) =>
        tx.all("SELECT * FROM epochs WHERE status = 'final' ORDER BY epoch DESC LIMIT 1"),
      );
      return row === undefined ? null : readRecord(row);
    },
  };
}

async function applyFinal(
  tx: SqlTx,
  { record, leaves, bodies, replace, superseded }: FinalChange,
): Promise<void> {
  if (replace) await tx.run("DELETE FROM leaves");
  for (const { updateHash, authHash, nameHash, label, body, seenAt } of bodies)
    await tx.run(
      `INSERT INTO updates (update_hash, auth_hash, name_hash, label, body, seen_at) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT DO UPDATE SET body = excluded.body WHERE length(excluded.body) > length(body)`,
      [updateHash, authHash, nameHash, label, body, Math.floor(seenAt)],
    );
  for (const { nameHash, generation, version, updateHash, label } of leaves) {
    await tx.run(
      `INSERT INTO leaves (name_hash, generation, version, update_hash, label) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (name_hash) DO UPDATE SET generation = $2, version = $3, update_hash = $4, label = $5`,
      [nameHash, generation, bigEndian(version), updateHash, label],
    );
    await tx.run("UPDATE updates SET done = $1, final = 1 WHERE update_hash = $2", [
      record.epoch,
      updateHash,
    ]);
  }
  for (const { updateHash, authHash } of superseded)
    await tx.run("UPDATE updates SET done = $1 WHERE update_hash = $2 AND auth_hash = $3 AND done IS NULL", [
      record.epoch,
      updateHash,
      authHash,
    ]);
  await writeRecord(tx, record);
}

async function writeRecord(tx: SqlTx, record: EpochRecord): Promise<void> {
  const { epoch, status, previousRoot, root, updatesRoot, count, digest, frozenAt, finalAt, trace } = record;
  await tx.run(
    `INSERT INTO epochs (epoch, status, previous_root, root, updates_root, count, digest, frozen_at, final_at, trace)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     ON CONFLICT (epoch) DO UPDATE SET trace = coalesce(trace, excluded.trace)`,
    [epoch, status, previousRoot, root, updatesRoot, count, digest, frozenAt, finalAt, trace],
  );
}

function readRecord(row: Row): EpochRecord {
  return {
    epoch: asBigint(row.epoch),
    status: asText(row.status) as EpochRecord["status"],
    previousRoot: asBytes(row.previous_root),
    root: asBytes(row.root),
    updatesRoot: asBytes(row.updates_root),
    count: asNumber(row.count),
    digest: asBytes(row.digest),
    frozenAt: asBigint(row.frozen_at),
    finalAt: asBigint(row.final_at),
    trace: row.trace === null ? null : asBytes(row.trace),
  };
}

function readLeaf(row: Row): Leaf {
  return {
    nameHash: asBytes(row.name_hash),
    generation: asNumber(row.generation),
    version: Buffer.from(asBytes(row.version)).readBigUInt64BE(),
    updateHash: asBytes(row.update_hash),
    label: asText(row.label),
  };
}

/** Versions go up to 2^64 - 1, SQLite's integers to 2^63 - 1. */
function bigEndian(value: bigint): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}
