import type { PostgresOptions } from "./postgres/driver.ts";
import { openPostgresStore } from "./postgres/open.ts";
import type { SqliteOptions } from "./sqlite/driver.ts";
import { openSqliteStore } from "./sqlite/open.ts";
import type { Store } from "./types.ts";

/** Which store, as a config file says it. */
export type StoreConfig =
  | ({ readonly kind: "sqlite" } & SqliteOptions)
  | ({ readonly kind: "postgres" } & PostgresOptions);

/** Opens either. Throws what `openSqliteStore` and `openPostgresStore` throw. */
export function openStore(config: StoreConfig): Promise<Store> {
  return config.kind === "sqlite" ? openSqliteStore(config) : openPostgresStore(config);
}
