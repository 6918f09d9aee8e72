import { toHex } from "@tolldns/sdk";
import {
  createPolicyDeployment,
  DEFAULT_POLICY_TERMS,
  DISCRIMINATOR,
  listEntries,
  listProbes,
  type ProbeRecord,
  type Roster,
  type Round,
  type RoundReport,
  recordWay,
} from "@tolldns/sdk/policy";
import { createList, hashLeaf, hashNode, sha256 } from "@tolldns/sdk/routes";
import { expect } from "chai";
import type { EvidenceFile } from "../../keepers/src/verifier/car.ts";
import { proofAgainst } from "../../keepers/src/verifier/chain/accuse.ts";
import { isRosterDue } from "../../keepers/src/verifier/chain/crank.ts";
import { rosterAt, setAt, windowAt } from "../../keepers/src/verifier/chain/state.ts";
import { createTurns } from "../../keepers/src/verifier/chain/turns.ts";
import { recordsOf } from "../../keepers/src/verifier/report.ts";
import { bytesOf } from "../vectors/cases/random.ts";
import { BEGIN, KEY, probesOf, SET, SET_TEXT, STATE } from "./support/window.ts";

const deployment = createPolicyDeployment({ policy: bytesOf("policy"), stake: bytesOf("stake") });
const challenger = bytesOf("challenger");

const roster = (changes: Partial<Roster> = {}): Roster => ({
  bump: 255,
  number: 3n,
  payer: challenger,
  openedAt: 0n,
  enrolmentEnds: 100n,
  ends: 1_000n,
  supersededAt: undefined,
  evidenceEnds: undefined,
  snapshot: { root: bytesOf("tree"), total: 3n, count: 3, depth: 2 },
  weight: 3n,
  strike: 3_600,
  room: 64,
  seats: ["one", "two", "three"].map((name, seat) => ({
    seat,
    operator: bytesOf(name),
    node: bytesOf(`${name}'s node`),
    weight: 1n,
    index: seat,
    region: seat,
    asn: seat,
    regionOrdinal: seat,
    networkOrdinal: seat,
    struck: false,
  })),
  ...changes,
});

/** What the chain has of these records, and the file that goes with them. */
function reported(records: readonly ProbeRecord[], changes: Partial<RoundReport> = {}) {
  const probes = probesOf();
  const row: RoundReport = {
    seat: 1,
    total: records.length,
    ok: records.at(-1)?.runningOk ?? 0,
    probesRoot: listProbes(records).root,
    says: "clean",
    ...changes,
  };
  const round: Round = {
    bump: 255,
    id: bytesOf("target"),
    roster: 3n,
    payer: challenger,
    begin: BEGIN,
    end: BEGIN + 300n,
    reportsUntil: BEGIN + 600n,
    evidenceUntil: BEGIN + 6_000n,
    verdict: undefined,
    set: { version: SET.version, count: SET.challenges.length, root: listEntries(SET).root },
    evidenceRoot: bytesOf("evidence"),
    masks: { clean: 2n, poor: 0n, bad: 0n },
    reports: [row],
  };
  const file: EvidenceFile = {
    report: new Uint8Array(0),
    signature: new Uint8Array(64),
    hotKey: KEY.publicKey,
    kind: "backend",
    name: "udp://192.0.2.1:53",
    setText: SET_TEXT,
    set: SET,
    records,
    transcripts: probes.map(({ transcript }) => transcript),
  };
  return { row, round, file };
}

/** Which challenge would be sent; undefined for none. */
function challengeOf(records: readonly ProbeRecord[], changes: Partial<RoundReport> = {}) {
  const { row, round, file } = reported(records, changes);
  const instruction = proofAgainst(deployment, challenger, round, row, roster(), file);
  if (instruction === undefined) return undefined;
  return Object.entries(DISCRIMINATOR).find(([, number]) => number === instruction.data[0])?.[0];
}

const records = () => recordsOf(probesOf());
const edited = (index: number, changes: Partial<ProbeRecord>) =>
  records().map((record, i) => (i === index ? { ...record, ...changes } : record));

