import { expect } from "chai";
import { checkDemonstration, describeDemonstration } from "./support/check.ts";
import { runDemonstration } from "./support/demonstration.ts";

const SEED = Number(process.env.TEST_SEED ?? (Date.now() % 1_000_000) + 1);

describe(`twenty witnesses, three keepers, two gateways (seed ${SEED})`, () => {
  it("make 1 000 names' routes final while members crash, vote twice, lie, withhold, go and come back, and a gateway lies", async function () {
    this.timeout(1_400_000);
    const report = await runDemonstration({
      seed: SEED,
      honest: 11,
      twoFaced: 2,
      liars: 2,
      silent: 1,
      cartel: 4,
      keepers: 3,
      names: 1_000,
      rounds: 4,
      changes: 120,
      epochLength: 24,
      window: 6,
      slotMs: 200,
      blowMs: 3_000,
      say: (line) => console.log(`      ${line}`),
    });
    console.log(describeDemonstration(report));
    checkDemonstration(report);
    for (const kind of ["witness killed", "witness away", "keeper killed", "gateway killed"])
      expect(report.blows[kind] ?? 0, kind).to.be.at.least(1);
  });
});
