import type {
  DecisionLine,
  HeardReport,
  IncidentStep,
  SeatReport,
  TargetChange,
  ToldIncident,
  ToldQuorum,
} from "@tolldns/policy";
import { DEFAULT_POLICY_TERMS, type TargetState, type Verdict } from "@tolldns/sdk/policy";
import { expect } from "chai";
import { incidentAt } from "../../clients/cli/src/policy/incident.ts";
import { tellStory } from "../../clients/cli/src/policy/story.ts";

/** 2026-11-21 16:00:00 UTC. */
const T = Date.parse("2026-11-21T16:00:00Z") / 1_000;
const BACKEND = { id: "aa".repeat(32), kind: "backend", name: "udp://192.0.2.1:53" } as const;
const TERMS = { ...DEFAULT_POLICY_TERMS, window: 60, degradeAfter: 1, disableAfter: 1, recoverAfter: 3 };
const UNIT = 1_000_000_000_000n;

function seat(
  number: number,
  said: readonly [ok: number, verdict: Exclude<Verdict, "unknown">] | null,
): SeatReport {
  return {
    seat: number,
    operator: `op${number}`,
    node: `node${number}`,
    hotKey: `key${number}`,
    region: number + 1,
    asn: 64_500 + number,
    weight: UNIT,
    struck: false,
    said: said === null ? null : { total: 40, ok: said[0], verdict: said[1], probesRoot: "cc".repeat(32) },
    endpoint: `https://v${number}.example.org/`,
  };
}

const SEATS = [
  seat(0, [1, "bad"]),
  seat(1, [0, "bad"]),
  seat(2, [39, "clean"]),
  seat(3, [2, "bad"]),
  seat(4, null),
];
const QUORUM: ToldQuorum = {
  agreed: [SEATS[0], SEATS[1], SEATS[3]] as SeatReport[],
  weightBps: 7_500,
  operators: 3,
  regions: [1, 2, 4],
  networks: [64_500, 64_501, 64_503],
};

function change(
  at: number,
  from: TargetState,
  to: TargetState,
  seats: readonly SeatReport[] | null,
): TargetChange {
  return {
    target: BACKEND,
    from,
    to,
    at: T + at,
    begin: T + at - 60,
    verdict: to === "disabled" ? "bad" : "clean",
    roster: 4n,
    evidenceRoot: "ee".repeat(32),
    signature: "5sig",
    slot: 9,
    landedAt: T + at + 7,
    seats,
  };
}

function own(at: number, n: number, why: string): IncidentStep {
  const line: DecisionLine = {
    n,
    at: T + at,
    where: "gateway",
    kind: "eject",
    subject: BACKEND.name,
    from: null,
    to: null,
    why,
    evidence: {},
    prev: "00".repeat(32),
    hash: "11".repeat(32),
  };
  return { kind: "own", at: T + at, line };
}

function window(at: number, verdict: Verdict, heard: readonly HeardReport[] = []): IncidentStep {
  const weight = { clean: UNIT, poor: 3n * UNIT, bad: 3n * UNIT, total: 4n * UNIT };
  return {
    kind: "window",
    at: T + at,
    window: {
      signature: "5w",
      slot: 8,
      landedAt: T + at + 5,
      begin: T + at - 60,
      verdict,
      weight,
      state: "healthy",
    },
    quorum: null,
    heard,
  };
}

const HEARD: HeardReport = {
  operator: "op0",
  endpoint: "https://v0.example.org/",
  begin: T,
  total: 40,
  ok: 1,
  wrong: 2,
  failed: 30,
  silent: 7,
  stale: 0,
  medianMs: 8,
  probesRoot: "cc".repeat(32),
  standing: "chain",
};

const DOWN = change(60, "healthy", "disabled", SEATS);
const BACK = change(240, "disabled", "recovering", null);
const WELL = change(420, "recovering", "healthy", null);

const INCIDENT: ToldIncident = {
  target: BACKEND,
  from: T + 15,
  until: T + 420,
  worst: "disabled",
  first: "own",
  steps: [
    own(15, 7, "answered none of 3 questions in a row"),
    window(60, "bad", [HEARD]),
    { kind: "change", at: T + 60, change: DOWN, quorum: QUORUM, lead: 45 },
    window(120, "clean"),
    window(180, "clean"),
    window(240, "clean"),
    { kind: "change", at: T + 240, change: BACK, quorum: null, lead: 225 },
    window(300, "unknown"),
    { kind: "change", at: T + 420, change: WELL, quorum: null, lead: 405 },
    { kind: "recovered", at: T + 420, change: WELL },
    own(430, 9, "back to it"),
  ],
};

