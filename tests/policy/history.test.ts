import {
  type DecisionLine,
  findQuorum,
  type HeardReport,
  type JudgedWindow,
  judgeReport,
  type SeatReport,
  type TargetChange,
  type TargetHistory,
  tellIncident,
  tellIncidents,
} from "@tolldns/policy";
import { formatAddress, fromHex, toBase64Url, toHex } from "@tolldns/sdk";
import { createSignerNode } from "@tolldns/sdk/node";
import {
  DEFAULT_POLICY_TERMS,
  encodeReport,
  hashTarget,
  signReport,
  type Verdict,
} from "@tolldns/sdk/policy";
import { expect } from "chai";

const NAME = "udp://192.0.2.1:53";
const ID = toHex(hashTarget("backend", NAME));
const target = { kind: "backend", name: NAME, id: ID } as const;
const T = 1_790_000_100;
const hot = createSignerNode(new Uint8Array(32).fill(5));
const OPERATOR = new Uint8Array(32).fill(8);

const seat = (
  n: number,
  verdict: Exclude<Verdict, "unknown"> | null,
  more: Partial<SeatReport> = {},
): SeatReport => ({
  seat: n,
  operator: formatAddress(new Uint8Array(32).fill(n + 8)),
  node: formatAddress(new Uint8Array(32).fill(n + 60)),
  region: n + 1,
  asn: 64_500 + n,
  weight: 100n,
  struck: false,
  said:
    verdict === null
      ? null
      : { total: 20, ok: verdict === "clean" ? 20 : 0, verdict, probesRoot: "11".repeat(32) },
  endpoint: "http://127.0.0.1:1",
  hotKey: formatAddress(hot.publicKey),
  ...more,
});
const landed = (at: number) => ({ signature: `s${at}`, slot: at, landedAt: at });
const change = (from: TargetChange["from"], to: TargetChange["to"], at: number): TargetChange => ({
  ...landed(at + 310),
  target,
  from,
  to,
  at,
  begin: at - 300,
  verdict: to === "recovering" || to === "healthy" ? "clean" : "bad",
  roster: 1n,
  evidenceRoot: "22".repeat(32),
  seats: [0, 1, 2, 3].map((n) => seat(n, "bad")),
});
const window = (begin: number, verdict: Verdict): JudgedWindow => ({
  ...landed(begin + 610),
  begin,
  verdict,
  weight: { clean: 0n, poor: 400n, bad: 400n, total: 400n },
  state: "healthy",
});
const line = (
  n: number,
  at: number,
  kind: DecisionLine["kind"],
  more: Partial<DecisionLine> = {},
): DecisionLine => ({
  n,
  at,
  where: "gateway",
  kind,
  subject: NAME,
  from: null,
  to: null,
  why: "because",
  evidence: {},
  prev: "0".repeat(64),
  hash: "0".repeat(64),
  ...more,
});
const history = (changes: readonly TargetChange[], windows: readonly JudgedWindow[] = []): TargetHistory => ({
  target,
  changes,
  windows,
  rounds: new Map([
    [
      T - 300,
      {
        begin: T - 300,
        roster: 1n,
        evidenceRoot: "",
        isProven: true,
        seats: [0, 1, 2].map((n) => seat(n, "bad")),
      },
    ],
  ]),
  terms: DEFAULT_POLICY_TERMS,
  domain: "33".repeat(32),
  isComplete: true,
});
const heard: HeardReport[] = [];

