import { checkDemonstration, describeDemonstration } from "./support/check.ts";
import { runDemonstration } from "./support/demonstration.ts";

const SEED = Number(process.env.TEST_SEED ?? (Date.now() % 1_000_000) + 1);

describe(`a few witnesses, two keepers, two gateways (seed ${SEED})`, () => {
  it("make 8 names' routes final while a member votes twice, one is killed, and a gateway lies", async function () {
    this.timeout(300_000);
    const report = await runDemonstration({
      seed: SEED,
      honest: 3,
      twoFaced: 1,
      liars: 0,
      silent: 0,
      cartel: 0,
      keepers: 2,
      names: 8,
      rounds: 1,
      changes: 4,
      epochLength: 10,
      window: 2,
      slotMs: 100,
      blowMs: 1_500,
    });
    console.log(describeDemonstration(report));
    checkDemonstration(report);
  });
});
