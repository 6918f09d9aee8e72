/**
 * The same failing upstreams, asked at the same time through an edge and its gateways, AdGuard dnsproxy, dnsdist and Unbound:
 * `node tests/bench/outage/compare.ts [--write] [scenario ...]`; `--write` puts the table into docs/reference/outages.md. Each is asked by dnsperf, for success and p99 while the fault lasts, and by
 * the lab's own user, who knows what the answers should be. All of them share the machine, and each fault befalls all at once.
 *
 * BENCH_RATE (40) questions a second, to each by each; BENCH_SECONDS (10) of fault.
 */
import { loadavg } from "node:os";
import { join } from "node:path";
import { FATES } from "../../lab/measure/asked.ts";
import { whereMeasured, writeBlock } from "../../lab/measure/page.ts";
import type { Place } from "../../lab/places/place.ts";
import { act } from "../../lab/scenario/act.ts";
import { readScenarios } from "../../lab/scenario/read.ts";
import type { Scenario } from "../../lab/scenario/scenario.ts";
import { BACKENDS, HOME } from "../../lab/world/plan.ts";
import { type LabUser, startLabUser } from "../../lab/world/user.ts";
import { startWorld, type World } from "../../lab/world/world.ts";
import { type Perf, perf, writeQueries } from "./dnsperf.ts";
import { type Peer, startPeers } from "./peers.ts";

const RATE = Number(process.env.BENCH_RATE ?? 40);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 10);
const CALM_SECONDS = 4;
/** After the mending, so that everybody is well again before the next fault: own trials of most pause for some seconds. */
const HEALED_SECONDS = 15;
/** With equal transports the nearest backend is the first choice of all. */
const PREFERRED = { gateway: "g1", backend: "a" };
const SCENARIOS = ["kill", "freeze", "slow", "lose", "servfail", "lie", "truncate"];

interface Line {
  readonly peer: string;
  readonly perf: Perf;
  readonly right: number;
  readonly wrong: number;
  readonly missing: number;
}

const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1_000));

async function playAll(world: World, scenario: Scenario, peers: readonly Peer[], users: readonly LabUser[]) {
  const place = world.places.get(HOME) as Place;
  const [fault, healed] = ["fault", "healed"].map(
    (name) => scenario.phases.find(({ phase }) => phase === name)?.do ?? [],
  );
  const queries = join(world.folder, "queries");
  await Promise.all(users.map((user) => user.start(RATE)));
  await pause(CALM_SECONDS);
  const perfs = peers.map(({ address }) => perf(place, address, queries, RATE, SECONDS));
  for (const action of fault ?? []) await act(world, action, PREFERRED);
  const from = Date.now();
  const measured = await Promise.all(perfs);
  const to = Date.now();
  for (const action of healed ?? []) await act(world, action, PREFERRED);
  const asked = await Promise.all(users.map((user) => user.stop()));
  await pause(HEALED_SECONDS);
  return peers.map(({ name }, i): Line => {
    const { at, fate } = asked[i] as (typeof asked)[number];
    const count = (wanted: string) =>
      fate.filter((one, k) => FATES[one] === wanted && (at[k] as number) >= from && (at[k] as number) < to)
        .length;
    const missing = count("lost") + count("failed");
    return { peer: name, perf: measured[i] as Perf, right: count("right"), wrong: count("wrong"), missing };
  });
}

const HEAD = ["", "answered %", "failed/lost", "p50 ms", "p99 ms", "right %", "wrong"];

function cellsOf(lines: readonly Line[]): string[][] {
  const share = (part: number, whole: number) => (whole === 0 ? "-" : ((part / whole) * 100).toFixed(2));
  return lines.map(
    ({ peer, perf: { sent, answered, failed, lost, p50Ms, p99Ms }, right, wrong, missing }) => [
      peer,
      share(answered, sent),
      `${failed}/${lost}`,
      p50Ms.toFixed(0),
      p99Ms.toFixed(0),
      share(right, right + wrong + missing),
      String(wrong),
    ],
  );
}

function print(scenario: Scenario, cells: readonly string[][]): void {
  console.log(`\n${scenario.name}: ${scenario.about}`);
  const rows = [HEAD, ...cells];
  const widths = HEAD.map((_, i) => Math.max(...rows.map((row) => (row[i] as string).length)));
  const pad = (cell: string, i: number) => cell[i === 0 ? "padEnd" : "padStart"](widths[i] as number);
  for (const row of rows) console.log(`  ${row.map(pad).join("  ")}`);
}

const write = process.argv.includes("--write");
const names = process.argv.slice(2).filter((one) => one !== "--write");
const scenarios = readScenarios(names.length === 0 ? SCENARIOS : names);
const world = await startWorld({
  plain: false,
  seed: 1,
  confirm: true,
  verifiers: false,
  // Peers forward over UDP, so ours does too.
  backends: BACKENDS.map((plan) => ({ ...plan, transport: "udp" })),
  log: () => {},
});
const users: LabUser[] = [];
let peers: Peer[] = [];
try {
  const place = world.places.get(HOME) as Place;
  peers = await startPeers(world, place);
  for (const { address } of peers) users.push(await startLabUser(place, address));
  writeQueries(join(world.folder, "queries"), 3_003_000, 6_000);
  console.log(
    `${RATE} questions a second to each by dnsperf and by the lab's user, ${SECONDS} s of fault; ${world.kind}`,
  );
  console.log("answered, p50, p99: dnsperf; right, wrong: the lab's user, who knows the zones");
  const table: string[][] = [];
  for (const scenario of scenarios) {
    const cells = cellsOf(await playAll(world, scenario, peers, users));
    print(scenario, cells);
    const load = loadavg()[0]?.toFixed(0) ?? "";
    table.push(...cells.map((row, i) => [i === 0 ? scenario.name : "", ...row, load]));
  }
  if (write) {
    const head = ["scenario", "asked through", ...HEAD.slice(1), "load"];
    const lines = [head, head.map(() => "---"), ...table].map((row) => `| ${row.join(" | ")} |`);
    const where = whereMeasured(
      `${RATE} questions a second to each by dnsperf and by the user, ${SECONDS} s of fault`,
    );
    writeBlock("peers", `${where}\n\n${lines.join("\n")}`);
  }
} finally {
  await Promise.all(users.map((user) => user.end()));
  await Promise.all(peers.map(({ child }) => child?.end()));
  await world.close();
}
