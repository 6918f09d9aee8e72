import { DEFAULT_POLICY_TERMS, type TargetState, type Verdict } from "@tolldns/sdk/policy";
import { expect } from "chai";
import fc from "fast-check";
import {
  type Change,
  incidentAt,
  incidentsOf,
  type SeatReport,
} from "../../clients/cli/src/policy/incident.ts";
import type { PlacedLine } from "../../clients/cli/src/policy/logs.ts";
import { decisionsOf, tellStory } from "../../clients/cli/src/policy/story.ts";

/** 2026-11-21 16:00:00 UTC. */
const T = Date.parse("2026-11-21T16:00:00Z") / 1_000;
const BACKEND = { id: "aa".repeat(32), kind: "backend", name: "udp://192.0.2.1:53" } as const;
const OTHER = { id: "bb".repeat(32), kind: "backend", name: "udp://192.0.2.2:53" } as const;
const TERMS = { ...DEFAULT_POLICY_TERMS, window: 60, degradeAfter: 1, disableAfter: 1, recoverAfter: 3 };

function change(at: number, from: TargetState, to: TargetState, rest: Partial<Change> = {}): Change {
  const verdict: Verdict = to === "disabled" ? "bad" : to === "degraded" ? "poor" : "clean";
  return {
    target: BACKEND,
    from,
    to,
    at: T + at,
    begin: T + at - 60,
    verdict,
    roster: 4n,
    evidenceRoot: "ee".repeat(32),
    signature: "5sig",
    landedAt: T + at + 7,
    seats: null,
    ...rest,
  };
}

function seat(number: number, ok: number, verdict: Verdict, rest: Partial<SeatReport> = {}): SeatReport {
  return {
    seat: number,
    operator: `op${number}`,
    region: number + 1,
    asn: 64_500 + number,
    weight: 1_000_000_000_000n,
    struck: false,
    said: { total: 40, ok, verdict },
    endpoint: `https://v${number}.example.org/`,
    ...rest,
  };
}

function decision(
  at: number,
  kind: PlacedLine["kind"],
  why: string,
  rest: Partial<PlacedLine> = {},
): PlacedLine {
  return {
    n: 7,
    at: T + at,
    where: "gateway",
    kind,
    subject: BACKEND.name,
    from: null,
    to: null,
    why,
    evidence: {},
    prev: "00".repeat(32),
    hash: "11".repeat(32),
    log: "/x",
    ...rest,
  };
}

const DOWN = change(60, "healthy", "disabled", {
  seats: [seat(0, 1, "bad"), seat(1, 0, "bad"), seat(2, 39, "clean"), seat(3, 2, "bad")],
});
const BACK = change(240, "disabled", "recovering");
const WELL = change(420, "recovering", "healthy");

describe("incidents", () => {
  it("last from the change that left healthy to the one that came back to it", () => {
    const again = change(900, "healthy", "degraded");
    const [second, first] = incidentsOf([WELL, again, DOWN, BACK]);
    expect(first).to.deep.equal({
      target: BACKEND,
      from: T + 60,
      until: T + 420,
      changes: [DOWN, BACK, WELL],
    });
    expect(second).to.deep.equal({ target: BACKEND, from: T + 900, until: null, changes: [again] });
  });

  it("are of one target each", () => {
    const other = change(100, "healthy", "disabled", { target: OTHER });
    expect(incidentsOf([DOWN, other]).map(({ target }) => target)).to.deep.equal([OTHER, BACKEND]);
  });

  it("hold every change of any history exactly once", () => {
    const states: TargetState[] = ["healthy", "degraded", "disabled", "recovering"];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...states), { maxLength: 30 }), (path) => {
        let from: TargetState = "healthy";
        const changes = path.map((to, index) => {
          const one = change(60 * index, from, to);
          from = to;
          return one;
        });
        const incidents = incidentsOf(changes);
        expect(incidents.flatMap((one) => one.changes).sort((a, b) => a.at - b.at)).to.deep.equal(changes);
        for (const { changes, until } of incidents) {
          expect(until === null).to.equal(changes.at(-1)?.to !== "healthy");
          expect(changes.slice(0, -1).every(({ to }) => to !== "healthy")).to.equal(true);
        }
      }),
    );
  });

  it("are found by a moment within them, or near", () => {
    const incidents = incidentsOf([DOWN, BACK, WELL]);
    const at = (seconds: number, reach = 0) => incidentAt(incidents, T + seconds, T + 10_000, reach)?.from;
    expect(at(200)).to.equal(T + 60);
    expect(at(0)).to.equal(T + 60);
    expect(at(-1)).to.equal(undefined);
    expect(at(600)).to.equal(undefined);
    expect(at(600, 200)).to.equal(T + 60);
  });
});

