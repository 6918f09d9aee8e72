/** The little SQL both databases are driven through. Placeholders are `$1`, `$2`, ...; integers come back as bigint, bytes as Uint8Array. */

export type SqlValue = bigint | number | string | Uint8Array | null;
export type Row = Record<string, SqlValue>;

/** One statement for many rows: SQLite runs `sqlite` once a row, PostgreSQL runs `postgres` once with a column array a parameter. */
export interface EachSql {
  readonly sqlite: string;
  readonly postgres: string;
}

export interface SqlTx {
  readonly dialect: "sqlite" | "postgres";
  /** Number of rows changed. */
  run(sql: string, params?: readonly SqlValue[]): Promise<number>;
  all(sql: string, params?: readonly SqlValue[]): Promise<Row[]>;
  each(sql: EachSql, rows: readonly (readonly SqlValue[])[]): Promise<Row[]>;
}

export interface Sql {
  readonly dialect: "sqlite" | "postgres";
  /** Reads of one moment. */
  read<T>(work: (tx: SqlTx) => Promise<T>): Promise<T>;
  /** Durable when it resolves; nothing happened when it rejects, but for `outcome-unknown`. `work` may run more than once. */
  write<T>(work: (tx: SqlTx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Locks the rows a write is about to decide on; SQLite has one writer at a time already. */
export function forUpdate(tx: SqlTx): string {
  return tx.dialect === "postgres" ? " FOR UPDATE" : "";
}

export function asBytes(value: SqlValue | undefined): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new TypeError("expected bytes");
  return new Uint8Array(value);
}

export function asBigint(value: SqlValue | undefined): bigint {
  if (typeof value !== "bigint") throw new TypeError("expected an integer");
  return value;
}

export function asNumber(value: SqlValue | undefined): number {
  return Number(asBigint(value));
}

export function asText(value: SqlValue | undefined): string {
  if (typeof value !== "string") throw new TypeError("expected text");
  return value;
}
