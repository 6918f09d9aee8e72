import {
  type Candidate,
  type Choice,
  createMeasure,
  DEFAULT_EJECTION,
  DEFAULT_SETTINGS,
  decide,
  findOutlier,
  type Measure,
  TIER,
} from "@tolldns/policy";
import { expect } from "chai";
import fc from "fast-check";
import { createQuantiles } from "../../clients/policy/src/quantiles.ts";
import { randomFrom, seed } from "../edge/support/seed.ts";

const half = () => 0.5;
const { failures, pauseMs, longestPauseMs, clean, trialMs, rampMs, firstShareBps } = DEFAULT_EJECTION;

/** Answers `count` times in `ms` each, from `now` on. */
function answers(measure: Measure, count: number, ms = 10, now = 0): void {
  for (let i = 0; i < count; i++) measure.answered(ms, now, false);
}

/** Fails until it is out. */
function kill(measure: Measure, now: number): void {
  for (let i = 0; i < 10 && measure.standing !== "out"; i++) measure.failed("was silent", now, true);
}

/** Good trials, as soon as each may be, until it is back. When that was. */
function heal(measure: Measure, from: number): number {
  let now = from;
  for (let i = 0; i < 10 && measure.standing === "out"; i++) {
    now = Math.max(now, measure.trialAt);
    measure.answered(5, now, true);
  }
  return now;
}

