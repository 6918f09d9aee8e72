import { closeSync, openSync, statSync } from "node:fs";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { isStoreError, StoreError, type StoreErrorCode } from "../errors.ts";
import type { EachSql, Row, Sql, SqlTx, SqlValue } from "../sql.ts";

export interface SqliteOptions {
  /** File path; its folder must exist. */
  readonly path: string;
  /** How long a write waits for another process's, milliseconds. Default 5 000. */
  readonly busyMilliseconds?: number;
  /** Largest size of the file; writes beyond it are refused with `full`. Default: the disk. */
  readonly maxBytes?: number;
}

/** Opens the file: write-ahead log, every commit synced to disk before it is reported. */
export function openSqlite(options: SqliteOptions): Sql {
  let db: DatabaseSync;
  try {
    // Nobody else's business; the log beside it takes its mode from it.
    closeSync(openSync(options.path, "a", 0o600));
    db = new DatabaseSync(options.path);
    db.exec(`PRAGMA busy_timeout = ${Math.trunc(options.busyMilliseconds ?? 5_000)}`);
    db.exec("PRAGMA journal_mode = WAL");
    db.exec("PRAGMA synchronous = FULL");
    db.exec("PRAGMA foreign_keys = ON");
    if (options.maxBytes !== undefined) {
      const page = db.prepare("PRAGMA page_size").get()?.page_size;
      db.exec(`PRAGMA max_page_count = ${Math.max(1, Math.trunc(options.maxBytes / Number(page)))}`);
    }
  } catch (error) {
    throw translate(error);
  }

  const inode = inodeOf(options.path);
  const statements = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    let statement = statements.get(sql);
    if (statement === undefined) {
      statement = db.prepare(sql.replaceAll(/\$(\d+)/g, "?$1"));
      statement.setReadBigInts(true);
      statements.set(sql, statement);
    }
    return statement;
  };

  const tx: SqlTx = {
    dialect: "sqlite",
    run: async (sql, params = []) => Number(prepare(sql).run(...params).changes),
    all: async (sql, params = []) => prepare(sql).all(...params) as Row[],
    each: async (sql: EachSql, rows: readonly (readonly SqlValue[])[]) => {
      const statement = prepare(sql.sqlite);
      return rows.flatMap((row) => statement.all(...row) as Row[]);
    },
  };

  // One connection: transactions take turns, or one would read another's unfinished rows.
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;
  function inTurn<T>(begin: string, work: (tx: SqlTx) => Promise<T>): Promise<T> {
    const turn = last.then(() => transact(begin, work));
    last = turn.catch(() => {});
    return turn;
  }

  async function transact<T>(begin: string, work: (tx: SqlTx) => Promise<T>): Promise<T> {
    if (closed) throw new StoreError("closed");
    let committing = false;
    try {
      db.exec(begin);
      const result = await work(tx);
      // SQLite goes on writing to a file that was deleted or replaced, and would acknowledge into nothing.
      if (inodeOf(options.path) !== inode)
        throw new StoreError("unavailable", "the file was moved or deleted");
      committing = true;
      db.exec("COMMIT");
      return result;
    } catch (error) {
      // A full disk may have ended the transaction by itself.
      if (db.isTransaction) db.exec("ROLLBACK");
      throw translate(error, committing);
    }
  }

  return {
    dialect: "sqlite",
    read: (work) => inTurn("BEGIN", work),
    write: (work) => inTurn("BEGIN IMMEDIATE", work),
    close: async () => {
      await last;
      if (closed) return;
      closed = true;
      db.close();
    },
  };
}

/** Primary result codes of https://www.sqlite.org/rescode.html. */
const CODES: Record<number, StoreErrorCode> = {
  5: "locked",
  6: "locked",
  8: "read-only",
  10: "unavailable",
  11: "corrupt",
  13: "full",
  14: "unavailable",
  26: "corrupt",
};

/** Which file the path names now, or null. */
function inodeOf(path: string): string | null {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? null : `${stat.dev}:${stat.ino}`;
}

/** What the file system says before SQLite is asked. */
const ERRNOS: Record<string, StoreErrorCode> = {
  ENOENT: "unavailable",
  ENOTDIR: "unavailable",
  EACCES: "read-only",
  EROFS: "read-only",
  ENOSPC: "full",
};

function translate(error: unknown, committing = false): unknown {
  if (isStoreError(error) || !(error instanceof Error)) return error;
  const { errcode, code: errno } = error as { errcode?: unknown; code?: unknown };
  if (typeof errno === "string" && errno in ERRNOS)
    return new StoreError(ERRNOS[errno] ?? "unexpected", error.message, { cause: error });
  if (typeof errcode !== "number") return error;
  const code = CODES[errcode & 0xff] ?? "unexpected";
  // After a failed sync nobody can say which pages reached the disk.
  return new StoreError(code === "unavailable" && committing ? "outcome-unknown" : code, error.message, {
    cause: error,
  });
}
