import { asBytes, openSqlite } from "@tolldns/store/sqlite";
import { fail } from "../errors.ts";
import type { FeedStoreOptions } from "../options.ts";
import { createEpochTable, type EpochTable } from "./epochs.ts";
import { prepareTables } from "./schema.ts";
import { createUpdateTable, type UpdateTable } from "./updates.ts";
import { createVoteTable, type VoteTable } from "./votes.ts";

/** What a feed or a witness keeps on disk. Every write is durable when it resolves. */
export interface FeedStore {
  readonly updates: UpdateTable;
  readonly epochs: EpochTable;
  readonly votes: VoteTable;
  readFact(name: string): Promise<Uint8Array | null>;
  /** Writes a fact, once: what is there stays and is returned. */
  keepFact(name: string, value: Uint8Array): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Opens the file, mode 0600. @throws store-foreign, and as `openSqlite` */
export async function openFeedStore(options: FeedStoreOptions): Promise<FeedStore> {
  const sql = openSqlite({
    path: options.path,
    ...(options.maxBytes === undefined ? {} : { maxBytes: options.maxBytes }),
  });
  try {
    await sql.write(prepareTables);
  } catch (error) {
    await sql.close();
    throw error;
  }
  const readFact = (name: string) =>
    sql.read(async (tx) => {
      const [row] = await tx.all("SELECT value FROM facts WHERE name = $1", [name]);
      return row === undefined ? null : asBytes(row.value);
    });
  return {
    updates: createUpdateTable(sql),
    epochs: createEpochTable(sql),
    votes: createVoteTable(sql),
    readFact,
    keepFact: async (name, value) => {
      await sql.write((tx) =>
        tx.run("INSERT INTO facts (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING", [name, value]),
      );
      return (await readFact(name)) ?? value;
    },
    close: () => sql.close(),
  };
}

/** Binds a file to a cluster and a witness. @throws store-foreign if it belongs to another */
export async function bindStore(store: FeedStore, what: string, value: Uint8Array): Promise<void> {
  const held = await store.keepFact(what, value);
  if (Buffer.compare(held, value) !== 0) throw fail("store-foreign", { reason: `another ${what}` });
}