describe("measuring a candidate", () => {
  it("smooths latency and success, with more weight for what came last", () => {
    const measure = createMeasure(DEFAULT_EJECTION, half);
    answers(measure, 1, 100);
    expect(measure.latencyMs).to.equal(100);
    answers(measure, 1, 200);
    expect(measure.latencyMs).to.be.closeTo(115, 0.001);
    measure.failed("was silent", 0, true);
    expect(measure.success).to.be.closeTo(0.85, 0.001);
    expect([measure.answers, measure.failures, measure.timeouts, measure.failuresInRow]).to.deep.equal([
      2, 1, 1, 1,
    ]);
    answers(measure, 1);
    expect(measure.failuresInRow).to.equal(0);
  });

  it("knows quantiles within a bucket of a square root of two, of what came last", () => {
    const quantiles = createQuantiles();
    expect(quantiles.at(0.95)).to.equal(0);
    for (let i = 1; i <= 100; i++) quantiles.add(i);
    expect(quantiles.at(0.5)).to.be.within(50, 50 * Math.SQRT2);
    expect(quantiles.at(0.95)).to.be.within(95, 95 * Math.SQRT2);
    for (let i = 0; i < 2_000; i++) quantiles.add(1);
    expect(quantiles.at(0.95)).to.be.within(1, Math.SQRT2);
    quantiles.add(1e9);
    expect(quantiles.at(1)).to.be.within(8_000, 16_000);
  });

  it("counts good answers of the last minute, but not to questions of the router's own", () => {
    const measure = createMeasure(DEFAULT_EJECTION, half);
    for (let now = 0; now < 120_000; now += 1_000) {
      measure.answered(5, now, false);
      measure.answered(5, now, true);
    }
    measure.advance(120_000);
    expect(measure.goodPerMinute).to.be.closeTo(60, 2);
    measure.advance(180_000);
    expect(measure.goodPerMinute).to.equal(0);
  });

  it("puts one out that fails three times in a row, with a reason, and not before", () => {
    const measure = createMeasure(DEFAULT_EJECTION, half);
    for (let i = 1; i < failures; i++) expect(measure.failed("was silent", 0, true)).to.equal(null);
    answers(measure, 1);
    for (let i = 1; i < failures; i++) expect(measure.failed("was silent", 0, true)).to.equal(null);
    expect(measure.failed("answered SERVFAIL", 0, false)).to.equal("eject");
    expect([measure.standing, measure.cause, measure.shareBps]).to.deep.equal(["out", "dead", 0]);
    expect(measure.because).to.equal("answered SERVFAIL, 3 questions in a row");
  });

  it("pauses twice as long after each failed trial, up to a minute, each with some jitter", () => {
    for (const jitter of [0, 1]) {
      const measure = createMeasure(DEFAULT_EJECTION, () => jitter);
      kill(measure, 0);
      const pauses: number[] = [];
      for (let now = 0, i = 0; i < 10; i++) {
        pauses.push(measure.trialAt - now);
        now = measure.trialAt;
        expect(measure.isTrialDue(now - 1)).to.equal(false);
        expect(measure.isTrialDue(now)).to.equal(true);
        measure.failed("was silent", now, true);
      }
      const whole = [1, 2, 4, 8, 16, 32, 60, 60, 60, 60].map((times) => times * pauseMs);
      expect(longestPauseMs).to.equal(60 * pauseMs);
      expect(pauses).to.deep.equal(whole.map((ms) => ms * (0.75 + 0.25 * jitter)));
    }
  });

  it("lets one back after good trials in a row, by a ramp", () => {
    const measure = createMeasure(DEFAULT_EJECTION, half);
    kill(measure, 0);
    for (let i = 1; i < clean; i++) {
      expect(measure.answered(5, measure.trialAt, true)).to.equal(null);
      expect(measure.trialAt).to.be.at.least(trialMs);
    }
    const now = measure.trialAt;
    expect(measure.answered(5, now, true)).to.equal("return");
    expect([measure.standing, measure.shareBps, measure.success]).to.deep.equal(["back", firstShareBps, 1]);
    expect(measure.advance(now + rampMs / 2)).to.equal(null);
    expect(measure.shareBps).to.equal(5_000);
    expect(measure.advance(now + rampMs)).to.equal("settled");
    expect([measure.standing, measure.shareBps]).to.deep.equal(["in", 10_000]);
  });

  it("doesn't hold late answers to what was asked before it came back against it", () => {
    const measure = createMeasure(DEFAULT_EJECTION, half);
    kill(measure, 0);
    for (let i = 0; i < clean; i++) measure.answered(5, measure.trialAt, true);
    const back = measure.answers;
    const now = trialMs * 100;
    measure.advance(now);
    expect(measure.answered(now, now, false)).to.equal(null);
    expect([measure.latencyMs, measure.answers, measure.goodPerMinute]).to.deep.equal([5, back, 0]);
  });

  it("begins its trials again after one that failed", () => {
    const measure = createMeasure(DEFAULT_EJECTION, half);
    kill(measure, 0);
    measure.answered(5, measure.trialAt, true);
    measure.failed("was silent", measure.trialAt, true);
    for (let i = 1; i < clean; i++) measure.answered(5, measure.trialAt, true);
    expect(measure.standing).to.equal("out");
  });

  it("takes a burst of late answers for one sign of life", () => {
    const measure = createMeasure(DEFAULT_EJECTION, half);
    kill(measure, 0);
    answers(measure, 50, 900, 300);
    expect(measure.standing).to.equal("out");
    expect(measure.cleanRun).to.equal(1);
  });

  it("puts one out again sooner, and for longer, that fails while it comes back", () => {
    const measure = createMeasure(DEFAULT_EJECTION, half);
    kill(measure, 0);
    const now = heal(measure, 0);
    measure.failed("was silent", now, true);
    expect(measure.failed("was silent", now, true)).to.equal("eject");
    expect(measure.trialAt - now).to.be.within(2 * pauseMs * 0.75, 2 * pauseMs);
  });

  it("forgets former pauses of one that did well for long", () => {
    const measure = createMeasure(DEFAULT_EJECTION, half);
    kill(measure, 0);
    const back = heal(measure, 0);
    measure.advance(back + rampMs);
    const later = back + DEFAULT_EJECTION.forgetMs;
    kill(measure, later);
    expect(measure.trialAt - later).to.be.at.most(pauseMs);
  });

  it("puts out who is contradicted twice where all must agree, five times where they might not", () => {
    const sure = createMeasure(DEFAULT_EJECTION, half);
    expect(sure.compared(false, 0, true)).to.equal(null);
    expect(sure.compared(false, 0, true)).to.equal("eject");
    expect([sure.cause, sure.because]).to.deep.equal([
      "disagrees",
      "was contradicted by others 2 times in a row",
    ]);
    const unsure = createMeasure(DEFAULT_EJECTION, half);
    for (let i = 0; i < 4; i++) expect(unsure.compared(false, 0, false)).to.equal(null);
    expect(unsure.compared(false, 0, false)).to.equal("eject");
    const mixed = createMeasure(DEFAULT_EJECTION, half);
    for (let i = 0; i < 50; i++) mixed.compared(i % 2 === 0, 0, true);
    expect(mixed.standing).to.equal("in");
  });

  it("lets a liar back only for answers that agree, not for any", () => {
    const measure = createMeasure(DEFAULT_EJECTION, half);
    measure.compared(false, 0, true);
    measure.compared(false, 0, true);
    answers(measure, 20, 5, 100_000);
    expect(measure.standing).to.equal("out");
    for (let i = 0; i < clean; i++) measure.compared(true, measure.trialAt, true);
    expect(measure.standing).to.equal("back");
  });
});