describe("challenges of others' evidence", () => {
  it("are not made against an honest window, nor with records that the chain has no root of", () => {
    expect(challengeOf(records())).to.equal(undefined);
    expect(challengeOf(edited(2, { outcome: "ok" }), { probesRoot: bytesOf("another root") })).to.equal(
      undefined,
    );
  });

  const kinds: readonly (readonly [string, string, readonly ProbeRecord[], Partial<RoundReport>?])[] = [
    ["an outcome that its digests deny", "challengeRecord", edited(2, { outcome: "failed" })],
    ["a time outside the window", "challengeRecord", edited(5, { at: 300_000 })],
    ["an index that is not its place", "challengeRecord", edited(3, { index: 9 })],
    [
      "a count that does not begin at its first record",
      "challengeRecord",
      records().map((record) => ({ ...record, runningOk: record.runningOk - 1 })),
    ],
    ["a count that does not end at the report's", "challengeRecord", records(), { ok: 6 }],
    ["a challenge that the published set has not", "challengeRecord", edited(5, { challenge: 200 })],
    [
      "a count that jumps",
      "challengeOrder",
      records().map((record, i) => (i < 3 ? record : { ...record, runningOk: record.runningOk + 1 })),
    ],
    ["a time that goes back", "challengeOrder", edited(3, { at: 5 })],
  ];
  for (const [what, kind, lies, changes] of kinds)
    it(`prove ${what} by ${kind}`, () => {
      expect(challengeOf(lies, changes)).to.equal(kind);
    });

  it("show the way of every leaf of lists of every shape, side by side", () => {
    for (let size = 1; size <= 40; size++) {
      const leaves = Array.from({ length: size }, (_, i) => hashLeaf(sha256, bytesOf(`leaf ${i}`)));
      const list = createList(leaves);
      for (const [index, leaf] of leaves.entries()) {
        const { sides, siblings } = recordWay(list.prove(index), index, size);
        const root = siblings.reduce(
          (own, sibling, level) =>
            ((sides >> BigInt(level)) & 1n) === 1n
              ? hashNode(sha256, sibling, own)
              : hashNode(sha256, own, sibling),
          leaf,
        );
        expect(toHex(root), `${index} of ${size}`).to.equal(toHex(list.root));
      }
    }
  });
});

describe("what a verifier reads from the chain", () => {
  const config = { ...STATE.config, terms: { ...DEFAULT_POLICY_TERMS, enrol: 100 } };

  it("tells which roster a window is judged by", () => {
    const rosters = [roster({ number: 4n, enrolmentEnds: 900n }), roster({ supersededAt: 900n })];
    expect(rosterAt({ rosters }, 99n)).to.equal(undefined);
    expect(rosterAt({ rosters }, 100n)?.number).to.equal(3n);
    expect(rosterAt({ rosters }, 899n)?.number).to.equal(3n);
    expect(rosterAt({ rosters }, 900n)?.number).to.equal(4n);
  });

  it("tells when the next roster may be opened, as the program does", () => {
    const at = (now: bigint, changes: Partial<Roster> = {}) =>
      isRosterDue({ config: { ...config, roster: 3n }, rosters: [roster(changes)], now });
    expect(isRosterDue({ config, rosters: [], now: 0n })).to.equal(true);
    expect([at(99n), at(100n), at(899n), at(900n)]).to.deep.equal([false, false, false, true]);
    const few = { seats: roster().seats.slice(0, 2) };
    expect([at(99n, few), at(100n, few)]).to.deep.equal([false, true]);
  });

  it("tells a window's set, and the first window of new terms", () => {
    const one = { version: 1, count: 2, root: bytesOf("one"), from: 100n };
    const two = { version: 2, count: 2, root: bytesOf("two"), from: 600n };
    const both = { ...config, set: two, previousSet: one };
    expect([99n, 100n, 599n, 600n].map((begin) => setAt(both, begin)?.version)).to.deep.equal([
      undefined,
      1,
      1,
      2,
    ]);
    expect(windowAt({ ...config, termsFrom: 0n }, 899n)).to.deep.equal({ begin: 600n, end: 900n });
    expect(windowAt({ ...config, termsFrom: 0n }, 900n)).to.deep.equal({ begin: 900n, end: 1_200n });
    expect(windowAt({ ...config, termsFrom: 901n }, 950n)).to.deep.equal({ begin: 1_200n, end: 1_500n });
    expect(windowAt({ ...config, termsFrom: 5_000n }, 950n)).to.deep.equal({ begin: 5_100n, end: 5_400n });
  });

  it("takes a turn once its time has come, and not again for a while", () => {
    let now = 0;
    const turns = createTurns(
      () => now,
      () => 0.5,
      () => 10,
    );
    expect(turns.isDue("judge")).to.equal(false);
    now = 4.9;
    expect(turns.isDue("judge")).to.equal(false);
    now = 5;
    expect([turns.isDue("judge"), turns.isDue("judge")]).to.deep.equal([true, false]);
    now = 9;
    expect(turns.isDue("judge")).to.equal(true);
    expect(turns.isDue("another")).to.equal(false);
  });
});
