import { createLanes } from "./lanes.ts";
import { createLeases } from "./leases.ts";
import { createOutbox } from "./outbox.ts";
import { createQuarantine } from "./quarantine.ts";
import { migrate } from "./schema.ts";
import { createSettings } from "./settings.ts";
import type { Sql } from "./sql.ts";
import type { Store } from "./types.ts";

/** The one implementation both databases share. Closes `sql` if the schema can't be brought up to date. */
export async function createStore(sql: Sql): Promise<Store> {
  try {
    await migrate(sql);
  } catch (error) {
    await sql.close();
    throw error;
  }
  return {
    kind: sql.dialect,
    ...createLanes(sql),
    ...createLeases(sql),
    ...createOutbox(sql),
    ...createQuarantine(sql),
    ...createSettings(sql),
    close: () => sql.close(),
  };
}
