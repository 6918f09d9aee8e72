import { StoreError } from "./errors.ts";
import { asNumber, type Sql, type SqlTx } from "./sql.ts";

interface Words {
  readonly bytes: string;
  readonly int: string;
  readonly strict: string;
}

const WORDS: Record<SqlTx["dialect"], Words> = {
  sqlite: { bytes: "BLOB", int: "INTEGER", strict: " STRICT" },
  postgres: { bytes: "BYTEA", int: "BIGINT", strict: "" },
};

const MAX_AMOUNT = 2n ** 56n - 1n;
const laneColumns = ({ bytes, int }: Words) =>
  `ledger ${bytes} NOT NULL CHECK (octet_length(ledger) = 32), lane ${int} NOT NULL CHECK (lane BETWEEN 0 AND 65535),
   generation ${int} NOT NULL CHECK (generation BETWEEN 0 AND 65535)`;

/** Numbered from 1; a migration that has shipped is never changed. */
const MIGRATIONS: readonly ((words: Words) => string[])[] = [
  (w) => [
    `CREATE TABLE lanes (${laneColumns(w)}, fence ${w.int} NOT NULL,
       expiry_day ${w.int} NOT NULL, cumulative ${w.int} NOT NULL CHECK (cumulative BETWEEN 0 AND ${MAX_AMOUNT}),
       signature ${w.bytes} CHECK (octet_length(signature) = 64), consumed ${w.int} NOT NULL,
       settled ${w.int} NOT NULL, since ${w.int} NOT NULL, PRIMARY KEY (ledger, lane, generation))${w.strict}`,
    `CREATE INDEX lanes_unsettled ON lanes (ledger, lane) WHERE cumulative > settled`,
    `CREATE TABLE outbox (signature ${w.bytes} PRIMARY KEY CHECK (octet_length(signature) = 64), kind TEXT NOT NULL,
       ledger ${w.bytes} NOT NULL, wire ${w.bytes} NOT NULL, last_valid_block_height ${w.int} NOT NULL,
       state TEXT NOT NULL CHECK (state IN ('prepared', 'sent', 'confirmed', 'finalized', 'expired', 'failed')),
       payers ${w.int} NOT NULL, amount ${w.int} NOT NULL, fee ${w.int} NOT NULL, slot ${w.int}, reason TEXT,
       created_at ${w.int} NOT NULL, updated_at ${w.int} NOT NULL, position ${w.int} NOT NULL UNIQUE)${w.strict}`,
    `CREATE INDEX outbox_states ON outbox (ledger, state)`,
    `CREATE TABLE outbox_vouchers (outbox ${w.bytes} NOT NULL REFERENCES outbox (signature) ON DELETE CASCADE,
       position ${w.int} NOT NULL, ${laneColumns(w)}, expiry_day ${w.int} NOT NULL, cumulative ${w.int} NOT NULL,
       signature ${w.bytes} NOT NULL, PRIMARY KEY (outbox, position))${w.strict}`,
    `CREATE INDEX outbox_vouchers_lane ON outbox_vouchers (ledger, lane, generation)`,
    `CREATE TABLE quarantine (${laneColumns(w)}, expiry_day ${w.int} NOT NULL, cumulative ${w.int} NOT NULL,
       signature ${w.bytes} NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL, at ${w.int} NOT NULL,
       PRIMARY KEY (ledger, lane, generation))${w.strict}`,
    `CREATE TABLE leases (name TEXT PRIMARY KEY, holder TEXT NOT NULL, token ${w.int} NOT NULL,
       expires_at ${w.int} NOT NULL)${w.strict}`,
    `CREATE TABLE settings (name TEXT PRIMARY KEY, value ${w.bytes} NOT NULL)${w.strict}`,
  ],
];

export const SCHEMA_VERSION = MIGRATIONS.length;

/** Brings the schema up to date, one transaction for all of it. Throws `schema-newer` when a newer program wrote the store. */
export async function migrate(sql: Sql): Promise<void> {
  await sql.write(async (tx) => {
    const words = WORDS[tx.dialect];
    // Two processes may open a new store at once.
    if (tx.dialect === "postgres") await tx.all("SELECT pg_advisory_xact_lock($1)", [0x544f4c4c]);
    await tx.run(
      `CREATE TABLE IF NOT EXISTS schema_versions (version ${words.int} PRIMARY KEY)${words.strict}`,
    );
    const [row] = await tx.all("SELECT COALESCE(MAX(version), 0) AS version FROM schema_versions");
    const version = asNumber(row?.version);
    if (version > SCHEMA_VERSION) {
      throw new StoreError("schema-newer", `version ${version}, this program knows ${SCHEMA_VERSION}`);
    }
    for (let next = version; next < SCHEMA_VERSION; next++) {
      for (const statement of MIGRATIONS[next]?.(words) ?? []) await tx.run(statement);
      await tx.run("INSERT INTO schema_versions (version) VALUES ($1)", [next + 1]);
    }
  });
}