describe("the story of a target", () => {
  const whole = [
    change("healthy", "degraded", T),
    change("degraded", "disabled", T + 900),
    change("disabled", "recovering", T + 1_800),
    change("recovering", "healthy", T + 3_900),
  ];

  it("goes from the change that leaves HEALTHY to the one that comes back, in order of time", () => {
    const decisions = [
      line(4, T - 500, "eject"),
      line(5, T - 499, "switch", { subject: "udp://192.0.2.2:53", from: NAME, to: "udp://192.0.2.2:53" }),
      line(9, T + 4_000, "switch"),
      line(1, T - 9_000, "eject"),
      line(6, T, "switch", { subject: "udp://192.0.2.3:53" }),
    ];
    const windows = [window(T - 600, "bad"), window(T - 300, "bad"), window(T + 8_000, "clean")];
    const [told] = tellIncidents({ history: history(whole, windows), decisions, heard });
    expect(told).to.include({ from: T - 500, until: T + 3_900, worst: "disabled", first: "own" });
    expect(told?.steps.map(({ kind, at }) => [kind, at - T])).to.deep.equal([
      ["own", -500],
      ["own", -499],
      ["window", -300],
      ["window", 0],
      ["change", 0],
      ["change", 900],
      ["change", 1_800],
      ["change", 3_900],
      ["recovered", 3_900],
    ]);
    const [, , , , first] = told?.steps ?? [];
    expect(first?.kind === "change" && first.lead).to.equal(500);
  });

  it("has no end while it lasts, and says that the chain was first where nobody here acted", () => {
    const [told] = tellIncidents({ history: history(whole.slice(0, 2)), decisions: [], heard });
    expect(told).to.include({ until: null, first: "chain", from: T });
  });

  it("keeps incidents apart that follow each other closely, and finds the one of a moment", () => {
    const two = [
      ...whole,
      change("healthy", "degraded", T + 4_200),
      change("degraded", "recovering", T + 5_100),
    ];
    const decisions = [line(1, T - 10, "eject"), line(2, T + 4_190, "eject")];
    const options = { history: history(two), decisions, heard };
    const own = tellIncidents(options).map(({ steps }) =>
      steps.flatMap((step) => (step.kind === "own" ? [step.line.n] : [])),
    );
    expect(own).to.deep.equal([[2], [1]]);
    expect(tellIncident({ ...options, at: T + 100 })?.until).to.equal(T + 3_900);
    expect(tellIncident({ ...options, at: T + 90_000 })?.until).to.equal(null);
    expect(tellIncident({ ...options, history: history([]), at: T })).to.equal(null);
  });

  it("counts for a quorum who said it, the bad for a poor window too, and nobody who was struck", () => {
    const seats = [
      seat(0, "bad"),
      seat(1, "poor"),
      seat(2, "clean"),
      seat(3, null),
      seat(4, "bad", { struck: true }),
    ];
    expect(findQuorum(seats, "poor")).to.deep.include({ weightBps: 5_000, operators: 2, regions: [1, 2] });
    expect(findQuorum(seats, "bad")).to.deep.include({ weightBps: 2_500, operators: 1, networks: [64_500] });
    expect(findQuorum(seats, "unknown")).to.equal(null);
    expect(findQuorum(null, "bad")).to.equal(null);
  });
});

describe("a verifier's report", () => {
  const base = {
    domain: fromHex("33".repeat(32)),
    target: fromHex(ID),
    begin: BigInt(T - 300),
    end: BigInt(T),
    roster: 1n,
    operator: OPERATOR,
    region: 1,
    asn: 64_500,
    setVersion: 1,
    total: 20,
    ok: 0,
    wrong: 5,
    failed: 10,
    silent: 5,
    stale: 0,
    badProofs: 0,
    latency: Array.from({ length: 16 }, (_, bucket) => (bucket === 3 ? 15 : 0)),
    probesRoot: fromHex("11".repeat(32)),
  };
  const served = (changes: Partial<typeof base> = {}, signer = hot) => {
    const bytes = encodeReport({ ...base, ...changes });
    return JSON.stringify({ report: toBase64Url(bytes), signature: toBase64Url(signReport(bytes, signer)) });
  };
  const judge = (text: string, from: SeatReport = seat(0, "bad")) =>
    judgeReport(text, T - 300, from, history([]));

  it("is believed when the Node's key signed it and the chain says the same", () => {
    expect(judge(served())).to.include({ wrong: 5, failed: 10, silent: 5, medianMs: 8, standing: "chain" });
    expect(judge(served(), seat(0, null))).to.include({ standing: "signed" });
  });

  it("is refused when it is another key's, cluster's, target's, window's, operator's or roster's, or says something else than on chain", () => {
    const stranger = createSignerNode(new Uint8Array(32).fill(6));
    const other = new Uint8Array(32).fill(1);
    const cases: readonly [RegExp, string][] = [
      [/key did not sign/, served({}, stranger)],
      [/another cluster/, served({ domain: other })],
      [/another target/, served({ target: other })],
      [/another window/, served({ begin: 5n })],
      [/another operator/, served({ operator: other })],
      [/another roster/, served({ roster: 2n })],
      [/something else than what was reported/, served({ ok: 1, wrong: 4 })],
      [/something else than what was reported/, served({ probesRoot: other })],
      [/no report and signature/, "{}"],
      [/JSON/, "nonsense"],
    ];
    for (const [reason, text] of cases) expect(() => judge(text), String(reason)).to.throw(reason);
    expect(() => judge(served(), seat(0, "bad", { hotKey: null }))).to.throw(/did not sign/);
  });
});