describe("finding outliers of a tier", () => {
  const tierOf = (...latencies: readonly number[]) =>
    latencies.map((ms) => {
      const measure = createMeasure(DEFAULT_EJECTION, half);
      answers(measure, 30, ms);
      return measure;
    });

  it("finds one that is four times slower than the others and slow for anybody", () => {
    const [quick, other, slow] = tierOf(50, 60, 400) as [Measure, Measure, Measure];
    const found = findOutlier([quick, other, slow], DEFAULT_EJECTION);
    expect(found?.measure).to.equal(slow);
    expect(found?.because).to.equal("takes 400 ms where others take 60 ms");
    expect(findOutlier(tierOf(1, 1, 200), DEFAULT_EJECTION)).to.equal(null);
    expect(findOutlier(tierOf(100, 100, 399), DEFAULT_EJECTION)).to.equal(null);
  });

  it("finds one that answers much less than others, though never three failures in a row", () => {
    const [good, flaky] = tierOf(10, 10) as [Measure, Measure];
    for (let i = 0; i < 30; i++) {
      flaky.answered(10, 0, false);
      flaky.failed("was silent", 0, true);
    }
    const found = findOutlier([good, flaky], DEFAULT_EJECTION);
    expect([found?.measure, found?.cause]).to.deep.equal([flaky, "failing"]);
  });

  it("puts nobody out for failing when all do", () => {
    const tier = tierOf(10, 10);
    for (const measure of tier)
      for (let i = 0; i < 30; i++) {
        measure.answered(10, 0, false);
        measure.failed("was silent", 0, true);
      }
    expect(findOutlier(tier, DEFAULT_EJECTION)).to.equal(null);
  });

  it("puts at most half of a tier out for being slow", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 4_000 }), { minLength: 1, maxLength: 8 }),
        (latencies) => {
          const tier = tierOf(...latencies);
          for (let i = 0; i < 20; i++) {
            const found = findOutlier(tier, DEFAULT_EJECTION);
            if (found === null) break;
            found.measure.eject(found.cause, found.because, 0);
          }
          const out = tier.filter(({ standing }) => standing === "out").length;
          expect(out).to.be.at.most(Math.floor(tier.length / 2));
        },
      ),
      { seed, numRuns: 300 },
    );
  });
});

