import { checkDecisionLog } from "@tolldns/policy";
import { expect } from "chai";
import { onChainOf } from "./measure/on-chain.ts";
import { hastySwitches, resultOf } from "./measure/result.ts";
import { targetOf } from "./measure/target.ts";
import { play, type Run } from "./scenario/play.ts";
import { readScenarios } from "./scenario/read.ts";
import type { Scenario } from "./scenario/scenario.ts";
import { startWorld, type World, type WorldOptions } from "./world/world.ts";

/** Few enough for a machine that does much else. */
const RATE = 40;
const DWELL = 3;

/** The scenario of a file, with shorter phases. */
function short(name: string, fault: number): Scenario {
  const [scenario] = readScenarios([name]) as [Scenario];
  const seconds = { calm: 1, fault, healed: 3 };
  return { ...scenario, phases: scenario.phases.map((one) => ({ ...one, seconds: seconds[one.phase] })) };
}

/** Times depend on the machine and are not asserted here: `npm run lab` measures them. */
function checkRun(world: World, run: Run): void {
  const result = resultOf(run, targetOf(world, run), onChainOf(world, run));
  expect(result.wrong, "wrong answers").to.deep.equal([]);
  expect(result.all.wrong).to.equal(0);
  expect(result.recoverMs, "never back to normal").to.not.equal(null);
  expect(result.during.right, "nothing was answered").to.be.greaterThan(0);
  for (const [who, lines] of run.decisions)
    expect(hastySwitches(lines, DWELL), `${who} switched by choice twice in a dwell`).to.deep.equal([]);
}

async function checkLogs(world: World): Promise<void> {
  const folders = [...[...world.gateways.values()].map((one) => one.decisions), world.edge.decisions];
  for (const folder of folders) {
    const { ok, fault, lines } = await checkDecisionLog(folder);
    expect(ok, JSON.stringify(fault)).to.equal(true);
    expect(lines).to.be.greaterThan(0);
  }
}

function inWorld(
  options: Pick<WorldOptions, "plain" | "verifiers">,
  tests: (world: () => World) => void,
): void {
  let world: World | undefined;
  before(async function () {
    this.timeout(300_000);
    world = await startWorld({ ...options, seed: 1, confirm: true, dwell: DWELL, log: () => {} });
  });
  after(async function () {
    this.timeout(60_000);
    await world?.close();
  });
  tests(() => world as World);
  it("leaves logs of decisions that are whole", () => checkLogs(world as World));
}

describe("outages", function () {
  // Longer than a run may take to be well before and after.
  this.timeout(330_000);

  describe("of backends and of the chain, as plain processes", () => {
    inWorld({ plain: true, verifiers: false }, (world) => {
      for (const name of ["kill", "freeze"])
        it(`${name}: gives no wrong answer, is written down and is over by itself`, async () => {
          const run = await play(world(), short(name, 5), { rate: RATE, log: () => {} });
          checkRun(world(), run);
          const target = targetOf(world(), run);
          const lines = run.decisions.get(`gateway ${run.preferred.gateway}`) ?? [];
          const about = lines.filter(({ at, subject }) => subject === target && at * 1_000 >= run.faultAt);
          expect(about.map(({ kind }) => kind)).to.include.members(["eject", "return"]);
        });

      for (const name of ["lie", "rpc-down"])
        it(`${name}: gives no wrong answer and is over by itself`, async () => {
          checkRun(world(), await play(world(), short(name, 5), { rate: RATE, log: () => {} }));
        });
    });
  });

  describe("of verifiers, in namespaces where they can be had", () => {
    inWorld({ plain: false, verifiers: true }, (world) => {
      it("colluders-quorum: moves the chain exactly as told, and no answer suffers", async () => {
        const run = await play(world(), short("colluders-quorum", 36), { rate: RATE / 4, log: () => {} });
        checkRun(world(), run);
        const { preferred } = run;
        const moved = onChainOf(world(), run)?.transitions.map(({ target, from, to }) => [target, from, to]);
        expect(moved).to.deep.equal([
          [preferred.backend, "HEALTHY", "DEGRADED"],
          [preferred.backend, "DEGRADED", "DISABLED"],
          [preferred.backend, "DISABLED", "RECOVERING"],
          [preferred.backend, "RECOVERING", "HEALTHY"],
        ]);
      });
    });
  });
});
