#!/usr/bin/env node
import { parseArgs } from "node:util";
import { startChain } from "./chain.ts";
import type { ChainClock, ChainOptions } from "./types.ts";

const HELP = `tolldns-chain: the embedded chain as a process of its own

  --data-dir FOLDER     keep the chain here (default: in memory)
  --host ADDRESS        default 127.0.0.1
  --port PORT           RPC port, WebSocket on the next one (default 0: any free pair)
  --slot-ms MS          length of a slot (default 400)
  --virtual             slots advance only when told (see --control)
  --auto-advance        with --virtual: every transaction ends its slot
  --start-at SECONDS    with --virtual: Unix time of the first slot
  --confirmed-lag N     slots (default 1)
  --finalized-lag N     slots (default 32)
  --slots-per-epoch N   default 432000
  --snapshot-every N    records between snapshots (default 2048)
  --seed TEXT           repeatable genesis
  --control             serve the tolldns_ methods: clock and faults, for tests only

Prints one line of JSON when it is ready: rpcUrl, wsUrl, genesisHash, identity. Ends on SIGINT or SIGTERM.
`;

const { values } = parseArgs({
  options: {
    "data-dir": { type: "string" },
    host: { type: "string" },
    port: { type: "string" },
    "slot-ms": { type: "string" },
    virtual: { type: "boolean" },
    "auto-advance": { type: "boolean" },
    "start-at": { type: "string" },
    "confirmed-lag": { type: "string" },
    "finalized-lag": { type: "string" },
    "slots-per-epoch": { type: "string" },
    "snapshot-every": { type: "string" },
    seed: { type: "string" },
    control: { type: "boolean" },
    help: { type: "boolean" },
  },
});

function numberOf(
  name:
    | "port"
    | "slot-ms"
    | "start-at"
    | "confirmed-lag"
    | "finalized-lag"
    | "slots-per-epoch"
    | "snapshot-every",
): number | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new TypeError(`--${name} takes a whole number`);
  return value;
}

function clockOf(): ChainClock {
  if (values.virtual !== true) return { kind: "real" };
  const startAt = numberOf("start-at");
  const clock: ChainClock = { kind: "virtual", autoAdvance: values["auto-advance"] === true };
  return startAt === undefined ? clock : { ...clock, startAt };
}

/** Leaves out what was not given. */
function given<T extends object>(options: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

async function main(): Promise<void> {
  if (values.help === true) {
    process.stdout.write(HELP);
    return;
  }
  const chain = await startChain(
    given<ChainOptions>({
      dataDir: values["data-dir"],
      host: values.host,
      port: numberOf("port"),
      clock: clockOf(),
      slotMs: numberOf("slot-ms"),
      confirmedLag: numberOf("confirmed-lag"),
      finalizedLag: numberOf("finalized-lag"),
      slotsPerEpoch: numberOf("slots-per-epoch"),
      snapshotEvery: numberOf("snapshot-every"),
      seed: values.seed,
      control: values.control,
      log: (line) => process.stderr.write(`${line}\n`),
    } as { [K in keyof ChainOptions]: ChainOptions[K] | undefined }),
  );
  const { rpcUrl, wsUrl, genesisHash, identity } = chain;
  process.stdout.write(`${JSON.stringify({ rpcUrl, wsUrl, genesisHash, identity })}\n`);
  const stop = (): void => void chain.close().then(() => process.exit(0));
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

await main();
