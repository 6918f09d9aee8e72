import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { checkOffer } from "../check.ts";
import { StoreError, type StoreErrorCode } from "../errors.ts";
import { groupCommits } from "../group.ts";
import type { Store } from "../types.ts";
import type { SqliteOptions } from "./driver.ts";

export type Reply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | {
      readonly id: number;
      readonly ok: false;
      readonly error: unknown;
      readonly code?: StoreErrorCode;
      readonly detail?: string;
    };
export interface Call {
  readonly id: number;
  readonly method: keyof Store;
  readonly args: readonly unknown[];
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

const METHODS = [
  "takeLane",
  "readLane",
  "acceptVouchers",
  "recordConsumed",
  "listLedgers",
  "listUnsettled",
  "readTotals",
  "raiseSettled",
  "forgetLanes",
  "acquireLease",
  "renewLease",
  "releaseLease",
  "readLease",
  "addOutbox",
  "moveOutbox",
  "listOutbox",
  "listSettlements",
  "pruneOutbox",
  "addQuarantine",
  "listQuarantine",
  "releaseQuarantine",
  "readValue",
  "writeValue",
] as const satisfies readonly (keyof Store)[];

/**
 * Opens a store in one SQLite file, shared by the processes of one machine. The database works in a thread of its own, so
 * that waiting for the disk never holds up the caller's event loop. Throws `unavailable`, `locked`, `read-only`, `corrupt`,
 * `schema-newer`.
 */
export async function openSqliteStore(options: SqliteOptions): Promise<Store> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { workerData: options });
  const pending = new Map<number, Pending>();
  let lastId = 0;
  let gone: StoreError | null = null;
  let closing: Promise<void> | null = null;

  worker.on("message", (reply: Reply) => {
    const waiter = pending.get(reply.id);
    pending.delete(reply.id);
    // An open store alone keeps no process alive; a call under way does.
    if (pending.size === 0 && closing === null) worker.unref();
    if (reply.ok) waiter?.resolve(reply.value);
    else if (reply.code === undefined) waiter?.reject(reply.error);
    else waiter?.reject(new StoreError(reply.code, reply.detail, { cause: reply.error }));
  });
  const fail = (error: StoreError) => {
    gone ??= error;
    for (const waiter of pending.values()) waiter.reject(error);
    pending.clear();
  };
  worker.on("error", (cause) =>
    fail(new StoreError("outcome-unknown", "the database thread ended", { cause })),
  );
  worker.on("exit", () => fail(new StoreError("closed")));

  function call(method: Call["method"], args: readonly unknown[]): Promise<unknown> {
    if (gone !== null) return Promise.reject(gone);
    return new Promise((resolve, reject) => {
      const id = ++lastId;
      pending.set(id, { resolve, reject });
      worker.ref();
      try {
        worker.postMessage({ id, method, args } satisfies Call);
      } catch (error) {
        pending.delete(id);
        reject(error);
      }
    });
  }

  // Call 0 is the opening itself.
  await new Promise((resolve, reject) => pending.set(0, { resolve, reject }));
  const methods = Object.fromEntries(
    METHODS.map((method) => [method, (...args: unknown[]) => call(method, args)]),
  ) as unknown as Pick<Store, (typeof METHODS)[number]>;
  const accept = groupCommits(methods.acceptVouchers);
  return {
    kind: "sqlite",
    ...methods,
    acceptVouchers: async (batch, now) => accept(batch.map(checkOffer), now),
    close: () => {
      closing ??= (async () => {
        const exit = once(worker, "exit");
        await call("close", []);
        await exit;
      })();
      return closing;
    },
  };
}
