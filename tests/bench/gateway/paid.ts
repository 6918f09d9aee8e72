/**
 * Paid against unpaid, cached answers over DoT and DoH: `node tests/bench/gateway/paid.ts`. The gateway is a process of its own on
 * one core, the load on the other; figures are CPU of the gateway's process a query, and ratios of phases that take turns.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { startChain } from "@tolldns/chain";
import { buildQuery, createUpstream, encodeName, encodeOption, questionFor } from "@tolldns/dns";
import { EDNS_OPTION_TOLL, formatAddress, VOUCHER_PATH } from "@tolldns/sdk";
import { temporaryFolder } from "../../gateway/support/booths.ts";
import { enterBy } from "../../gateway/support/gateways.ts";
import { createPayer, newChain, type Payer, tickBytes, voucherBytes } from "../../gateway/support/payer.ts";
import { startProcess } from "../../gateway/support/process.ts";
import { alwaysA, startUpstream } from "../../gateway/support/upstream.ts";
import { buildWorld } from "../../keepers/world/world.ts";
import { dohPost, dohRequest, openDoh, openDot, type Stream } from "./load.ts";

const PRICE = 10n;
const QUERIES = Number(process.argv[2] ?? 40_000);
/** `doh8` measures that alone. */
const ONLY = process.argv[3];
const ROUNDS = 3;
const NAMES = 100;
const VOUCHER_EVERY = 4_000;
const K = 4_096;
/** Connections (each with a lane of its own) and answers outstanding on each: one busy forwarder, and many clients that wait. */
const SHAPES = [
  { connections: 1, window: 64 },
  { connections: 8, window: 4 },
] as const;
const LANES = 8;

const folder = temporaryFolder();
const chain = await startChain({ clock: { kind: "virtual", autoAdvance: true } });
const upstream = await startUpstream(alwaysA("192.0.2.7", 3600));
const world = await buildWorld(chain.rpcUrl, join(folder.path, "deployment"), {
  lanes: LANES,
  reserve: 1n << 45n,
});
const unlimited = {
  clientRate: 1e9,
  clientBurst: 1e9,
  freeRate: 1e9,
  laneRate: 1e9,
  laneBurst: 1e9,
  paymentRate: 1e9,
};
const gateway = await startProcess(folder.path, {
  listen: { udp: 0, tcp: 0, dot: 0, doh: 0 },
  certificate: { kind: "development", folder: join(folder.path, "certificate") },
  upstreams: [{ kind: "udp", host: "127.0.0.1", port: upstream.port }],
  log: { level: "error" },
  free: true,
  limits: unlimited,
  toll: {
    rpc: chain.rpcUrl,
    websocket: chain.wsUrl,
    store: `sqlite:${join(folder.path, "store.db")}`,
    ledger: formatAddress(world.ledger),
    escrow: formatAddress(world.deployment.escrow),
    genesis: formatAddress(world.deployment.genesisHash),
    terms: { tickPrice: PRICE.toString(), k: K, t: 3600, maxUnits: 1 << 22 },
  },
});
const ca = readFileSync(join(folder.path, "certificate", "ca.pem"), "utf8");
if (availableParallelism() > 1) {
  execFileSync("taskset", ["-acp", "0", String(gateway.pid)], { stdio: "ignore" });
  execFileSync("taskset", ["-acp", "1", String(process.pid)], { stdio: "ignore" });
}

/** Seconds of CPU the gateway has used, all its threads. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

const names = Array.from({ length: NAMES }, (_, i) => encodeName(`host${i}.bench.example`));
const warm = createUpstream({
  protocol: "tcp",
  address: "127.0.0.1",
  port: gateway.addresses.tcp?.port as number,
});
for (let i = 0; i < NAMES; i++) await warm.ask(questionFor(`host${i}.bench.example`, 1));

/** A new session of the lane with enough units for one phase. */
async function session(lane: number, payer: Payer | null, at: number, units: number): Promise<Payer> {
  const next = payer ?? {
    ...createPayer({ ledger: world.ledger, lane, price: PRICE }),
    signer: world.sessionKey(lane),
  };
  next.chain = newChain(units);
  await enterBy(warm, next, at);
  return next;
}

const prefixed = (message: Uint8Array) =>
  Buffer.concat([Buffer.from([message.length >> 8, message.length & 255]), message]);
const queryOf = (i: number, options?: Uint8Array) =>
  buildQuery({ id: i & 0xffff, name: names[i % NAMES] as Uint8Array, type: 1, options });
const option = (bytes: Uint8Array) => encodeOption(EDNS_OPTION_TOLL, bytes);