/** A router over simulated backends on a virtual clock: a question a step, `isUp` says who answers it. */
function simulate(
  count: number,
  steps: number,
  stepMs: number,
  isUp: (i: number, now: number) => boolean,
  from = seed,
) {
  const random = randomFrom(from);
  const measures = Array.from({ length: count }, () => createMeasure(DEFAULT_EJECTION, random));
  const candidates: Candidate[] = measures.map((measured, i) => ({
    name: `c${i}`,
    tier: TIER.BACKEND,
    policy: null,
    measured,
    price: 0n,
    quotaWait: 0,
  }));
  let choice = null as Choice | null;
  const chosen: { readonly now: number; readonly name: string; readonly wasUsable: boolean }[] = [];
  const asked: { readonly now: number; readonly first: number }[] = [];
  let lost = 0;
  for (let step = 0; step < steps; step++) {
    const now = step * stepMs;
    for (const [i, measure] of measures.entries()) {
      measure.advance(now);
      if (!measure.isTrialDue(now)) continue;
      if (isUp(i, now)) measure.answered(5 * (i + 1), now, true);
      else measure.failed("was silent", now, true);
    }
    const before = choice;
    const decision = decide(candidates, choice, now, DEFAULT_SETTINGS, random());
    choice = decision.choice;
    if (before !== null && before.name !== choice?.name) {
      const left = candidates.find(({ name }) => name === before.name);
      chosen.push({ now, name: choice?.name ?? "", wasUsable: left?.measured.standing === "in" });
    }
    const order = decision.order.map((name) => candidates.findIndex((one) => one.name === name));
    asked.push({ now, first: order[0] as number });
    const answered = order.find((i) => {
      if (isUp(i, now)) measures[i]?.answered(5 * (i + 1), now, false);
      else measures[i]?.failed("was silent", now, true);
      return isUp(i, now);
    });
    if (answered === undefined) lost++;
  }
  return { chosen, asked, lost, measures };
}

describe(`routing over backends that come and go (seed ${seed})`, () => {
  it("loses no question while any backend is up", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer(), (period, from) => {
        const isUp = (i: number, now: number) => Math.floor(now / (period * 500)) % 3 !== i;
        expect(simulate(3, 600, 100, isUp, from).lost).to.equal(0);
      }),
      { seed, numRuns: 30 },
    );
  });

  it("leaves a backend that does well at most once in a dwell, whatever flaps how fast", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer(),
        (a, b, from) => {
          const periods = [a * 250, b * 250];
          const isUp = (i: number, now: number) =>
            i === 2 || Math.floor(now / (periods[i] as number)) % 2 === i % 2;
          const { chosen } = simulate(3, 1_200, 100, isUp, from);
          const willing = chosen.filter(({ wasUsable }) => wasUsable);
          for (const [i, { now }] of willing.entries())
            if (i > 0)
              expect(now - (willing[i - 1]?.now ?? 0)).to.be.at.least(DEFAULT_SETTINGS.dwell * 1_000);
        },
      ),
      { seed, numRuns: 30 },
    );
  });

  it("asks one that flaps ever more rarely", () => {
    const isUp = (i: number, now: number) => i === 1 || Math.floor(now / 3_000) % 2 === 0;
    const { asked, measures } = simulate(2, 3_000, 100, isUp);
    const late = asked.filter(({ now, first }) => now >= 150_000 && first === 0).length;
    expect(late / 1_500).to.be.below(0.1);
    expect(measures[0]?.timeouts).to.be.below(60);
  });

  it("never gives one that came back more than its ramp allows", () => {
    // Both are the quickest in turn; the first dies for a minute.
    const isUp = (i: number, now: number) => i === 1 || now < 10_000 || now >= 40_000;
    const { asked, measures } = simulate(2, 12_000, 10, isUp);
    expect(measures[0]?.standing).to.equal("in");
    const back =
      asked.find(({ now, first }) => now >= 40_000 && first === 0)?.now ?? Number.POSITIVE_INFINITY;
    for (const seconds of [1, 2, 3, 4, 5]) {
      const span = asked.filter(({ now }) => now >= back && now < back + seconds * 1_000);
      const share = span.filter(({ first }) => first === 0).length / span.length;
      // The ramp's mean so far is half its share now, at least the first share; sampling adds some.
      expect(share, `after ${seconds} s`).to.be.below(seconds / 20 + firstShareBps / 10_000 + 0.12);
    }
  });

  it("spreads the returns of many routers over a quarter of the pause", () => {
    const times = Array.from({ length: 50 }, (_, i) => {
      const measure = createMeasure(DEFAULT_EJECTION, randomFrom(seed + i));
      kill(measure, 0);
      for (let k = 0; k < 6; k++) measure.failed("was silent", measure.trialAt, true);
      return measure.trialAt;
    });
    expect(Math.max(...times) - Math.min(...times)).to.be.above(0.1 * longestPauseMs);
  });
});
