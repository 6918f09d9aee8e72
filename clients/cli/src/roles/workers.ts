import { fileURLToPath } from "node:url";
import { startPrimary } from "@tolldns/gateway";
import { CliError } from "../errors.ts";
import type { GatewaySettings } from "./gateway.ts";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));

/** What a worker tells the process that started it, once it listens. */
export interface WorkerReady {
  readonly pid: number;
  readonly addresses: Readonly<Record<string, { readonly host: string; readonly port: number }>>;
  /** Base58, or null if nothing is charged. */
  readonly ledger: string | null;
  /** PEM of the development authority, or null. */
  readonly authority: string | null;
}

/**
 * Runs this command line again in `settings.workers` processes that share the ports; one that ends later is started anew.
 * @throws CliError option-invalid for a port of 0, role-failed if one ends before all listen
 */
export async function startWorkers(
  settings: GatewaySettings,
): Promise<{ readonly workers: readonly WorkerReady[]; close(): Promise<void> }> {
  const { udpPort, dotPort, dohPort, workers: count } = settings;
  if ([udpPort, dotPort, dohPort].includes(0))
    throw new CliError(
      "option-invalid",
      "workers can't share a port that is yet to be found",
      "Give udp_port, dot_port and doh_port numbers above 0, or leave workers at 1.",
    );
  const { promise, resolve, reject } = Promise.withResolvers<readonly WorkerReady[]>();
  const primary = startPrimary({
    module: MAIN,
    args: process.argv.slice(2),
    count,
    onReady: (messages) => resolve(messages as readonly WorkerReady[]),
    onEnd(index, reason) {
      process.stderr.write(`${JSON.stringify({ level: "error", event: "worker-ended", index, reason })}\n`);
      reject(
        new CliError("role-failed", `worker ${index} did not start (${reason})`, "What it said is above."),
      );
    },
  });
  try {
    return { workers: await promise, close: () => primary.close() };
  } catch (error) {
    await primary.close();
    throw error;
  }
}

const end = () => process.kill(process.pid, "SIGTERM");

/** Tells the primary that this worker listens, and ends the worker when the primary is gone. */
export function reportAsWorker(ready: WorkerReady): void {
  process.once("disconnect", end);
  process.send?.(ready);
}

/** Lets go of the primary, which would keep this process alive. */
export function leavePrimary(): void {
  process.removeListener("disconnect", end);
  if (process.connected) process.disconnect();
}
