import type { SqlTx } from "@tolldns/store/sqlite";
import { asNumber } from "@tolldns/store/sqlite";
import { fail } from "../errors.ts";

export const FEED_SCHEMA = 1;

/**
 * Tables of a feed's file. A body is a signed update as `encodeBody` writes it; an update signed twice has two rows, since a trace
 * commits to one signature. `done` is the epoch at whose end an update became final or was superseded, null while it is pending.
 */
const TABLES = [
  "CREATE TABLE facts (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID",
  `CREATE TABLE updates (
     update_hash BLOB NOT NULL, auth_hash BLOB NOT NULL, name_hash BLOB NOT NULL, label TEXT NOT NULL,
     body BLOB NOT NULL, seen_at INTEGER NOT NULL, done INTEGER, final INTEGER NOT NULL DEFAULT 0,
     PRIMARY KEY (update_hash, auth_hash)) WITHOUT ROWID`,
  "CREATE INDEX updates_auth ON updates (auth_hash)",
  "CREATE INDEX updates_pending ON updates (name_hash) WHERE done IS NULL",
  "CREATE INDEX updates_done ON updates (done) WHERE done IS NOT NULL",
  `CREATE TABLE leaves (
     name_hash BLOB PRIMARY KEY, generation INTEGER NOT NULL, version BLOB NOT NULL, update_hash BLOB NOT NULL, label TEXT NOT NULL)
     WITHOUT ROWID`,
  "CREATE INDEX leaves_update ON leaves (update_hash)",
  `CREATE TABLE epochs (
     epoch INTEGER PRIMARY KEY, status TEXT NOT NULL, previous_root BLOB NOT NULL, root BLOB NOT NULL, updates_root BLOB NOT NULL,
     count INTEGER NOT NULL, digest BLOB NOT NULL, frozen_at INTEGER NOT NULL, final_at INTEGER NOT NULL, trace BLOB)`,
  `CREATE TABLE votes (
     epoch INTEGER PRIMARY KEY, digest BLOB NOT NULL, witness BLOB NOT NULL, signature BLOB NOT NULL, previous_root BLOB NOT NULL,
     root BLOB NOT NULL, updates_root BLOB NOT NULL, count INTEGER NOT NULL, cast_at INTEGER NOT NULL)`,
  `CREATE TABLE heard (
     epoch INTEGER NOT NULL, digest BLOB NOT NULL, witness BLOB NOT NULL, signature BLOB NOT NULL, previous_root BLOB NOT NULL,
     root BLOB NOT NULL, updates_root BLOB NOT NULL, count INTEGER NOT NULL, heard_at INTEGER NOT NULL,
     PRIMARY KEY (epoch, witness, digest)) WITHOUT ROWID`,
  `CREATE TABLE proposals (
     epoch INTEGER NOT NULL, digest BLOB NOT NULL, witness BLOB NOT NULL, signature BLOB NOT NULL, previous_root BLOB NOT NULL,
     root BLOB NOT NULL, updates_root BLOB NOT NULL, count INTEGER NOT NULL, trace BLOB NOT NULL,
     PRIMARY KEY (epoch, digest)) WITHOUT ROWID`,
  `CREATE TABLE receipts (
     epoch INTEGER NOT NULL, update_hash BLOB NOT NULL, seen_at INTEGER NOT NULL, PRIMARY KEY (epoch, update_hash)) WITHOUT ROWID`,
  `CREATE TABLE batches (
     epoch INTEGER NOT NULL, witness BLOB NOT NULL, signature BLOB NOT NULL, count INTEGER NOT NULL, root BLOB NOT NULL, receipts BLOB,
     PRIMARY KEY (epoch, witness)) WITHOUT ROWID`,
] as const;

/** Makes or checks the tables. @throws store-foreign when a newer version of this program wrote them */
export async function prepareTables(tx: SqlTx): Promise<void> {
  const [row] = await tx.all("PRAGMA user_version");
  const version = asNumber(row?.user_version);
  if (version === FEED_SCHEMA) return;
  if (version !== 0) throw fail("store-foreign", { reason: `schema ${version} is not ${FEED_SCHEMA}` });
  for (const table of TABLES) await tx.run(table);
  await tx.run(`PRAGMA user_version = ${FEED_SCHEMA}`);
}
