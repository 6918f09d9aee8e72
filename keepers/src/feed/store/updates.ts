import { asBigint, asBytes, asNumber, asText, type Row, type Sql } from "@tolldns/store/sqlite";

/** A signed update on disk. */
export interface StoredUpdate {
  readonly updateHash: Uint8Array;
  /** Of the signature it came with: one update may come signed in two ways. */
  readonly authHash: Uint8Array;
  readonly nameHash: Uint8Array;
  /** Normalised label. */
  readonly label: string;
  /** As `encodeBody` writes it. */
  readonly body: Uint8Array;
  /** Unix seconds by the clock handed in. */
  readonly seenAt: number;
  /** Epoch at whose end it was final or superseded; null while pending. */
  readonly done: bigint | null;
  readonly final: boolean;
}

export type NewUpdate = Omit<StoredUpdate, "done" | "final">;

/** Signed updates and their receipts. */
export interface UpdateTable {
  /** Durable when it resolves. What is there already stays as it is, but for records that were missing. With `epoch`, also writes down that they were seen for it. */
  add(updates: readonly NewUpdate[], epoch: bigint | null): Promise<void>;
  /** By update hash or, where `authHash` matters, by that; in the order found. */
  find(hashes: readonly Uint8Array[]): Promise<StoredUpdate[]>;
  /** Facts of all pending ones, without their bodies' records being kept. */
  eachPending(visit: (update: StoredUpdate) => void): Promise<void>;
  /** Forgets pending ones that were pushed out or can't become final any more. */
  drop(keys: readonly Pick<StoredUpdate, "updateHash" | "authHash">[]): Promise<void>;
  /** Forgets finished ones that no leaf needs and whose epoch is before this. */
  prune(before: bigint): Promise<number>;
}

/** Rows read at once, so that nobody else waits long. */
const PAGE = 1_000;

export function createUpdateTable(sql: Sql): UpdateTable {
  return {
    add: (updates, epoch) =>
      sql.write(async (tx) => {
        for (const { updateHash, authHash, nameHash, label, body, seenAt } of updates) {
          await tx.run(
            `INSERT INTO updates (update_hash, auth_hash, name_hash, label, body, seen_at) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT DO UPDATE SET body = excluded.body WHERE length(excluded.body) > length(body)`,
            [updateHash, authHash, nameHash, label, body, Math.floor(seenAt)],
          );
          if (epoch !== null)
            await tx.run(
              "INSERT INTO receipts (epoch, update_hash, seen_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
              [epoch, updateHash, Math.floor(seenAt)],
            );
        }
      }),
    find: (hashes) =>
      sql.read(async (tx) => {
        const found: StoredUpdate[] = [];
        for (const hash of hashes) {
          const rows = await tx.all("SELECT * FROM updates WHERE update_hash = $1", [hash]);
          const other =
            rows.length > 0 ? rows : await tx.all("SELECT * FROM updates WHERE auth_hash = $1", [hash]);
          found.push(...other.map(readUpdate));
        }
        return found;
      }),
    eachPending: async (visit) => {
      let [name, update, auth] = [new Uint8Array(0), new Uint8Array(0), new Uint8Array(0)];
      for (;;) {
        const rows = await sql.read((tx) =>
          tx.all(
            `SELECT * FROM updates WHERE done IS NULL AND (name_hash, update_hash, auth_hash) > ($1, $2, $3)
             ORDER BY name_hash, update_hash, auth_hash LIMIT ${PAGE}`,
            [name, update, auth],
          ),
        );
        const updates = rows.map(readUpdate);
        updates.forEach(visit);
        const last = updates.at(-1);
        if (last === undefined) return;
        [name, update, auth] = [
          new Uint8Array(last.nameHash),
          new Uint8Array(last.updateHash),
          new Uint8Array(last.authHash),
        ];
      }
    },
    drop: (keys) =>
      sql.write(async (tx) => {
        for (const { updateHash, authHash } of keys)
          await tx.run("DELETE FROM updates WHERE update_hash = $1 AND auth_hash = $2 AND done IS NULL", [
            updateHash,
            authHash,
          ]);
      }),
    prune: (before) =>
      sql.write((tx) =>
        tx.run(
          `DELETE FROM updates WHERE done IS NOT NULL AND done < $1
           AND NOT EXISTS (SELECT 1 FROM leaves WHERE leaves.update_hash = updates.update_hash)`,
          [before],
        ),
      ),
  };
}

function readUpdate(row: Row): StoredUpdate {
  return {
    updateHash: asBytes(row.update_hash),
    authHash: asBytes(row.auth_hash),
    nameHash: asBytes(row.name_hash),
    label: asText(row.label),
    body: asBytes(row.body),
    seenAt: asNumber(row.seen_at),
    done: row.done === null ? null : asBigint(row.done),
    final: asNumber(row.final) === 1,
  };
}
