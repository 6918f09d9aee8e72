import { checkOffer } from "../check.ts";
import { groupCommits } from "../group.ts";
import { createStore } from "../store.ts";
import type { Store } from "../types.ts";
import { openPostgres, type PostgresOptions } from "./driver.ts";

/** Opens a store in PostgreSQL 15 or later, shared by any number of gateways and keepers. Throws `unavailable`, `schema-newer`, `read-only`. */
export async function openPostgresStore(options: PostgresOptions): Promise<Store> {
  const store = await createStore(await openPostgres(options));
  const accept = groupCommits(store.acceptVouchers);
  // Checked before calls share a commit: one caller's mistake is not another's.
  return { ...store, acceptVouchers: async (batch, now) => accept(batch.map(checkOffer), now) };
}
