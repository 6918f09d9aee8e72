/**
 * The outage lab: `npm run lab [-- scenario ...]`. Builds a world, breaks it in every way the scenarios say, and prints what users,
 * logs and the chain saw. See docs/reference/outages.md.
 */
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { onChainOf } from "./measure/on-chain.ts";
import { whereMeasured, writeRows } from "./measure/page.ts";
import { type Result, resultOf } from "./measure/result.ts";
import { markdownTable, printTable, rowOf } from "./measure/table.ts";
import { targetOf } from "./measure/target.ts";
import { play, type Run } from "./scenario/play.ts";
import { readScenarios, ScenarioError } from "./scenario/read.ts";
import type { Scenario } from "./scenario/scenario.ts";
import { startWorld, type World } from "./world/world.ts";

const HELP = `usage: npm run lab [-- options] [scenario ...]

Plays outages in a small network of its own and measures what comes of them. Without names: all scenarios.

  --list           what there is, and end
  --repeat N       play each N times (default 1); times are then p50 / p95
  --rate N         questions a second (default 100)
  --plain          processes on 127.0.0.0/8 instead of network namespaces, which are taken where they can be had
  --no-confirm     gateways believe a single backend, as they do by default
  --no-verifiers   without verifiers and policy program
  --write          put the rows into docs/reference/outages.md
  --keep           leave the folder with logs, decisions and stores
  --seed N         of what is left to chance (default 1)
  --json           one line of JSON a run on standard output; progress goes to standard error
  --help

Columns: detect, switch: from the fault to the lines of the decision log. trouble: from the fault to the last question without a right
answer within a second. recover: from the mending to all being as before. Seconds, p50 / p95.

Exit status 1 if an aim was missed.
`;

const WARM_SECONDS = 20;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: "boolean", default: false },
    repeat: { type: "string", default: "1" },
    rate: { type: "string", default: "100" },
    plain: { type: "boolean", default: false },
    "no-confirm": { type: "boolean", default: false },
    "no-verifiers": { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    keep: { type: "boolean", default: false },
    seed: { type: "string", default: "1" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

function whole(name: "repeat" | "rate" | "seed", most: number): number {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  process.stderr.write(`--${name} takes a whole number from 1 to ${most}\n`);
  process.exit(2);
}

const say = (line: string) => void (values.json ? process.stderr : process.stdout).write(`${line}\n`);

async function main(): Promise<void> {
  const scenarios = readScenarios(positionals);
  if (values.list) {
    for (const { name, about } of scenarios) say(`${name.padEnd(18)} ${about}`);
    return;
  }
  const [repeat, rate, seed] = [whole("repeat", 100), whole("rate", 1_000), whole("seed", 2 ** 31)];
  say(`${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}; ${rate} questions a second; seed ${seed}`);
  const confirm = !values["no-confirm"];
  const world = await startWorld({
    plain: values.plain,
    seed,
    confirm,
    verifiers: !values["no-verifiers"],
    keep: values.keep,
    log: (line) => say(`  ${line}`),
  });
  if (values.keep) say(`  kept in ${world.folder}`);
  const results: Result[] = [];
  try {
    // An edge that has just begun trusts nobody with more than a tick; one at work has some credit to lose.
    say(`  ${WARM_SECONDS} s of questions first`);
    await world.user.start(rate);
    await new Promise((resolve) => setTimeout(resolve, WARM_SECONDS * 1_000));
    await world.user.stop();
    for (const scenario of scenarios) {
      if (scenario.needs?.includes("verifiers") === true && world.policy === null) {
        say(`${scenario.name}: needs verifiers, left out`);
        continue;
      }
      if (scenario.needs?.includes("namespaces") === true && world.kind !== "namespaces") {
        say(`${scenario.name}: needs namespaces, left out`);
        continue;
      }
      for (let n = 1; n <= repeat; n++) {
        say(`${scenario.name}${repeat > 1 ? ` ${n}/${repeat}` : ""}: ${scenario.about}`);
        const run = await attempt(world, scenario, rate);
        if (run === null) continue;
        const result = resultOf(run, targetOf(world, run), onChainOf(world, run));
        results.push(result);
        if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
        if (values.write) {
          const where = whereMeasured(`${world.kind}, ${rate} questions a second, seed ${seed}`);
          writeRows(confirm ? "lab" : "lab-no-confirm", where, markdownTable(rowsOf(results)));
        }
        for (const missed of result.missed) say(`  missed: ${missed}`);
        for (const [reason, n] of Object.entries(result.reasons)) say(`  failed: ${n} x ${reason}`);
        for (const wrong of result.wrong) say(`  wrong: ${wrong}`);
      }
    }
  } finally {
    await world.close();
  }
  const rows = rowsOf(results);
  say(`\n${printTable(rows)}`);
  if (results.some(({ missed }) => missed.length > 0)) process.exitCode = 1;
}

const rowsOf = (results: readonly Result[]) =>
  [...Map.groupBy(results, ({ name }) => name).values()].map(rowOf);

/** Null, and said, if the world was not well to begin with: what came before it may still go on. */
async function attempt(world: World, scenario: Scenario, rate: number): Promise<Run | null> {
  try {
    return await play(world, scenario, { rate, log: (line) => say(`  ${line}`) });
  } catch (error) {
    say(`  not played: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
    return null;
  }
}

if (values.help) process.stdout.write(HELP);
else
  await main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof ScenarioError ? error.message : (error as Error).stack}\n`);
    process.exitCode = error instanceof ScenarioError ? 2 : 1;
  });
