import { checkReport, describeReport } from "./chaos/check.ts";
import { runChaos } from "./chaos/scenario.ts";

const SEED = Number(process.env.TEST_SEED ?? (Date.now() % 1_000_000) + 1);

describe(`a small storm (seed ${SEED})`, () => {
  it("settles 400 vouchers of 40 lanes to the exact unit, whatever is dropped, delayed, rolled back or killed", async function () {
    this.timeout(150_000);
    const report = await runChaos({
      seed: SEED,
      lanes: 40,
      vouchers: 10,
      pauseMs: 250,
      blowMs: 400,
      maxBlows: 15,
      slotMs: 20,
      calmMs: 90_000,
    });
    console.log(`      ${describeReport(report)}`);
    checkReport(report);
  });
});
