import { playSteps, SEED } from "./properties/run.ts";

describe("escrow at length", () => {
  it(`keeps conservation, watermarks, reserves, everyone's wealth and the way out for 1 000 000 steps (seed ${SEED + 1})`, async function () {
    this.timeout(1_800_000);
    await playSteps(1_000_000, SEED + 1);
  });
});
