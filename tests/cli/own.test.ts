import { expect } from "chai";
import type { PlacedLine } from "../../clients/cli/src/policy/logs.ts";
import { chooseOwn, ownIncidents, tellOwnStory } from "../../clients/cli/src/policy/own.ts";

/** 2026-11-21 16:00:00 UTC. */
const T = Date.parse("2026-11-21T16:00:00Z") / 1_000;
const A = "udp://192.0.2.1:53";
const B = "udp://192.0.2.2:53";

let n = 0;
function line(
  at: number,
  kind: PlacedLine["kind"],
  subject: string,
  more: Partial<PlacedLine> = {},
): PlacedLine {
  n++;
  const why = `${subject}: ${kind}.`;
  const blank = {
    from: null,
    to: null,
    evidence: {},
    prev: "",
    hash: "",
    where: "gateway",
    log: "g",
  } as const;
  return { ...blank, n, at: T + at, kind, subject, why, ...more };
}

const KILLED = [
  line(0, "start", "log"),
  line(10, "eject", A),
  line(10, "switch", B, { from: A, to: B }),
  line(40, "return", A),
  line(50, "ramp", A),
  line(50, "switch", A, { from: B, to: A }),
];

describe("incidents by the decision logs alone", () => {
  it("last from the first that was put out until all are back, with the ramp and the way back", () => {
    const [only, ...more] = ownIncidents(KILLED);
    expect(more).to.deep.equal([]);
    expect(only).to.deep.include({ from: T + 10, until: T + 40, subjects: [A] });
    expect(only?.lines).to.deep.equal(KILLED.slice(1));
  });

  it("are none where another was only quicker, or the chain said something", () => {
    expect(ownIncidents([line(0, "switch", B), line(5, "policy", A), line(9, "stop", "log")])).to.deep.equal(
      [],
    );
  });

  it("last while anybody is out, of gateway or edge", () => {
    const edge = { where: "edge", log: "e" } as const;
    const lines = [...KILLED.slice(0, 3), line(20, "eject", "https://g", edge), line(30, "return", A)];
    expect(ownIncidents(lines)).to.have.nested.property("[0].until", null);
    const back = [...lines, line(45, "return", "https://g", edge)];
    expect(ownIncidents(back)).to.have.nested.property("[0].until", T + 45);
  });

  it("end when a tier is in use again that nobody was left of", () => {
    const fallen = [
      line(0, "fallback", "central", { evidence: { tier: 2 } }),
      line(5, "restore", "quorum", { evidence: { tier: 1 } }),
    ];
    expect(ownIncidents(fallen)).to.have.nested.property("[0].until", null);
    const whole = [...fallen, line(9, "restore", "backend", { evidence: { tier: 0 } })];
    expect(ownIncidents(whole)).to.have.nested.property("[0].until", T + 9);
  });

  it("end where a log starts anew: who was out is asked again", () => {
    const lines = [...KILLED.slice(0, 3), line(20, "start", "log")];
    expect(ownIncidents(lines)).to.have.nested.property("[0].until", T + 20);
  });

  it("are one where somebody comes and goes, and two with a minute between", () => {
    const again = (at: number) => [...KILLED, line(at, "eject", A), line(at + 5, "return", A)];
    expect(ownIncidents(again(90)).map(({ until }) => until)).to.deep.equal([T + 95]);
    expect(ownIncidents(again(120))).to.have.length(2);
  });

  it("are looked for by target and by time", () => {
    const lines = [...KILLED, line(3_600, "eject", "https://g"), line(3_610, "return", "https://g")];
    const all = ownIncidents(lines);
    expect(ownIncidents(lines, B)).to.deep.equal([all[0]]);
    expect(chooseOwn(all, undefined, T + 9_000)).to.equal(all[1]);
    expect(chooseOwn(all, T + 20, T + 9_000)).to.equal(all[0]);
    expect(chooseOwn(all, T + 1_800, T + 9_000)).to.equal(undefined);
  });

  it("are told in words: who, from when to when, why, and how to check it", () => {
    const [incident] = ownIncidents(KILLED);
    if (incident === undefined) return expect.fail("no incident");
    expect(tellOwnStory(incident, "No state on chain has changed.", T + 100)).to.deep.equal([
      `${A} was out of use from 2026-11-21 16:00:10 UTC; all is back in use since 2026-11-21 16:00:40 UTC, 30 s later.`,
      "No state on chain has changed.",
      "",
      "What gateway and edge here decided, in UTC:",
      "",
      ...KILLED.slice(1).map(
        ({ at, why, n: number }) =>
          `  ${new Date(at * 1_000).toISOString().slice(11, 19)}  gateway    ${why} (log line ${number})`,
      ),
      "",
      "Whether anybody changed these lines since: `tolldns policy log --check`",
    ]);
  });
});
