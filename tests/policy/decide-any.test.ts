import {
  type Candidate,
  type Choice,
  DEFAULT_SETTINGS,
  type Measured,
  type PolicyFacts,
  type PolicyStateName,
  TIER,
  type Tier,
} from "@tolldns/policy";
import { expect } from "chai";
import fc from "fast-check";
import { seed } from "../edge/support/seed.ts";
import { at, candidate, policy } from "./support/candidates.ts";

const share = fc.double({ min: 0, max: 1, noNaN: true });
const anyMeasured: fc.Arbitrary<Measured> = fc
  .record({
    standing: fc.constantFrom("in" as const, "in" as const, "back" as const, "out" as const),
    cause: fc.constant(null),
    because: fc.constant("was silent"),
    shareBps: fc.integer({ min: 0, max: 10_000 }),
    latencyMs: fc.double({ min: 0, max: 5_000, noNaN: true }),
    p50Ms: fc.double({ min: 0, max: 5_000, noNaN: true }),
    p95Ms: fc.double({ min: 0, max: 5_000, noNaN: true }),
    success: share,
    disagreement: share,
    failuresInRow: fc.nat(9),
    goodPerMinute: fc.nat(100),
    answers: fc.nat(1_000),
    failures: fc.nat(1_000),
    timeouts: fc.nat(1_000),
    disagreements: fc.nat(1_000),
  })
  .map((one) => ({
    ...one,
    shareBps: one.standing === "in" ? 10_000 : one.standing === "out" ? 0 : one.shareBps,
  }));
const anyPolicy: fc.Arbitrary<PolicyFacts | null> = fc.option(
  fc
    .record({
      state: fc.constantFrom<PolicyStateName>("HEALTHY", "DEGRADED", "DISABLED", "RECOVERING"),
      shareBps: fc.integer({ min: 1, max: 10_000 }),
      age: fc.constantFrom(0, 1_800, 1_801, Number.POSITIVE_INFINITY),
    })
    .map(({ state, ...rest }) => policy(state, rest)),
);
const anyCandidates = fc
  .array(
    fc.record({
      tier: fc.constantFrom<Tier>(0, 0, 0, 1, 2, 3),
      policy: anyPolicy,
      measured: anyMeasured,
      price: fc.bigInt({ min: 0n, max: 1_000n }),
      quotaWait: fc.constantFrom(0, 0, 0, 0.5, 3_600),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((all) => all.map((one, i): Candidate => ({ ...one, name: `c${i}` })));
const anyChoice = fc.option(
  fc.record({
    name: fc.constantFrom("c0", "c1", "c2", "gone"),
    since: fc.constant(0),
    rival: fc.option(fc.record({ name: fc.constant("c1"), since: fc.nat(20_000) })),
  }),
);
const anyNow = fc.integer({ min: 20_000, max: 60_000 });
const settings = { seed, numRuns: 2_000 };
const isFresh = (one: Candidate) => one.policy !== null && one.policy.age <= DEFAULT_SETTINGS.staleAfter;

describe(`any routing decision (seed ${seed})`, () => {
  it("orders everybody once, whatever state they are in", () => {
    fc.assert(
      fc.property(anyCandidates, anyChoice, anyNow, share, (all, previous, now, random) => {
        const { order, choice, usable, reason } = at(all, previous, now, random);
        expect([...order].sort()).to.deep.equal(all.map(({ name }) => name));
        expect(order).to.include(choice?.name);
        expect(usable).to.be.within(0, all.length);
        expect(reason).to.match(/^[^\n]+\.$/);
        expect(reason).not.to.match(/undefined|NaN|Infinity/);
      }),
      settings,
    );
  });

  it("asks whom policy disables only when nobody else can be used, expired answers after them, and the dead last", () => {
    const depth = (one: Candidate): number => {
      if (one.measured.standing === "out") return 3;
      if (one.tier === TIER.STALE) return 2;
      const isDisabled = one.policy?.state === "DISABLED" && isFresh(one);
      return isDisabled && one.measured.goodPerMinute < DEFAULT_SETTINGS.trusted ? 1 : 0;
    };
    fc.assert(
      fc.property(anyCandidates, anyChoice, anyNow, share, (all, previous, now, random) => {
        const { order, usable } = at(all, previous, now, random);
        const depths = order.map((name) => depth(all.find((one) => one.name === name) as Candidate));
        expect(depths).to.deep.equal([...depths].sort());
        expect(usable).to.equal(depths.filter((one) => one === 0).length);
      }),
      settings,
    );
  });

  it("asks no lower tier while a healthy one above has quota", () => {
    fc.assert(
      fc.property(anyCandidates, anyChoice, anyNow, share, (all, previous, now, random) => {
        const first = all.find(({ name }) => name === at(all, previous, now, random).order[0]) as Candidate;
        const healthy = all.filter(
          (one) =>
            one.measured.standing === "in" &&
            one.quotaWait === 0 &&
            (one.policy === null || one.policy.state === "HEALTHY") &&
            one.tier !== TIER.STALE,
        );
        for (const one of healthy) expect(first.tier).to.be.at.most(one.tier);
      }),
      settings,
    );
  });

  it("doesn't depend on chance when it says so", () => {
    fc.assert(
      fc.property(anyCandidates, anyChoice, anyNow, share, share, (all, previous, now, one, other) => {
        const decision = at(all, previous, now, one);
        if (decision.steady) expect(at(all, previous, now, other)).to.deep.equal(decision);
      }),
      settings,
    );
  });

  it("never puts one further ahead for doing worse", () => {
    fc.assert(
      fc.property(anyCandidates, anyNow, share, fc.nat(5), (all, now, random, i) => {
        const chosen = all[i % all.length] as Candidate;
        const { measured } = chosen;
        const worse = {
          ...measured,
          latencyMs: measured.latencyMs * 2 + 1,
          success: measured.success / 2,
          answers: measured.answers + 1,
        };
        if (measured.answers === 0) return;
        const changed = all.map((one) => (one === chosen ? { ...chosen, measured: worse } : one));
        const place = (given: readonly Candidate[]) =>
          at(given, null, now, random).order.indexOf(chosen.name);
        expect(place(changed)).to.be.at.least(place(all));
      }),
      settings,
    );
  });

  it("changes its choice among equals at most once in a dwell, however their scores jump", () => {
    const scores = fc.array(fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 3, maxLength: 3 }), {
      minLength: 20,
      maxLength: 200,
    });
    fc.assert(
      fc.property(scores, (steps) => {
        let choice: Choice | null = null;
        const switches: number[] = [];
        for (const [i, latencies] of steps.entries()) {
          const all = latencies.map((latencyMs, k) => candidate(`c${k}`, { latencyMs }));
          const next: Choice | null = at(all, choice, i * 500).choice;
          if (choice !== null && next?.name !== choice.name) switches.push(i * 500);
          choice = next;
        }
        for (const [i, now] of switches.entries())
          if (i > 0) expect(now - (switches[i - 1] as number)).to.be.at.least(DEFAULT_SETTINGS.dwell * 1_000);
      }),
      { seed, numRuns: 300 },
    );
  });
});
