export { MAX_AMOUNT } from "./check.ts";
export { isStoreError, isTransient, STORE_ERRORS, StoreError, type StoreErrorCode } from "./errors.ts";
export { openStore, type StoreConfig } from "./open.ts";
export type { PostgresOptions } from "./postgres/driver.ts";
export { openPostgresStore } from "./postgres/open.ts";
export { SCHEMA_VERSION } from "./schema.ts";
export type { SqliteOptions } from "./sqlite/driver.ts";
export { openSqliteStore } from "./sqlite/open.ts";
export type * from "./types.ts";
