/**
 * What routing costs, and what it saves. First: questions nobody asked before, through a gateway, dnsdist and Unbound that forward
 * to the same two Knot DNS servers, by dnsperf: rates and CPU time a question. Then: how long until the router has left a backend
 * that went silent, went wrong or was killed, and what its questions waited meanwhile, beside what they usually wait.
 *
 * BENCH_SECONDS (3) a run, BENCH_ROUNDS (3), BENCH_FAILURES (8) of each kind.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { run, stop } from "../../dns/support/processes.ts";
import { type Fault, startFaulty } from "../../gateway/support/faulty.ts";
import { startProcess } from "../../gateway/support/process.ts";
import { freePort, type Resolver, startResolver, ZONE } from "../../gateway/support/resolvers.ts";
import { load, open, pause } from "../../gateway/support/stand-in.ts";
import { loadByDnsperf, type Measured } from "../dns/load.ts";

const seconds = Number(process.env.BENCH_SECONDS ?? 3);
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
const failures = Number(process.env.BENCH_FAILURES ?? 8);
const SERVER_CORE = 0;
const LOAD_CORE = cpus().length > 1 ? 1 : 0;
/** Names of a run: more than any of them answers in it. */
const NAMES = 400_000;
const UNLIMITED = 1e9;

interface Server {
  readonly name: string;
  readonly pid: number;
  readonly port: number;
  close(): Promise<unknown>;
}

const sorted = (values: readonly number[]) => [...values].sort((a, b) => a - b);
const at = (values: readonly number[], share: number) =>
  sorted(values)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;

async function startOurs(dir: string, resolvers: readonly Resolver[]): Promise<Server> {
  const limits = {
    clientRate: UNLIMITED,
    clientBurst: UNLIMITED,
    freeRate: UNLIMITED,
    responseRate: UNLIMITED,
  };
  const started = await startProcess(dir, {
    listen: { udp: 0 },
    upstreams: resolvers.map(({ port }) => ({ kind: "udp", host: "127.0.0.1", port })),
    limits: { ...limits, maxInFlight: 65_536, maxInFlightPerClient: 65_536 },
    log: { level: "error" },
  });
  await run("taskset", ["-a", "-c", "-p", String(SERVER_CORE), String(started.pid)]);
  return {
    name: "tolldns",
    pid: started.pid,
    port: started.addresses.udp?.port as number,
    close: started.end,
  };
}

async function startPeer(
  name: string,
  dir: string,
  command: (file: string) => readonly string[],
  config: (port: number) => string,
): Promise<Server | null> {
  const port = await freePort();
  const file = join(dir, `${name}.conf`);
  writeFileSync(file, config(port));
  const child: ChildProcess = spawn("taskset", ["-c", String(SERVER_CORE), ...command(file)], {
    stdio: "ignore",
  });
  for (let tries = 0; tries < 40; tries++) {
    const args = ["@127.0.0.1", "-p", String(port), "+tries=1", "+time=1", "+short", `ready.${ZONE}`];
    if ((await run("dig", args)).stdout.includes("192.0.2."))
      return { name, pid: child.pid as number, port, close: () => stop(child) };
    await pause(250);
  }
  await stop(child);
  console.log(`${name}: did not start, left out`);
  return null;
}

const dnsdist = (resolvers: readonly Resolver[]) => (port: number) =>
  `setLocal("127.0.0.1:${port}")
${resolvers.map((one) => `newServer({address="127.0.0.1:${one.port}", checkName="ready.${ZONE}."})`).join("\n")}
setServerPolicy(firstAvailable)
getPool(""):setCache(newPacketCache(1000000))
setSecurityPollSuffix("")
`;

const unbound = (dir: string, resolvers: readonly Resolver[]) => (port: number) =>
  `server:
  interface: 127.0.0.1@${port}
  username: ""
  chroot: ""
  directory: "${dir}"
  pidfile: ""
  use-syslog: no
  do-daemonize: no
  num-threads: 1
  module-config: "iterator"
  do-not-query-localhost: no
  outgoing-range: 4096
  num-queries-per-thread: 4096
  msg-cache-size: 64m
  rrset-cache-size: 64m
forward-zone:
  name: "."
${resolvers.map((one) => `  forward-addr: 127.0.0.1@${one.port}`).join("\n")}
remote-control:
  control-enable: no
`;

