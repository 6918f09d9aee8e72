import type { TargetState, TransitionSnapshot } from "@tolldns/web";
import { expect } from "chai";
import fc from "fast-check";
import { bandsOf, timeIn } from "../../clients/web/src/page/policy/bands.ts";
import { duration } from "../../clients/web/src/page/policy/words.ts";

const STATES: readonly TargetState[] = ["healthy", "degraded", "disabled", "recovering"];

function transition(at: number, from: TargetState, to: TargetState, target = "a"): TransitionSnapshot {
  return {
    target,
    from,
    to,
    at,
    begin: at - 10,
    verdict: "bad",
    roster: "1",
    evidenceRoot: "00",
    signature: null,
    reports: null,
  };
}

describe("bands of the timeline", () => {
  it("shows one band where nothing changed", () => {
    expect(bandsOf({ id: "a", state: "healthy" }, [], 100, 200)).to.deep.equal([
      { state: "healthy", from: 100, to: 200, begunBy: null },
    ]);
  });

  it("begins in the state that the first change left, whatever order changes come in", () => {
    const down = transition(120, "healthy", "disabled");
    const back = transition(150, "disabled", "recovering");
    expect(bandsOf({ id: "a", state: "recovering" }, [back, down], 100, 200)).to.deep.equal([
      { state: "healthy", from: 100, to: 120, begunBy: null },
      { state: "disabled", from: 120, to: 150, begunBy: down },
      { state: "recovering", from: 150, to: 200, begunBy: back },
    ]);
  });

  it("cuts what began earlier, without a mark for a change that is out of sight", () => {
    expect(
      bandsOf({ id: "a", state: "disabled" }, [transition(50, "healthy", "disabled")], 100, 200),
    ).to.deep.equal([{ state: "disabled", from: 100, to: 200, begunBy: null }]);
  });

  it("marks a change at the very first moment shown", () => {
    const down = transition(100, "healthy", "disabled");
    expect(bandsOf({ id: "a", state: "disabled" }, [down], 100, 200)).to.deep.equal([
      { state: "disabled", from: 100, to: 200, begunBy: down },
    ]);
  });

  it("leaves out changes of other targets", () => {
    const other = transition(150, "healthy", "disabled", "b");
    expect(bandsOf({ id: "a", state: "healthy" }, [other], 100, 200)).to.have.length(1);
  });

  it("covers every moment once and ends in the present state, for any history", () => {
    const histories = fc.array(
      fc.record({ after: fc.integer({ min: 1, max: 60 }), to: fc.constantFrom(...STATES) }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(histories, fc.integer({ min: 0, max: 300 }), (steps, from) => {
        let at = 0;
        let state: TargetState = "healthy";
        const transitions = steps.map(({ after, to }) => {
          at += after;
          const one = transition(at, state, to);
          state = to;
          return one;
        });
        const to = from + at + 1;
        const bands = bandsOf({ id: "a", state }, transitions, from, to);
        expect(bands[0]?.from).to.equal(from);
        expect(bands.at(-1)?.to).to.equal(to);
        for (const [index, band] of bands.entries()) {
          expect(band.to).to.be.greaterThan(band.from);
          if (index > 0) expect(band.from).to.equal(bands[index - 1]?.to);
        }
        expect(bands.at(-1)?.state).to.equal(state);
        const spent = timeIn(bands);
        expect(STATES.reduce((sum, one) => sum + spent[one], 0)).to.equal(to - from);
      }),
    );
  });
});

describe("durations", () => {
  for (const [seconds, text] of [
    [0, "0 s"],
    [59.4, "59 s"],
    [60, "1 min"],
    [200, "3 min 20 s"],
    [3_600, "1 h"],
    [3_661, "1 h 1 min"],
    [90_000, "1 d 1 h"],
  ] as const)
    it(`are written as ${text}`, () => expect(duration(seconds)).to.equal(text));
});