describe("the story of an incident", () => {
  const [incident] = incidentsOf([DOWN, BACK, WELL]);
  const own = [
    decision(15, "eject", "answered none of 3 questions in a row"),
    decision(15.2, "switch", "left it for udp://192.0.2.2:53", {
      subject: "backends",
      from: BACKEND.name,
      to: OTHER.name,
    }),
    decision(16, "eject", "of another", { subject: OTHER.name }),
    decision(9_000, "eject", "of another day"),
    decision(430, "restore", "back to it", { to: BACKEND.name, subject: "backends" }),
  ];
  const tell = (decisions: readonly PlacedLine[], now = T + 10_000) =>
    tellStory(incident ?? expect.fail("no incident"), { terms: TERMS, decisions, now });

  it("begins with what, when and for how long", () => {
    expect(tell([])[0]).to.equal(
      "The backend udp://192.0.2.1:53 was disabled from 2026-11-21 16:01:00 UTC; healthy again since 2026-11-21 16:07:00 UTC, 6 min later.",
    );
    const lasting = incidentsOf([DOWN, BACK])[0] ?? expect.fail("no incident");
    expect(tellStory(lasting, { terms: TERMS, decisions: [], now: T + 360 })[0]).to.match(
      /was disabled from .* UTC; recovering now, 5 min later\.$/,
    );
  });

  it("says who saw it first", () => {
    expect(tell(own)[1]).to.equal(
      "The gateway here saw it first, on its own measurements, 45 s before the chain.",
    );
    expect(tell([decision(-5, "eject", "x")])[1]).to.include(
      "1 min 5 s before the chain and 5 s before the window",
    );
    expect(tell([decision(90, "switch", "x", { from: BACKEND.name })])[1]).to.equal(
      "The verifiers saw it first; the gateway here acted 30 s after the window that moved it had ended.",
    );
    expect(tell([])[1]).to.include("Nothing in the decision logs here is about it");
  });

  it("takes in decisions about its target in its time, and no others", () => {
    const parts = { terms: TERMS, decisions: own, now: T + 10_000 };
    const whys = decisionsOf(incident ?? expect.fail("no incident"), parts).map(({ why }) => why);
    expect(whys).to.deep.equal([own[0]?.why, own[1]?.why, own[4]?.why]);
  });

  it("tells every step in order, with its time", () => {
    const times = tell(own)
      .filter((line) => /^ {2}\d\d:/.test(line))
      .map((line) => line.trim().split(/ {2,}/).slice(0, 2).join(" "));
    expect(times).to.deep.equal([
      "16:00:15 gateway",
      "16:00:15 gateway",
      "16:01:00 chain",
      "16:04:00 chain",
      "16:07:00 chain",
      "16:07:10 gateway",
    ]);
  });

  it("names the quorum that was needed and who agreed", () => {
    const text = tell(own).join("\n");
    expect(text).to.include(
      "healthy to disabled: the window from 16:00:00 was bad, and one bad window is enough to leave healthy",
    );
    expect(text).to.include("Agreed: 75 % of the weight, 3 operators, 3 regions, 3 networks");
    expect(text).to.include("Needed: 67 % of the weight, 3 operators, 3 regions, 3 networks");
    expect(text).to.include("seat 2  op2  region 3, AS64502, weight 1000: 39 of 40 probes good: clean");
    expect(text).to.include("3 clean windows in a row lead from disabled to recovering");
  });

  it("counts no struck seat, and says who reported nothing", () => {
    const seats = [
      seat(0, 0, "bad"),
      seat(1, 0, "bad", { struck: true }),
      seat(2, 0, "unknown", { said: null }),
    ];
    const [one] = incidentsOf([change(60, "healthy", "disabled", { seats })]);
    const text = tellStory(one ?? expect.fail("no incident"), { terms: TERMS, decisions: [], now: T }).join(
      "\n",
    );
    expect(text).to.include("Agreed: 50 % of the weight, 1 operator, 1 region, 1 network");
    expect(text)
      .to.match(/seat 1 .*: struck/)
      .and.match(/seat 2 .*: no report/);
  });

  it("counts a bad report for a poor window too", () => {
    const seats = [seat(0, 0, "bad"), seat(1, 36, "poor"), seat(2, 40, "clean")];
    const [one] = incidentsOf([change(60, "healthy", "degraded", { seats })]);
    const text = tellStory(one ?? expect.fail("no incident"), { terms: TERMS, decisions: [], now: T }).join(
      "\n",
    );
    expect(text).to.include("Agreed: 66.6 % of the weight, 2 operators, 2 regions, 2 networks");
  });

  it("gives transaction, evidence root and the commands that make the verdicts again", () => {
    const text = tell(own).join("\n");
    expect(text).to.include(`Transaction 5sig, landed 16:01:07; roster 4, evidence root ${"ee".repeat(32)}`);
    expect(text).to.include(
      `tolldns verifier replay https://v0.example.org/v1/reports/${BACKEND.id}/${T}.car --chain`,
    );
    expect(text).to.include("Its round is closed");
  });

  it("says so where nobody tells where the probes are", () => {
    const [one] = incidentsOf([BACK]);
    expect(
      tellStory(one ?? expect.fail("no incident"), { terms: TERMS, decisions: [], now: T }).at(-1),
    ).to.equal("No verifier of these windows says where its probes are.");
  });
});