function streams(payer: Payer | null, kind: "dot" | "doh", queries: number): Stream {
  const chunks: Uint8Array[] = [];
  const base = payer?.acknowledged ?? 0n;
  let stream = 1;
  for (let i = 0; i < queries; i++) {
    const tick = payer === null ? undefined : tickBytes(payer, i + 1);
    if (kind === "dot") chunks.push(prefixed(queryOf(i, tick === undefined ? undefined : option(tick))));
    else {
      chunks.push(dohRequest(stream, queryOf(i % NAMES), tick));
      stream += 2;
    }
    if (payer === null || (i + 1) % VOUCHER_EVERY !== 0) continue;
    payer.acknowledged = base + BigInt(i + 1) * PRICE;
    const voucher = voucherBytes(payer, Date.now() / 1000, payer.acknowledged);
    if (kind === "dot") {
      const ask = buildQuery({
        name: encodeName("toll.tolldns"),
        type: 16,
        class: 3,
        options: option(voucher),
      });
      chunks.push(prefixed(ask));
    } else {
      chunks.push(dohPost(stream, VOUCHER_PATH, voucher));
      stream += 2;
    }
  }
  // What the last voucher left open, the next opening pays.
  if (payer !== null) payer.acknowledged = base + BigInt(queries) * PRICE;
  return { chunks, answers: chunks.length };
}

type Phase = "unpaid" | "paid";
const payers: (Payer | null)[] = new Array<Payer | null>(LANES).fill(null);
let clock = Date.now() / 1000 - 200;

/** One phase: microseconds of CPU a query and thousand queries a second. */
async function measure(kind: "dot" | "doh", phase: Phase, shape: (typeof SHAPES)[number]) {
  const each = Math.floor(QUERIES / shape.connections);
  const port = gateway.addresses[kind]?.port as number;
  // Openings must be later than the one before on their lane.
  if (phase === "paid") {
    clock = Math.max(clock + 1, Date.now() / 1000 - 200);
    for (let lane = 0; lane < shape.connections; lane++)
      payers[lane] = await session(lane, payers[lane] ?? null, clock, each);
  }
  const loads = Array.from({ length: shape.connections }, (_, lane) =>
    streams(phase === "paid" ? (payers[lane] as Payer) : null, kind, each),
  );
  const connections = await Promise.all(
    loads.map(() => (kind === "dot" ? openDot(port, ca) : openDoh(port, ca))),
  );
  const before = cpuOf(gateway.pid);
  const started = performance.now();
  await Promise.all(connections.map((one, i) => one.run(loads[i] as Stream, shape.window)));
  const seconds = (performance.now() - started) / 1000;
  const used = cpuOf(gateway.pid) - before;
  for (const one of connections) {
    if (one.refused() > 0) throw new Error(`${kind} ${phase}: ${one.refused()} answers were no answers`);
    one.close();
  }
  return { cpu: (used / QUERIES) * 1e6, rate: QUERIES / seconds / 1000 };
}

console.log(
  `${QUERIES} queries a phase, ${ROUNDS} rounds in turn, a voucher every ${VOUCHER_EVERY} on each lane`,
);
for (const kind of ["dot", "doh"] as const) {
  for (const shape of SHAPES) {
    if (ONLY !== undefined && ONLY !== `${kind}${shape.connections}`) continue;
    const seen: Record<Phase, { cpu: number; rate: number }[]> = { unpaid: [], paid: [] };
    for (let round = 0; round <= ROUNDS; round++)
      for (const phase of ["unpaid", "paid"] as const) {
        const result = await measure(kind, phase, shape);
        // The first round warms up.
        if (round > 0) seen[phase].push(result);
      }
    const what = `${kind}, ${shape.connections} x ${shape.window} outstanding`;
    const all = (phase: Phase, field: "cpu" | "rate") =>
      seen[phase].map((one) => one[field]).sort((a, b) => a - b);
    const range = (values: number[]) => `${values[0]?.toFixed(1)}-${values.at(-1)?.toFixed(1)}`;
    const median = (values: number[]) => values[values.length >> 1] as number;
    for (const phase of ["unpaid", "paid"] as const)
      console.log(
        `${what}  ${phase.padEnd(6)} ${range(all(phase, "rate")).padStart(13)} k q/s ${range(all(phase, "cpu")).padStart(10)} us CPU a query`,
      );
    console.log(
      `${what}  paid / unpaid: ${(median(all("paid", "rate")) / median(all("unpaid", "rate"))).toFixed(2)} of the rate, ${(median(all("unpaid", "cpu")) / median(all("paid", "cpu"))).toFixed(2)} by CPU`,
    );
  }
}
await warm.close();
await gateway.end();
await upstream.close();
await chain.close();
folder.remove();
process.exit(0);
