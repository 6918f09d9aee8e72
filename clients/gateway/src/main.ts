/**
 * Runs a gateway from a JSON file: `node main.ts gateway.json`. Prints one line of JSON with its addresses once it listens, and
 * ends cleanly on SIGTERM and SIGINT. Exit status 1 if it can't start.
 */
import { openConfig, readConfig } from "./config.ts";
import { gatewayError } from "./errors.ts";
import { startGateway } from "./start.ts";
import { startPrimary } from "./workers/primary.ts";
import { takeSeat, workerOptions } from "./workers/worker.ts";

const path = process.argv[2];

function announce(message: unknown): void {
  if (process.send === undefined) process.stdout.write(`${JSON.stringify(message)}\n`);
  else process.send(message);
}

function endOnSignal(close: () => Promise<void>): void {
  const end = () => void close().then(() => process.exit(0));
  process.once("SIGTERM", end);
  process.once("SIGINT", end);
  // A worker whose primary was killed has nobody to answer for it.
  process.once("disconnect", end);
}

async function run(): Promise<void> {
  if (path === undefined) throw gatewayError("config-unreadable", "usage: main.ts <config.json>");
  const config = readConfig(path);
  const count = config.workers ?? 1;
  const seat = takeSeat();
  if (count > 1 && seat === null) return primary(count);
  const { options, store } = await openConfig(config);
  const gateway = await startGateway(seat === null ? options : workerOptions(options, seat));
  announce({ addresses: gateway.addresses, pid: process.pid });
  endOnSignal(async () => {
    await gateway.close();
    await store?.close();
  });
}

function primary(count: number): void {
  const { listen } = readConfig(path as string);
  for (const name of ["udp", "tcp", "dot", "doh"] as const)
    if (listen[name] === 0) throw gatewayError("option-range", `listen.${name}: workers can't share port 0`);
  const workers = startPrimary({
    module: import.meta.filename,
    args: [path as string],
    count,
    onReady: (messages) => announce({ ...(messages[0] as object), pid: process.pid }),
    onEnd: (index, reason) =>
      process.stderr.write(`${JSON.stringify({ level: "error", event: "worker-ended", index, reason })}\n`),
  });
  endOnSignal(workers.close);
}

run().catch((error: unknown) => {
  const { message, hint } = error as { message?: string; hint?: string };
  process.stderr.write(`${message ?? String(error)}${hint === undefined ? "" : `\n${hint}`}\n`);
  process.exit(1);
});
