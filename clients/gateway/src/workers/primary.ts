import { type ChildProcess, fork } from "node:child_process";
import { isSeatMessage } from "./process-seat.ts";

export interface PrimaryOptions {
  /** Module each worker runs. */
  readonly module: string;
  readonly args: readonly string[];
  readonly count: number;
  /** A worker ended by itself. */
  readonly onEnd: (index: number, reason: string) => void;
  /** All workers said they are ready, each with what it sent. */
  readonly onReady: (messages: readonly unknown[]) => void;
}

/** Worker processes that share ports and pass questions about sessions to each other through this one. */
export interface Primary {
  close(): Promise<void>;
}

const PAUSE_MS = 500;
const END_MS = 10_000;

/** Starts the workers, and a new one in place of each that ends. */
export function startPrimary(options: PrimaryOptions): Primary {
  const { count } = options;
  const workers: (ChildProcess | null)[] = new Array<ChildProcess | null>(count).fill(null);
  const ready: unknown[] = new Array<unknown>(count);
  let closing = false;
  let announced = false;
  let started = false;

  const launch = (index: number) => {
    if (closing) return;
    const worker = fork(options.module, [...options.args], {
      serialization: "advanced",
      env: { ...process.env, TOLLDNS_WORKER: `${index}/${count}` },
    });
    workers[index] = worker;
    worker.on("message", (message: unknown) => {
      if (isSeatMessage(message)) return relay(message);
      const isFirst = !started;
      started = true;
      ready[index] = message;
      if (isFirst) for (let other = 1; other < count; other++) launch(other);
      if (announced || ready.filter((one) => one !== undefined).length < count) return;
      announced = true;
      options.onReady(ready);
    });
    worker.once("exit", (code, signal) => {
      if (workers[index] === worker) workers[index] = null;
      if (closing) return;
      options.onEnd(index, String(signal ?? code));
      setTimeout(() => launch(index), PAUSE_MS).unref();
    });
  };

  const relay = (message: {
    readonly seat: string;
    readonly from: number;
    readonly to: number;
    readonly id: number;
  }) => {
    const to = workers[message.to];
    if (to?.connected) return void to.send(message, () => {});
    if (message.seat !== "ask") return;
    workers[message.from]?.send(
      { seat: "answer", from: message.to, to: message.from, id: message.id, failed: true },
      () => {},
    );
  };

  // One first: it makes what all share, such as a development certificate and the tables of the store.
  launch(0);
  return {
    async close() {
      closing = true;
      await Promise.all(workers.map((worker) => (worker === null ? undefined : end(worker))));
    },
  };
}

async function end(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const gone = new Promise((resolve) => worker.once("exit", resolve));
  worker.kill("SIGTERM");
  const hard = setTimeout(() => worker.kill("SIGKILL"), END_MS);
  await gone;
  clearTimeout(hard);
}
