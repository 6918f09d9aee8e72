import pg from "pg";
import { isStoreError, StoreError, type StoreErrorCode } from "../errors.ts";
import type { EachSql, Row, Sql, SqlTx, SqlValue } from "../sql.ts";

export interface PostgresOptions {
  /** `postgres://...`, or the parts; a password belongs in a file of mode 0600 the caller read, not in arguments. */
  readonly connection: string | pg.PoolConfig;
  /** Schema that holds the tables, made if missing. Default `tolldns`. */
  readonly schema?: string;
  /** Connections at most. Default 4. */
  readonly connections?: number;
  /** How long to wait for a connection, a statement or a lock, milliseconds. Default 10 000. */
  readonly timeoutMilliseconds?: number;
}

const TYPES = new pg.TypeOverrides();
TYPES.setTypeParser(pg.types.builtins.INT8, BigInt);
TYPES.setTypeParser(pg.types.builtins.INT4, BigInt);
TYPES.setTypeParser(pg.types.builtins.NUMERIC, BigInt);

const ATTEMPTS = 5;

export async function openPostgres(options: PostgresOptions): Promise<Sql> {
  const schema = options.schema ?? "tolldns";
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) throw new StoreError("value-range", `schema name ${schema}`);
  const timeout = options.timeoutMilliseconds ?? 10_000;
  const base =
    typeof options.connection === "string" ? { connectionString: options.connection } : options.connection;
  const pool = new pg.Pool({
    ...base,
    max: options.connections ?? 4,
    connectionTimeoutMillis: timeout,
    statement_timeout: timeout,
    query_timeout: timeout * 2,
    types: TYPES,
    options: [
      `search_path=${schema}`,
      // A server set to acknowledge before its log is on disk would lose what we acknowledged.
      "synchronous_commit=on",
      // A process that stops in the middle may not hold up the others: its locks go, and it finds its lease lost.
      `idle_in_transaction_session_timeout=${timeout}`,
      `lock_timeout=${Math.ceil(timeout / 2)}`,
    ]
      .map((setting) => `-c ${setting}`)
      .join(" "),
  });
  // An idle connection that breaks is dropped by the pool; the next call makes another.
  pool.on("error", () => {});

  let closed = false;
  async function once<T>(begin: string, work: (tx: SqlTx) => Promise<T>): Promise<T> {
    if (closed) throw new StoreError("closed");
    let client: pg.PoolClient;
    try {
      client = await pool.connect();
    } catch (error) {
      throw translate(error, "connect");
    }
    let phase: Phase = "work";
    let broken = false;
    const onError = () => {
      broken = true;
    };
    client.on("error", onError);
    try {
      await client.query(begin);
      const result = await work(transaction(client));
      phase = "commit";
      await client.query("COMMIT");
      return result;
    } catch (error) {
      const translated = translate(error, phase);
      if (isStoreError(translated, "unavailable") || isStoreError(translated, "outcome-unknown"))
        broken = true;
      if (!broken) await client.query("ROLLBACK").catch(onError);
      throw translated;
    } finally {
      client.off("error", onError);
      client.release(broken);
    }
  }

  async function again<T>(begin: string, work: (tx: SqlTx) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await once(begin, work);
      } catch (error) {
        if (!wasUndone(error) || attempt === ATTEMPTS) throw error;
      }
    }
  }

  const sql: Sql = {
    dialect: "postgres",
    read: (work) => again("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", work),
    write: (work) => again("BEGIN ISOLATION LEVEL READ COMMITTED", work),
    close: async () => {
      if (closed) return;
      closed = true;
      await pool.end();
    },
  };
  try {
    await sql.write(async (tx) => {
      // Two processes may make the schema at once.
      await tx.all("SELECT pg_advisory_xact_lock($1)", [0x544f4c4b]);
      await tx.run(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    });
  } catch (error) {
    await sql.close();
    throw error;
  }
  return sql;
}

const names = new Map<string, string>();
function query(client: pg.PoolClient, text: string, values: unknown[]): Promise<pg.QueryResult> {
  let name = names.get(text);
  if (name === undefined) {
    name = `tolldns-${names.size}`;
    names.set(text, name);
  }
  return client.query({ name, text, values });
}

function transaction(client: pg.PoolClient): SqlTx {
  return {
    dialect: "postgres",
    run: async (sql, params = []) => (await query(client, sql, params.map(encode))).rowCount ?? 0,
    all: async (sql, params = []) => (await query(client, sql, params.map(encode))).rows as Row[],
    each: async (sql: EachSql, rows: readonly (readonly SqlValue[])[]) => {
      if (rows.length === 0) return [];
      const columns = (rows[0] ?? []).map((_, column) => rows.map((row) => encode(row[column] ?? null)));
      return (await query(client, sql.postgres, columns)).rows as Row[];
    },
  };
}

function encode(value: SqlValue): unknown {
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value;
}

/** Deadlock or serialisation failure: the server took it all back, so it may run again at once. */
function wasUndone(error: unknown): boolean {
  const { code } = ((error as Error).cause ?? {}) as { code?: unknown };
  return isStoreError(error, "locked") && (code === "40001" || code === "40P01");
}

type Phase = "connect" | "work" | "commit";

/** SQLSTATE classes of PostgreSQL, appendix A. */
function translate(error: unknown, phase: Phase): unknown {
  if (isStoreError(error) || !(error instanceof Error)) return error;
  const sqlstate = (error as { code?: unknown }).code;
  const wrap = (code: StoreErrorCode) => new StoreError(code, error.message, { cause: error });
  const gone = phase === "commit" ? "outcome-unknown" : "unavailable";
  if (error instanceof TypeError || error instanceof RangeError) return error;
  if (typeof sqlstate !== "string") return wrap(gone); // the client's own: connection terminated, timeout
  if (sqlstate === "53100") return wrap("full");
  if (sqlstate === "40001" || sqlstate === "40P01" || sqlstate === "55P03") return wrap("locked");
  if (sqlstate === "25006" || sqlstate === "42501") return wrap("read-only");
  if (sqlstate === "XX001" || sqlstate === "XX002") return wrap("corrupt");
  // 08 connection, 53 resources, 57 operator intervention, 58 system; E... is a socket's errno.
  if (/^(08|53|57|58)|^E[A-Z]+$/.test(sqlstate)) return wrap(gone);
  return wrap("unexpected");
}
