import { asNumber, type SqlTx } from "@tolldns/store/sqlite";
import { fail } from "../errors.ts";

const VERIFIER_SCHEMA = 1;

/**
 * Tables of a verifier's file. A probe is there once it has been judged; a report is there once it has been signed, and from then on its window takes no more probes.
 */
const TABLES = [
  "CREATE TABLE facts (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID",
  `CREATE TABLE probes (
     target BLOB NOT NULL, begin INTEGER NOT NULL, place INTEGER NOT NULL, at INTEGER NOT NULL, transport TEXT NOT NULL, challenge INTEGER NOT NULL,
     outcome TEXT NOT NULL, latency INTEGER NOT NULL, reason TEXT NOT NULL, expected BLOB NOT NULL, answer BLOB NOT NULL, transcript BLOB NOT NULL,
     PRIMARY KEY (target, begin, place)) WITHOUT ROWID`,
  `CREATE TABLE reports (
     target BLOB NOT NULL, begin INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, roster INTEGER NOT NULL, seat INTEGER, bytes BLOB NOT NULL,
     signature BLOB NOT NULL, set_version INTEGER NOT NULL, landed INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (target, begin)) WITHOUT ROWID`,
  "CREATE INDEX reports_begin ON reports (begin)",
  `CREATE TABLE attestations (
     target BLOB NOT NULL, begin INTEGER NOT NULL, bytes BLOB NOT NULL, signature BLOB NOT NULL, car BLOB NOT NULL, PRIMARY KEY (target, begin)) WITHOUT ROWID`,
  "CREATE TABLE sets (version INTEGER PRIMARY KEY, text TEXT NOT NULL)",
  "CREATE TABLE checked (target BLOB NOT NULL, begin INTEGER NOT NULL, seat INTEGER NOT NULL, PRIMARY KEY (target, begin, seat)) WITHOUT ROWID",
] as const;

/** Makes or checks the tables. @throws store-foreign when a newer version of this program wrote them */
export async function prepareTables(tx: SqlTx): Promise<void> {
  const [row] = await tx.all("PRAGMA user_version");
  const version = asNumber(row?.user_version);
  if (version === VERIFIER_SCHEMA) return;
  if (version !== 0) throw fail("store-foreign", { reason: `schema ${version} is not ${VERIFIER_SCHEMA}` });
  for (const table of TABLES) await tx.run(table);
  await tx.run(`PRAGMA user_version = ${VERIFIER_SCHEMA}`);
}
