import { expect } from "chai";
import { createHedgeBudget, orderCandidates } from "../../clients/edge/src/gateways/choose.ts";
import { createScore, type Score } from "../../clients/edge/src/gateways/score.ts";
import { randomFrom, seed } from "./support/seed.ts";

function scored(latencies: readonly number[], failures = 0): Score {
  const score = createScore();
  for (const ms of latencies) score.answered(ms);
  for (let i = 0; i < failures; i++) score.failed(0);
  return score;
}

const candidate = (name: string, score: Score, reason: string | null = null) => ({
  name,
  score,
  reason: () => reason,
});
const never = () => 0.999;

describe("scoring gateways", () => {
  it("averages latency with more weight for what came last", () => {
    const score = scored([100, 100, 100]);
    expect(score.latency()).to.equal(100);
    score.answered(200);
    expect(score.latency()).to.equal(120);
  });

  it("knows its 95th percentile from the fourth answer on, over the last 64", () => {
    expect(scored([1, 2, 3]).p95()).to.equal(null);
    expect(scored([1, 2, 3, 50]).p95()).to.equal(50);
    const score = scored(Array.from({ length: 100 }, (_, i) => i + 1));
    expect(score.p95(), "of 37 to 100").to.equal(97);
  });

  it("prefers the faster, and the reliable over the fast that fails", () => {
    const fast = candidate("fast", scored([10, 10, 10, 10]));
    const slow = candidate("slow", scored([40, 40, 40, 40]));
    expect(orderCandidates([slow, fast], 0, never).map(({ name }) => name)).to.deep.equal(["fast", "slow"]);
    const flaky = candidate("flaky", scored([10, 10, 10, 10]));
    for (let i = 0; i < 6; i++) {
      flaky.score.failed(0);
      flaky.score.answered(10);
    }
    expect(orderCandidates([flaky, slow], 0, never).map(({ name }) => name)).to.deep.equal(["slow", "flaky"]);
  });

  it("tries newcomers first", () => {
    const old = candidate("old", scored([5, 5, 5, 5]));
    const young = candidate("young", createScore());
    expect(orderCandidates([old, young], 0, never)[0]?.name).to.equal("young");
  });

  it("leaves one alone for twice as long with each failure in a row, up to a minute, and asks it last until then", () => {
    const score = createScore();
    score.failed(0);
    expect(score.pausedUntil(), "one may be the question's fault").to.equal(0);
    const pauses: number[] = [];
    for (let i = 0; i < 10; i++) {
      score.failed(0);
      pauses.push(score.pausedUntil());
    }
    expect(pauses).to.deep.equal([500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
    const other = candidate("other", scored([900, 900]));
    const paused = candidate("paused", score);
    expect(orderCandidates([paused, other], 59_999, never).map(({ name }) => name)).to.deep.equal([
      "other",
      "paused",
    ]);
    score.answered(5);
    expect(score.pausedUntil()).to.equal(0);
  });

  it("leaves out those that can't be used, whatever their score", () => {
    const best = candidate("best", scored([1, 1]), "price-ceiling");
    const other = candidate("other", scored([90, 90]));
    expect(orderCandidates([best, other], 0, never).map(({ name }) => name)).to.deep.equal(["other"]);
  });

  it("begins with another than the best about once in 32 questions", () => {
    const all = [candidate("a", scored([1])), candidate("b", scored([2])), candidate("c", scored([3]))];
    const random = randomFrom(seed);
    let explored = 0;
    for (let i = 0; i < 3_200; i++) if (orderCandidates(all, 0, random)[0]?.name !== "a") explored++;
    expect(explored).to.be.within(50, 160);
  });

  it("hedges a few at once and then one question in ten", () => {
    const budget = createHedgeBudget();
    let taken = 0;
    while (budget.take()) taken++;
    expect(taken).to.equal(5);
    for (let i = 0; i < 1_000; i++) {
      budget.asked();
      if (budget.take()) taken++;
    }
    expect(taken - 5).to.be.within(95, 101);
  });
});
