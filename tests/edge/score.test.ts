import { createVirtualEdgeClock } from "@tolldns/edge";
import { createAttention } from "@tolldns/policy/attention";
import { expect } from "chai";
import { createHedgeBudget } from "../../clients/edge/src/gateways/choose.ts";
import { createScore } from "../../clients/edge/src/gateways/score.ts";
import { targetNameOf } from "../../clients/edge/src/gateways/target.ts";

const answer = (rcode: number) => Uint8Array.of(0, 0, 0x81, 0x80 | rcode);

describe("scoring gateways", () => {
  const open = () => {
    const clock = createVirtualEdgeClock();
    const score = createScore(clock, clock, () => 1);
    const changes: (string | null)[] = [];
    score.onChange((change) => changes.push(change));
    return { clock, score, changes };
  };

  it("times every answer from when its question was sent, also one that nobody waits for any more", () => {
    const { clock, score } = open();
    const heard = score.hear();
    clock.advance(30);
    heard(answer(0));
    expect(score.measured).to.include({ answers: 1, latencyMs: 30 });
    expect(score.heardAt).to.equal(30);
  });

  it("measures 40 ms of an answer that came while this process stood still for two seconds", () => {
    const clock = createVirtualEdgeClock();
    const attention = createAttention(clock, (run) => run());
    attention.watch(() => true).wake();
    const score = createScore(clock, attention, () => 1);
    const heard = score.hear();
    clock.stall(2_000);
    heard(answer(0));
    expect(score.measured.latencyMs).to.equal(40);
    attention.close();
  });

  it("takes NXDOMAIN for an answer, and SERVFAIL or REFUSED for none", () => {
    const { score } = open();
    for (const rcode of [3, 2, 5]) score.hear()(answer(rcode));
    expect(score.measured).to.include({ answers: 1, failures: 0 });
  });

  it("puts one out after three failures in a row, and takes it back by a ramp after three good answers", () => {
    const { clock, score, changes } = open();
    score.answered(10);
    for (let i = 0; i < 3; i++) score.failed("refused the connection", false);
    expect(score.measured.standing).to.equal("out");
    for (let i = 0; i < 3; i++) {
      clock.advance(1_000);
      expect(score.measured.isTrialDue(clock.now()), "a trial is due").to.equal(true);
      score.answered(10);
    }
    expect(score.measured.standing).to.equal("back");
    expect(score.measured.shareBps).to.be.below(10_000);
    expect(changes).to.deep.equal(["eject", "return"]);
  });

  it("knows a gateway by the name that policy has for it", () => {
    expect(targetNameOf("https://Gateway.Example/")).to.equal("https://gateway.example");
    expect(targetNameOf("https://gateway.example:443")).to.equal("https://gateway.example");
    expect(targetNameOf("https://127.0.0.1:8443/x")).to.equal("https://127.0.0.1:8443");
    expect(targetNameOf("https://[2001:DB8:0::1]:8443")).to.equal("https://[2001:db8::1]:8443");
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