async function compareMisses(dir: string): Promise<void> {
  const resolvers = await Promise.all([startResolver("knot"), startResolver("knot")]);
  const servers: Server[] = [];
  try {
    const ours = await startOurs(dir, resolvers);
    servers.push(ours);
    for (const peer of [
      await startPeer(
        "dnsdist",
        dir,
        (file) => ["dnsdist", "--supervised", "--disable-syslog", "-C", file],
        dnsdist(resolvers),
      ),
      await startPeer("unbound", dir, (file) => ["unbound", "-d", "-c", file], unbound(dir, resolvers)),
    ])
      if (peer !== null) servers.push(peer);
    const results = new Map<string, Measured[]>(servers.map(({ name }) => [name, []]));
    for (let round = 0; round < rounds; round++) {
      for (const { name, pid, port } of servers) {
        const queries = join(dir, "queries");
        const lines = Array.from({ length: NAMES }, (_, i) => `r${round}x${i}.${ZONE} A\n`);
        writeFileSync(queries, lines.join(""));
        results
          .get(name)
          ?.push(await loadByDnsperf("udp", pid, port, { seconds, core: LOAD_CORE, queries, shim: "" }));
      }
    }
    console.log(
      `Questions nobody asked before, over UDP, to two Knot DNS; ${rounds} rounds of ${seconds} s, medians`,
    );
    const rateOf = (name: string) =>
      at(
        (results.get(name) ?? []).map(({ rate }) => rate),
        0.5,
      );
    for (const [name, runs] of results) {
      const cpu = at(
        runs.map(({ cpuMicros }) => cpuMicros),
        0.5,
      );
      const lost = runs.reduce((sum, one) => sum + one.lost, 0);
      const ratio =
        name === ours.name ? "" : `   tolldns is ${(rateOf(ours.name) / rateOf(name)).toFixed(2)}x`;
      console.log(
        `  ${name.padEnd(8)} ${(rateOf(name) / 1000).toFixed(1).padStart(6)} k q/s  ${cpu.toFixed(1).padStart(6)} us CPU a question${lost > 0 ? `  ${lost} lost` : ""}${ratio}`,
      );
    }
  } finally {
    await Promise.all(servers.map((one) => one.close()));
    await Promise.all(resolvers.map((one) => one.close()));
  }
}

/** One failure of the backend in use, under a steady load of a question each ten milliseconds. */
async function failOnce(ports: readonly number[], fail: (place: number) => Promise<void>) {
  const backends = open({ upstreams: ports.map((port) => ({ kind: "udp", host: "127.0.0.1", port })) });
  try {
    const before = await load(backends, (said) => said.length >= 150);
    const place = ports.findIndex((port) => backends.router().choice?.endsWith(`:${port}`));
    const started = performance.now();
    await fail(place);
    let left = Number.NaN;
    const said = await load(
      backends,
      () => {
        if (Number.isNaN(left) && backends.router().ejections > 0) left = performance.now() - started;
        return performance.now() - started > 3_000;
      },
      { mostMs: 10_000 },
    );
    return { before, said, left };
  } finally {
    await backends.close();
  }
}

async function timeFailures(): Promise<void> {
  console.log(`\nOne of three backends fails, 100 questions a second, ${failures} times each`);
  const kinds: readonly (Fault | "kill")[] = ["lose", "servfail", "refuse", "slow", "kill"];
  for (const kind of kinds) {
    const lefts: number[] = [];
    const waits: number[] = [];
    const usual: number[] = [];
    let lost = 0;
    for (let i = 0; i < failures; i++) {
      const resolvers = await Promise.all([
        startResolver("knot"),
        startResolver("knot"),
        startResolver("knot"),
      ]);
      const relays = await Promise.all(resolvers.map((one) => startFaulty(one)));
      // Killed ones are asked without a relay, which would still be there.
      const ports = kind === "kill" ? resolvers.map(({ port }) => port) : relays.map(({ port }) => port);
      const { before, said, left } = await failOnce(ports, async (place) => {
        if (kind === "kill") await resolvers[place]?.kill();
        else relays[place]?.fail(kind);
      });
      lefts.push(left);
      usual.push(...before.map(({ ms }) => ms));
      waits.push(...said.map(({ ms }) => ms));
      lost += said.filter(({ rcode }) => rcode !== 0).length;
      await Promise.all([...relays, ...resolvers].map((one) => one.close()));
    }
    const show = (value: number) => value.toFixed(value < 10 ? 1 : 0).padStart(5);
    console.log(
      `  ${kind.padEnd(9)} left after ${show(at(lefts, 0.5))} ms (p95 ${show(at(lefts, 0.95))}); ${lost} of ${waits.length} lost; waits p50 ${show(at(waits, 0.5))} ms, p99 ${show(at(waits, 0.99))} ms, longest ${show(at(waits, 1))} ms, usually p99 ${show(at(usual, 0.99))} ms: ${(at(waits, 0.99) / at(usual, 0.99)).toFixed(1)}x`,
    );
  }
}

const dir = mkdtempSync(join(tmpdir(), "tolldns-bench-"));
try {
  await compareMisses(dir);
  await timeFailures();
} finally {
  rmSync(dir, { recursive: true, force: true });
}
