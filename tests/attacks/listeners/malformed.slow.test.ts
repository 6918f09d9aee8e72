import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect } from "chai";
import { fuzzAnswers, fuzzQueries } from "./support/fuzz.ts";

const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Bytes that are held after a collection, buffers outside the heap included. */
function liveBytes(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

describe(`a million malformed messages (FUZZ_SEED=${seed})`, () => {
  it("neither crash, nor hang, nor grow", async () => {
    await fuzzQueries(20_000, seed);
    fuzzAnswers(20_000, seed);
    const before = liveBytes();
    let longestMs = 0;
    for (let round = 0; round < 10; round++) {
      longestMs = Math.max(longestMs, (await fuzzQueries(50_000, seed + 1 + round)).longestMs);
      longestMs = Math.max(longestMs, fuzzAnswers(50_000, seed + 1 + round).longestMs);
    }
    const grown = liveBytes() - before;
    // Each message costs microseconds; the bound leaves room for a collection or a busy machine, not for a loop.
    expect(longestMs).to.be.below(1000);
    expect(grown).to.be.below(10e6);
  }).timeout(600_000);
});
