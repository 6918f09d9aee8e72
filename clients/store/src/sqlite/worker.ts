import { parentPort, workerData } from "node:worker_threads";
import { isStoreError } from "../errors.ts";
import { createStore } from "../store.ts";
import type { Store } from "../types.ts";
import { openSqlite, type SqliteOptions } from "./driver.ts";
import type { Call, Reply } from "./open.ts";

// The thread that owns the file: runs the calls in the order they arrive and answers each.

const port = parentPort;
if (port === null) throw new Error("runs as a worker only");

function answer(reply: Reply): void {
  port?.postMessage(reply);
}

function refuse(id: number, error: unknown): void {
  if (!isStoreError(error)) {
    answer({ id, ok: false, error });
    return;
  }
  const detail = error.message === error.code ? undefined : error.message.slice(error.code.length + 2);
  const cause = error.cause instanceof Error ? error.cause.message : undefined;
  answer({ id, ok: false, error: cause, code: error.code, ...(detail === undefined ? {} : { detail }) });
}

let store: Store;
try {
  store = await createStore(openSqlite(workerData as SqliteOptions));
  port.on("message", async ({ id, method, args }: Call) => {
    try {
      const run = store[method] as (...args: readonly unknown[]) => Promise<unknown>;
      answer({ id, ok: true, value: await run(...args) });
    } catch (error) {
      refuse(id, error);
    }
    if (method === "close") port.close();
  });
  answer({ id: 0, ok: true, value: null });
} catch (error) {
  refuse(0, error);
}
