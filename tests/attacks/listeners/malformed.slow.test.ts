import { expect } from "chai";
import { fuzzAnswers, fuzzQueries } from "./support/fuzz.ts";

const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);

describe(`a million malformed messages (FUZZ_SEED=${seed})`, () => {
  it("neither crash, nor hang, nor grow", async () => {
    await fuzzQueries(20_000, seed);
    fuzzAnswers(20_000, seed);
    const before = process.memoryUsage();
    let longestMs = 0;
    for (let round = 0; round < 10; round++) {
      longestMs = Math.max(longestMs, (await fuzzQueries(50_000, seed + 1 + round)).longestMs);
      longestMs = Math.max(longestMs, fuzzAnswers(50_000, seed + 1 + round).longestMs);
    }
    const after = process.memoryUsage();
    // Each message costs microseconds; the bound leaves room for a collection or a busy machine, not for a loop.
    expect(longestMs).to.be.below(1000);
    expect(after.rss - before.rss).to.be.below(200e6);
  }).timeout(600_000);
});