describe("incidents", () => {
  const at = (seconds: number, reach = 0) => incidentAt([INCIDENT], T + seconds, T + 10_000, reach);

  it("are found by a moment within them, or near", () => {
    expect(at(200)).to.equal(INCIDENT);
    expect(at(-45)).to.equal(INCIDENT);
    expect(at(-46)).to.equal(undefined);
    expect(at(481)).to.equal(undefined);
    expect(at(600, 200)).to.equal(INCIDENT);
  });

  it("last until now where they have no end", () => {
    const lasting = { from: T, until: null };
    expect(incidentAt([lasting], T + 9_000, T + 10_000)).to.equal(lasting);
  });

  it("are told apart by which is nearer", () => {
    const later = { from: T + 1_000, until: T + 1_100 };
    expect(incidentAt([INCIDENT, later], T + 980, T + 10_000)).to.equal(later);
  });
});

describe("the story of an incident", () => {
  const tell = (changes: Partial<ToldIncident> = {}, now = T + 10_000) =>
    tellStory({ ...INCIDENT, ...changes }, TERMS, now);

  it("begins with what, when and for how long", () => {
    expect(tell()[0]).to.equal(
      "The backend udp://192.0.2.1:53 was disabled from 2026-11-21 16:01:00 UTC on; healthy again since 2026-11-21 16:07:00 UTC, 6 min later.",
    );
    const lasting = { until: null, steps: INCIDENT.steps.slice(0, 7) };
    expect(tell(lasting, T + 360)[0]).to.match(/was disabled from .* UTC on; recovering now, 5 min later\.$/);
  });

  it("says who saw it first", () => {
    expect(tell()[1]).to.equal(
      "The gateway here saw it first, on its own measurements, 45 s before the chain.",
    );
    const late: IncidentStep[] = [
      { kind: "change", at: T + 60, change: DOWN, quorum: QUORUM, lead: -30 },
      own(90, 1, "left it"),
    ];
    expect(tell({ first: "chain", steps: late })[1]).to.equal(
      "The verifiers saw it first; the gateway here acted 30 s after the window that moved it had ended.",
    );
    const alone: IncidentStep[] = [{ kind: "change", at: T + 60, change: DOWN, quorum: QUORUM, lead: null }];
    expect(tell({ first: "chain", steps: alone })[1]).to.include(
      "Nothing in the decision logs here is about it",
    );
  });

  it("tells every step in order with its time, and windows that follow each other as one", () => {
    const rows = tell()
      .filter((line) => /^ {2}\d\d:/.test(line))
      .map((line) => line.trim().split(/ {2,}/));
    expect(rows.map(([time, who]) => `${time} ${who}`)).to.deep.equal([
      "16:00:15 gateway",
      "16:01:00 verifiers",
      "16:01:00 chain",
      "16:04:00 verifiers",
      "16:04:00 chain",
      "16:05:00 verifiers",
      "16:07:00 chain",
      "16:07:10 gateway",
    ]);
    expect(rows[1]?.[2]).to.equal("a window was bad, begun 16:00:00: 75 % of the weight said so");
    expect(rows[3]?.[2]).to.equal(
      "3 windows in a row were clean, begun 16:01:00 to 16:03:00: 25 % of the weight said so",
    );
    expect(rows[5]?.[2]).to.include("was unknown, begun 16:04:00: no quorum of verifiers agreed");
    expect(rows[0]?.[2]).to.equal("answered none of 3 questions in a row (log line 7)");
  });

  it("says what each verifier saw", () => {
    expect(tell().join("\n")).to.include(
      "op0 saw 1 of 40 good, 2 wrong, 30 failed, 7 silent, half of them within 8 ms",
    );
  });

  it("names the quorum that was needed, who agreed, who did not and who said nothing", () => {
    const text = tell().join("\n");
    expect(text).to.include(
      "healthy to disabled, by the window from 16:00:00: one bad window is enough to leave healthy",
    );
    expect(text).to.include(
      "Agreed: 75 % of the weight, 3 operators, 3 regions, 3 networks (regions 1, 2, 4; AS64500, AS64501, AS64503)",
    );
    expect(text).to.include("Needed: 67 % of the weight, 3 operators, 3 regions, 3 networks");
    expect(text).to.include("seat 2  op2  region 3, AS64502, weight 1000: 39 of 40 probes good: clean");
    expect(text).to.include("seat 4  op4  region 5, AS64504, weight 1000: no report");
    expect(text).to.include(
      "disabled to recovering, by the window from 16:03:00: 3 clean windows in a row lead there",
    );
  });

  it("gives transaction, evidence root and the commands that make the verdicts again", () => {
    const text = tell().join("\n");
    expect(text).to.include(`Transaction 5sig, landed 16:01:07; roster 4, evidence root ${"ee".repeat(32)}`);
    const links = tell().filter((line) => line.includes("tolldns verifier replay"));
    expect(links).to.have.length(4);
    expect(links[0]).to.equal(
      `  tolldns verifier replay https://v0.example.org/v1/reports/${BACKEND.id}/${T}.car --chain`,
    );
    expect(text).to.include("Its round is closed");
  });

  it("says so where nobody tells where the probes are", () => {
    const steps: IncidentStep[] = [{ kind: "change", at: T + 240, change: BACK, quorum: null, lead: null }];
    expect(tell({ steps }).at(-1)).to.equal("No verifier of these windows says where its probes are.");
  });
});
