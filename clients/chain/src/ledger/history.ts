import { dirname } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { fail } from "../errors.ts";
import { addressText, bytesOf, keyOf, toBase58 } from "../wire/base58.ts";
import type { Landed, LandedMeta } from "./landed.ts";

/** A row of `getSignaturesForAddress`. */
export interface AddressEntry {
  signature: Uint8Array;
  slot: number;
  index: number;
}

interface Row {
  signature: Uint8Array;
  slot: number;
  idx: number;
  time: number;
  bytes: Uint8Array;
  accounts: Uint8Array;
  meta: string;
}

const SCHEMA = `
CREATE TABLE IF NOT EXISTS transactions (
  signature BLOB PRIMARY KEY, slot INTEGER NOT NULL, idx INTEGER NOT NULL, time INTEGER NOT NULL,
  bytes BLOB NOT NULL, accounts BLOB NOT NULL, meta TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS by_slot ON transactions (slot, idx);
CREATE TABLE IF NOT EXISTS addresses (
  address BLOB NOT NULL, slot INTEGER NOT NULL, idx INTEGER NOT NULL, signature BLOB NOT NULL,
  PRIMARY KEY (address, slot, idx)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS progress (one INTEGER PRIMARY KEY CHECK (one = 1), slot INTEGER NOT NULL);
`;

/**
 * Finalised transactions, for ever. Everything in it can be made again from the log until `sync` has returned, so a
 * write here needs no fsync of its own. The file is locked: it also keeps a second process out of the folder.
 */
export class History {
  private readonly db: DatabaseSync;
  private readonly insert: StatementSync;
  private readonly insertAddress: StatementSync;
  private readonly setProgress: StatementSync;
  private rows: number;

  /** @param path a file, or `:memory:` @throws chain-locked */
  constructor(path: string) {
    this.db = new DatabaseSync(path);
    try {
      this.db.exec(
        "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;",
      );
      this.db.exec(SCHEMA);
    } catch (error) {
      this.db.close();
      if (String(error).includes("locked")) throw fail("chain-locked", { folder: dirname(path) }, error);
      throw error;
    }
    this.insert = this.db.prepare("INSERT OR IGNORE INTO transactions VALUES (?, ?, ?, ?, ?, ?, ?)");
    this.insertAddress = this.db.prepare("INSERT OR IGNORE INTO addresses VALUES (?, ?, ?, ?)");
    this.setProgress = this.db.prepare("INSERT OR REPLACE INTO progress VALUES (1, ?)");
    this.rows = (this.db.prepare("SELECT count(*) AS n FROM transactions").get() as { n: number }).n;
  }

  /** The last slot whose transactions are all here. */
  finalised(): number {
    const row = this.db.prepare("SELECT slot FROM progress").get() as { slot: number } | undefined;
    return row?.slot ?? 0;
  }

  /** Adds the transactions of slots up to and with `slot`; those it has already, a replay brings again. */
  add(landed: readonly Landed[], slot: number): void {
    this.db.exec("BEGIN");
    for (const one of landed) {
      const signature = bytesOf(one.key);
      const accounts = bytesOf(one.accounts.join(""));
      const { changes } = this.insert.run(
        signature,
        one.slot,
        one.index,
        one.time,
        one.bytes,
        accounts,
        JSON.stringify(one.meta),
      );
      this.rows += Number(changes);
      for (const address of new Set(one.accounts)) {
        this.insertAddress.run(bytesOf(address), one.slot, one.index, signature);
      }
    }
    this.setProgress.run(slot);
    this.db.exec("COMMIT");
  }

  get(key: string): Landed | null {
    const row = this.db.prepare("SELECT * FROM transactions WHERE signature = ?").get(bytesOf(key));
    return row === undefined ? null : landedOf(row as unknown as Row);
  }

  inSlot(slot: number): Landed[] {
    const rows = this.db.prepare("SELECT * FROM transactions WHERE slot = ? ORDER BY idx").all(slot);
    return (rows as unknown as Row[]).map(landedOf);
  }

  /** Signatures landed in `from` or later. */
  since(from: number): Landed[] {
    const rows = this.db.prepare("SELECT * FROM transactions WHERE slot >= ? ORDER BY slot, idx").all(from);
    return (rows as unknown as Row[]).map(landedOf);
  }

  /** Newest first, strictly older than `before` (slot, index), at most `limit`. */
  forAddress(address: string, before: [number, number], limit: number): AddressEntry[] {
    const rows = this.db
      .prepare(
        "SELECT signature, slot, idx FROM addresses WHERE address = ? AND (slot, idx) < (?, ?) ORDER BY slot DESC, idx DESC LIMIT ?",
      )
      .all(bytesOf(address), before[0], before[1], limit);
    return (rows as unknown as Row[]).map(({ signature, slot, idx }) => ({ signature, slot, index: idx }));
  }

  /** Brings everything to disk for good. */
  sync(): void {
    this.db.exec("PRAGMA synchronous = FULL; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA synchronous = NORMAL;");
  }

  count(): number {
    return this.rows;
  }

  close(): void {
    this.db.close();
  }
}

function landedOf(row: Row): Landed {
  const accounts: string[] = [];
  for (let at = 0; at < row.accounts.length; at += 32)
    accounts.push(keyOf(row.accounts.subarray(at, at + 32)));
  return {
    signature: toBase58(row.signature),
    key: keyOf(row.signature),
    ...{ slot: row.slot, index: row.idx, time: row.time, bytes: row.bytes, accounts },
    // Only what is not final yet is looked at for changes.
    writable: [],
    meta: JSON.parse(row.meta) as LandedMeta,
    sequence: 0,
  };
}

/** Base58 of an account key kept in `Landed.accounts`. */
export function accountText(key: string): string {
  return addressText(bytesOf(key));
}
