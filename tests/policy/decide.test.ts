import { type Candidate, type Choice, TIER } from "@tolldns/policy";
import { expect } from "chai";
import { at, candidate, choiceOf, OUT, policy, WELL } from "./support/candidates.ts";

describe("the routing decision", () => {
  it("takes the quickest, and says so in numbers", () => {
    const { order, rule, reason } = at([
      candidate("a", { latencyMs: 40 }),
      candidate("b", { latencyMs: 12 }),
    ]);
    expect(order).to.deep.equal(["b", "a"]);
    expect(rule).to.equal("first");
    expect(reason).to.equal("b is taken: 12 ms, 100 % good, score 12.");
  });

  it("counts failures, contradictions and the price against one", () => {
    const quick = candidate("quick", { latencyMs: 5, success: 0.9 });
    const contradicted = candidate("contradicted", { latencyMs: 5, disagreement: 0.2 });
    const dear = candidate("dear", { latencyMs: 5 }, { price: 500n });
    const plain = candidate("plain", { latencyMs: 30 });
    expect(at([contradicted, quick, dear, plain]).order).to.deep.equal([
      "plain",
      "dear",
      "quick",
      "contradicted",
    ]);
  });

  it("stays with its choice until another has been better by the margin for the dwell", () => {
    const both = [candidate("a", { latencyMs: 20 }), candidate("b", { latencyMs: 10 })];
    const first = at(both, choiceOf("a"), 1_000);
    expect(first.order[0]).to.equal("a");
    expect(first.choice?.rival).to.deep.equal({ name: "b", since: 1_000 });
    const before = at(both, first.choice, 10_999);
    expect(before.order[0]).to.equal("a");
    expect(before.reason).to.match(/^a stays for now: b has been better by 25 % for 10.0 s of 10 s\.$/);
    const after = at(both, before.choice, 11_000);
    expect([after.order[0], after.rule]).to.deep.equal(["b", "better"]);
    expect(after.reason).to.equal(
      "a is left for b, better by 25 % for 10 s: 10 ms, 100 % good, score 10 against 20 ms, 100 % good, score 20.",
    );
  });

  it("stays for ever with one that others don't beat by the margin", () => {
    const both = [candidate("a", { latencyMs: 12 }), candidate("b", { latencyMs: 10 })];
    let choice = choiceOf("a");
    for (let now = 0; now < 100_000; now += 1_000) choice = at(both, choice, now).choice as Choice;
    expect(choice).to.deep.equal(choiceOf("a"));
  });

  it("leaves one that is ejected at once, and says why", () => {
    const { order, usable, rule, reason } = at(
      [candidate("a", OUT), candidate("b", { latencyMs: 90 })],
      choiceOf("a"),
    );
    expect([order, usable, rule]).to.deep.equal([["b", "a"], 1, "ejected"]);
    expect(reason).to.equal("a is left for b: it was silent, 3 times.");
  });

  it("asks the last resort when nobody can be used", () => {
    const { order, usable, rule, reason } = at([candidate("a", OUT), candidate("b", OUT)], choiceOf("a"));
    expect([order.length, usable, rule]).to.deep.equal([2, 0, "last-resort"]);
    expect(reason).to.match(/^Nobody can be used; a is asked as the last resort, though it was silent/);
  });

  it("leaves one that policy disables, unless it answers well here often enough", () => {
    const disabled = { policy: policy("DISABLED") };
    const left = at(
      [candidate("a", { goodPerMinute: 29 }, disabled), candidate("b", {}, { tier: TIER.CENTRAL })],
      choiceOf("a"),
    );
    expect([left.order[0], left.rule]).to.deep.equal(["b", "disabled"]);
    expect(left.reason).to.match(/policy calls it DISABLED \(60 s old\), and 29 good answers a minute here/);
    const stays = at(
      [candidate("a", { goodPerMinute: 30 }, disabled), candidate("b", {}, { tier: TIER.CENTRAL })],
      choiceOf("a"),
    );
    expect(stays.order[0]).to.equal("a");
    const healthier = at(
      [candidate("a", { goodPerMinute: 30 }, disabled), candidate("b", { latencyMs: 99 })],
      choiceOf("a"),
    );
    expect([healthier.order[0], healthier.rule]).to.deep.equal(["b", "degraded"]);
  });

  it("goes on with backends that policy disables rather than answer from the past", () => {
    const disabled = { policy: policy("DISABLED") };
    const stale = candidate("stale", {}, { tier: TIER.STALE });
    const { order, usable, rule, reason } = at(
      [candidate("a", {}, disabled), candidate("b", OUT), stale],
      choiceOf("b"),
    );
    expect([order, usable, rule]).to.deep.equal([["a", "stale", "b"], 0, "last-resort"]);
    expect(reason).to.match(
      /^Nobody can be used; a is asked as the last resort, though policy calls it DISABLED/,
    );
    const dead = at([candidate("a", OUT, disabled), candidate("b", OUT), stale], choiceOf("a"));
    expect(dead.order[0]).to.equal("stale");
    expect(dead.reason).to.equal("a is left for stale: it was silent, 3 times.");
  });

  it("holds a DISABLED that nobody renewed for no more than DEGRADED", () => {
    const old = { policy: policy("DISABLED", { age: 1_801 }) };
    expect(at([candidate("a", {}, old), candidate("b", {}, { tier: TIER.QUORUM })]).order[0]).to.equal("a");
    expect(at([candidate("a", {}, old), candidate("b", { latencyMs: 900 })]).order[0]).to.equal("b");
    const unknown = { policy: policy("DISABLED", { age: Number.POSITIVE_INFINITY }) };
    expect(at([candidate("a", {}, unknown), candidate("b", {}, { tier: TIER.QUORUM })]).order[0]).to.equal(
      "a",
    );
  });

  it("forgets a DEGRADED that nobody renewed", () => {
    const slow = candidate("b", { latencyMs: 40 });
    expect(at([candidate("a", {}, { policy: policy("DEGRADED") }), slow]).order[0]).to.equal("b");
    expect(at([candidate("a", {}, { policy: policy("DEGRADED", { age: 1_801 }) }), slow]).order[0]).to.equal(
      "a",
    );
  });

  it("gives one that recovers no more than its share, and only if it is worth it", () => {
    const recovering = { policy: policy("RECOVERING", { shareBps: 2_500 }) };
    const all = [candidate("a", { latencyMs: 5 }, recovering), candidate("b", { latencyMs: 20 })];
    let taken = 0;
    for (let i = 0; i < 1_000; i++) {
      const { order, steady, choice } = at(all, choiceOf("b"), 0, i / 1_000);
      expect(steady).to.equal(false);
      expect(choice?.name).to.equal("b");
      if (order[0] === "a") taken++;
    }
    expect(taken).to.equal(250);
    const worse = [candidate("a", { latencyMs: 19 }, recovering), candidate("b", { latencyMs: 20 })];
    expect(at(worse, choiceOf("b"), 0, 0).order[0]).to.equal("b");
  });

  it("leaves the rest of a ramp after being dead to the tier below", () => {
    const back = candidate("a", { standing: "back", shareBps: 1_000 });
    const central = candidate("central", {}, { tier: TIER.CENTRAL });
    const drawn = at([back, central], choiceOf("central"), 0, 0.05);
    expect([drawn.order, drawn.rule]).to.deep.equal([["a", "central"], "ramp"]);
    expect(drawn.reason).to.equal("a takes this question of central's: its ramp gives it 10 % of questions.");
    expect(at([back, central], choiceOf("central"), 0, 0.5).order).to.deep.equal(["central", "a"]);
    const whole = at([candidate("a"), central], choiceOf("central"));
    expect([whole.order[0], whole.rule]).to.deep.equal(["a", "tier"]);
  });

  it("stays in a tier that policy lets recover as a whole, each with its share first", () => {
    const recovering = { policy: policy("RECOVERING", { shareBps: 3_300 }) };
    const all = [
      candidate("a", { latencyMs: 5 }, recovering),
      candidate("b", { latencyMs: 20 }, recovering),
      candidate("central", { latencyMs: 1 }, { tier: TIER.CENTRAL }),
    ];
    const heads = new Set<string>();
    for (let i = 0; i < 100; i++) {
      const { order, choice } = at(all, choiceOf("a"), 0, i / 100);
      expect(choice?.name).to.equal("a");
      expect(order.at(-1)).to.equal("central");
      heads.add(order[0] as string);
    }
    expect([...heads].sort()).to.deep.equal(["a", "b"]);
    expect(at(all, choiceOf("central")).rule, "nor is a lower one stayed with").to.equal("tier");
  });

  it("sends what is beyond a quota elsewhere and keeps the choice", () => {
    const both = [candidate("a", {}, { quotaWait: 0.2 }), candidate("b", { latencyMs: 50 })];
    const { order, choice, reason } = at(both, choiceOf("a"));
    expect([order, choice?.name]).to.deep.equal([["b", "a"], "a"]);
    expect(reason).to.equal("b takes this question: it is over its quota for 0.2 s more.");
    const spent = at(
      [candidate("a", {}, { quotaWait: 3_600 }), candidate("b", { latencyMs: 50 })],
      choiceOf("a"),
    );
    expect([spent.choice?.name, spent.rule]).to.deep.equal(["b", "quota"]);
  });

  it("uses a lower tier only while none above it can be", () => {
    const all: Candidate[] = [
      candidate("stale", {}, { tier: TIER.STALE }),
      candidate("central", { latencyMs: 1 }, { tier: TIER.CENTRAL }),
      candidate("quorum", { latencyMs: 1 }, { tier: TIER.QUORUM }),
      candidate("slow", { latencyMs: 900 }),
    ];
    expect(at(all).order).to.deep.equal(["slow", "quorum", "central", "stale"]);
    const put = (name: string) =>
      all.map((one) => (one.name === name ? { ...one, measured: { ...WELL, ...OUT } } : one));
    expect(at(put("slow")).order[0]).to.equal("quorum");
  });

  it("waits before it hedges as long as the first usually takes at worst", () => {
    expect(at([candidate("a", { latencyMs: 30, p95Ms: 90 })]).hedgeAfter).to.equal(90);
    expect(at([candidate("a", { latencyMs: 60, p95Ms: 90 })]).hedgeAfter).to.equal(120);
    expect(at([candidate("a", { latencyMs: 0.1, p95Ms: 0.2 })]).hedgeAfter).to.equal(15);
    expect(at([candidate("a", { latencyMs: 9_000, p95Ms: 9_000 })]).hedgeAfter).to.equal(1_000);
  });

  it("has nobody to ask where there is nobody", () => {
    expect(at([])).to.include({ choice: null, tier: null, usable: 0 });
  });
});
