import * as policy from "@tolldns/sdk/policy";
import { hashLeaf, sha256 } from "@tolldns/sdk/routes";
import { expect } from "chai";
import { addressOf } from "../../programs/world/keys.ts";
import { code, refuse, attack as run } from "./attack.ts";
import {
  bent,
  type Committed,
  challengeExpectedOf,
  challengeOrderOf,
  challengeRecordOf,
  commitTo,
  ENTRIES,
  ENTRY_LIST,
  honest,
  publish,
  reportOf,
  wayOf,
} from "./lies.ts";
import type { RowId } from "./rows.ts";
import { openPolicy, PARTIES, type PolicyWorld, recordsOf, TERMS } from "./world.ts";

const attack = (row: RowId, title: string, test: () => void) => run(import.meta.url, row, title, test);
const { challenger, stranger } = PARTIES;
const MILLISECONDS = TERMS.window * 1_000;
const ZERO = new Uint8Array(32);

/** Seat 0 reports what it committed to; the window's set is published where asked. */
function committed(
  records: readonly Uint8Array[],
  ok: number,
  withSet = false,
): { world: PolicyWorld; shown: Committed } {
  const world = openPolicy();
  if (withSet) {
    publish(world);
    world.pass(TERMS.window);
  }
  const begin = world.firstWindow();
  world.at(world.timesOf(begin).end);
  const shown = commitTo(0, begin, records);
  world.must(reportOf(world, shown, ok), [world.verifierKey(0)]);
  return { world, shown };
}
/** The seat is struck for this. */
function strikes(
  world: PolicyWorld,
  instruction: policy.Instruction,
  kind: policy.StrikeKind,
  seat = 0,
): void {
  const weight = world.roster().weight;
  const { logs } = world.must(instruction, [challenger]);
  const [event] = policy.decodePolicyEvents(logs, world.deployment.policy);
  expect(event).deep.include({ name: "struck", seat, kind: policy.STRIKES.indexOf(kind) });
  const { seats, weight: left } = world.roster();
  expect(seats[seat]?.struck).equal(true);
  expect(left).equal(weight - (seats[seat] as policy.Seat).weight);
  const struck = policy.decodeVerifier(world.machine.data(world.verifierAddress(seat)));
  expect(struck.struckUntil).equal(world.now() + BigInt(TERMS.strike));
}
/** Nobody is struck by this. */
function fails(world: PolicyWorld, instruction: policy.Instruction, error: string): void {
  refuse(world, instruction, [challenger], code(error));
  expect(world.machine.account(world.verifierAddress(0))).equal(undefined);
}

describe("policy: records that no honest verifier writes", function () {
  this.timeout(60_000);
  const expected = addressOf("answer 2");
  /** What is bent in record 2 of 8, of which 6 are OK, and what it is struck for. */
  const lies: readonly (readonly [string, Partial<policy.ProbeRecord>, policy.StrikeKind])[] = [
    ["an answer that differs called OK", { answer: addressOf("else") }, "outcome"],
    ["no answer called OK", { answer: ZERO }, "outcome"],
    [
      "a right answer called WRONG",
      { outcome: "wrong", reason: "records", answer: expected, runningOk: 2 },
      "outcome",
    ],
    [
      "a right answer called SILENT",
      { outcome: "silent", reason: "time", answer: expected, runningOk: 2 },
      "outcome",
    ],
    ["a right answer with a reason against it", { reason: "stale" }, "outcome"],
    [
      "silence with an answer",
      { outcome: "silent", reason: "time", answer: addressOf("else"), runningOk: 2 },
      "outcome",
    ],
    [
      "silence for another reason",
      { outcome: "silent", reason: "rcode", answer: ZERO, runningOk: 2 },
      "outcome",
    ],
    [
      "WRONG without an answer",
      { outcome: "wrong", reason: "records", answer: ZERO, runningOk: 2 },
      "outcome",
    ],
    ["a time at the window's end", { at: MILLISECONDS }, "time"],
    ["a time far beyond it", { at: 0xffff_ffff }, "time"],
    ["more that are OK than there are", { runningOk: 4 }, "count"],
    ["a place that is another's", { index: 3 }, "place"],
    ["a place beyond the list", { index: 4_095 }, "place"],
  ];
  for (const [title, change, kind] of lies)
    attack("false report", `strikes for ${title}`, () => {
      const { world, shown } = committed(bent(8, 6, { 2: change }), 6);
      strikes(world, challengeRecordOf(world, shown, 2), kind);
    });
  attack("false report", "strikes for a first record that begins its count elsewhere", () => {
    const { world, shown } = committed(bent(8, 6, { 0: { runningOk: 0 } }), 6);
    strikes(world, challengeRecordOf(world, shown, 0), "count");
  });
  attack("false report", "strikes for a last record that does not end at the report's count", () => {
    const { world, shown } = committed(bent(8, 6), 7);
    strikes(world, challengeRecordOf(world, shown, 7), "end");
  });
  attack("unknown enum", "strikes for bytes that are no field's", () => {
    const forms: readonly (readonly [number, number])[] = [
      [6, 0],
      [6, 5],
      [9, 0],
      [9, 5],
      [10, 16],
      [10, 254],
      [11, 12],
      [110, 1],
      [117, 255],
    ];
    for (const [at, byte] of forms) {
      const raw = { 2: (bytes: Uint8Array) => bytes.fill(byte, at, at + 1) };
      const { world, shown } = committed(bent(8, 6, {}, raw), 6);
      strikes(world, challengeRecordOf(world, shown, 2), "form");
    }
  });
  attack("false report", "strikes for two records whose counts or times don't follow", () => {
    for (const change of [{ runningOk: 2 }, { runningOk: 1 }, { at: 0 }]) {
      const { world, shown } = committed(bent(8, 6, { 2: change }), 6);
      strikes(world, challengeOrderOf(world, shown, 1), "order");
    }
  });
  attack("false report", "strikes for an expectation that is not the published set's", () => {
    const lie = addressOf("what I like");
    const records = honest(8, 6);
    const [record] = recordsOf(8, 6).slice(2) as [policy.ProbeRecord];
    records[2] = policy.encodeProbeRecord({ ...record, expected: lie, answer: lie });
    const { world, shown } = committed(records, 6, true);
    strikes(world, challengeExpectedOf(world, shown, 2, 2), "expected");
  });
  attack("false report", "strikes for a challenge that the published set hasn't", () => {
    const { world, shown } = committed(bent(8, 6, { 2: { challenge: ENTRIES.length } }), 6, true);
    strikes(world, challengeRecordOf(world, shown, 2), "expected");
  });
});

describe("policy: honest reports", function () {
  this.timeout(120_000);
  attack("true report", "are struck for none of their records, whatever is shown of them", () => {
    for (const total of [4, 5, 8, 13]) {
      const { world, shown } = committed(honest(total, total - 1), total - 1, true);
      for (let place = 0; place < total; place++) {
        fails(world, challengeRecordOf(world, shown, place), "RecordHolds");
        if (place + 1 < total) fails(world, challengeOrderOf(world, shown, place), "RecordsFollow");
        for (const number of ENTRIES.keys()) {
          const error = number === place % 4 ? "ExpectedHolds" : "EntryProof";
          fails(world, challengeExpectedOf(world, shown, place, number), error);
        }
      }
    }
  });
  attack("true report", "may say everything that the verifier's own check of a record lets pass", () => {
    const [wanted, other] = [addressOf("wanted"), addressOf("other")];
    const written: Partial<policy.ProbeRecord>[] = [];
    for (const outcome of policy.OUTCOMES)
      for (const reason of policy.REASONS)
        for (const answer of [wanted, other, ZERO])
          for (const expected of [wanted, ZERO])
            if (policy.outcomeOf({ reason, expected, answer }) === outcome)
              written.push({ outcome, reason, expected, answer });
    expect(written.length).greaterThan(20);
    let runningOk = 0;
    const records = written.map((change, index): policy.ProbeRecord => {
      runningOk += change.outcome === "ok" ? 1 : 0;
      const base = recordsOf(1, 0)[0] as policy.ProbeRecord;
      return { ...base, challenge: 0, index, runningOk, ...change };
    });
    for (const record of records)
      expect(policy.faultOfRecord(record, { milliseconds: MILLISECONDS })).equal(undefined);
    const { world, shown } = committed(records.map(policy.encodeProbeRecord), runningOk);
    for (const place of records.keys()) fails(world, challengeRecordOf(world, shown, place), "RecordHolds");
  });
  attack(
    "true report",
    "are compared with the digests of their own set, and with no other kind of entry",
    () => {
      const { world, shown } = committed(honest(8), 8, true);
      // Number 3 is proven by the chain: the set says no digest of it.
      fails(world, challengeExpectedOf(world, shown, 3, 3), "ExpectedHolds");
      fails(
        world,
        challengeExpectedOf(world, shown, 2, 2, { entryProof: ENTRY_LIST.prove(1) }),
        "EntryProof",
      );
    },
  );
  attack("another set", "are judged by the set of their window, whatever was published since", () => {
    const { world, shown } = committed(honest(8), 8, true);
    const entries = ENTRIES.map((entry) => {
      const changed = entry.slice();
      changed.fill(9, 38);
      return changed;
    });
    const list = commitTo(0, 0n, entries).list;
    const set = { deployment: world.deployment, authority: PARTIES.authority.publicKey, count: 4 };
    for (const version of [2, 3])
      world.must(policy.publishSet({ ...set, version, root: list.root }), [PARTIES.authority]);
    const entry = { entry: entries[2] as Uint8Array, entryProof: list.prove(2) };
    fails(world, challengeExpectedOf(world, shown, 2, 2, entry), "EntryProof");
    // A window without a set expects nothing.
    const before = committed(honest(8), 8);
    fails(before.world, challengeExpectedOf(before.world, before.shown, 2, 2), "EntryProof");
  });
});

describe("policy: what proves a challenge", () => {
  const lie = () => committed(bent(8, 6, { 2: { at: MILLISECONDS } }), 6);
  attack("index bits", "is the record's one way to the root, with its own sides", () => {
    const { world, shown } = lie();
    const way = wayOf(shown, 2);
    for (const sides of [way.sides ^ 1n, way.sides ^ 4n, 0n, way.sides | 8n, 2n ** 64n - 1n])
      fails(world, challengeRecordOf(world, shown, 2, { way: { ...way, sides } }), "RecordProof");
  });
  attack("proof length", "is neither too long nor too short, nor of another list", () => {
    const { world, shown } = lie();
    const { sides, siblings } = wayOf(shown, 2);
    const longer = [...siblings, ZERO];
    for (const changed of [longer, siblings.slice(1), siblings.slice(0, -1), []])
      fails(world, challengeRecordOf(world, shown, 2, { way: { sides, siblings: changed } }), "RecordProof");
    const other = commitTo(0, shown.begin, bent(9, 6, { 2: { at: MILLISECONDS } }));
    fails(world, challengeRecordOf(world, other, 2), "RecordProof");
    fails(world, challengeOrderOf(world, other, 1), "RecordProof");
  });
  attack(
    "ragged length",
    "has no way that is cut within a sibling, and no proof shorter than it says",
    () => {
      const { world, shown } = lie();
      const good = challengeRecordOf(world, shown, 2);
      // `discriminator | seat | length u32 | record | sides u64 | siblings`
      for (const change of [1, 31, -1, -31, 6 - good.data.length, 100 - good.data.length]) {
        const whole = Uint8Array.from([...good.data, ...new Uint8Array(31)]);
        const data = whole.slice(0, good.data.length + change);
        new DataView(data.buffer).setUint32(2, data.length - 6, true);
        fails(world, { ...good, data }, "ChallengeForm");
      }
      for (const proof of [new Uint8Array(0), Uint8Array.of(9), Uint8Array.of(255)])
        fails(
          world,
          challengeOrderOf(world, shown, 1, 2, { proof, nextProof: new Uint8Array(0) }),
          "ChallengeForm",
        );
    },
  );
  attack("vector edges", "has no empty way, and none longer than the list is high", () => {
    const { world, shown } = lie();
    for (const length of [0, 20]) {
      const siblings = Array.from({ length }, () => ZERO);
      fails(world, challengeRecordOf(world, shown, 2, { way: { sides: 0n, siblings } }), "RecordProof");
    }
  });
  attack("leaf as node", "takes no inner node for a record", () => {
    const { world, shown } = lie();
    // 118 bytes that end in the two hashes below a node: hashed as a leaf they begin with 0x00, as a node with 0x01.
    const record = new Uint8Array(118);
    const [left, right] = [0, 1].map((i) => hashLeaf(sha256, shown.records[i] as Uint8Array)) as [
      Uint8Array,
      Uint8Array,
    ];
    record.set(left, 54);
    record.set(right, 86);
    const { sides, siblings } = wayOf(shown, 0);
    const way = { sides: sides >> 1n, siblings: siblings.slice(1) };
    fails(world, challengeRecordOf(world, shown, 0, { record, way }), "RecordProof");
  });
  attack("domain tag", "takes no entry or record of another list", () => {
    const { world, shown } = lie();
    const stranger = commitTo(1, shown.begin, bent(8, 5, { 2: { at: MILLISECONDS } }));
    fails(world, challengeRecordOf(world, { ...stranger, seat: 0 }, 2), "RecordProof");
    fails(
      world,
      challengeRecordOf(world, shown, 2, { record: shown.records[3] as Uint8Array }),
      "RecordProof",
    );
  });
  attack("false report", "is two records next to each other, in their order", () => {
    const { world, shown } = committed(bent(8, 6, { 2: { at: 1 } }), 6);
    fails(world, challengeOrderOf(world, shown, 0, 2), "RecordsApart");
    fails(world, challengeOrderOf(world, shown, 2, 1), "RecordsApart");
    fails(world, challengeOrderOf(world, shown, 2, 2), "RecordsApart");
    strikes(world, challengeOrderOf(world, shown, 1), "order");
  });
  attack(
    "account parent",
    "is of a seat that reported, of the round it reported in, and of its operator",
    () => {
      const { world, shown } = lie();
      fails(
        world,
        challengeRecordOf(world, shown, 2, { seat: 1, operator: world.operatorAddress(1) }),
        "NotReported",
      );
      refuse(
        world,
        challengeRecordOf(world, shown, 2, { seat: 9, operator: ZERO }),
        [challenger],
        "InvalidSeeds",
      );
      world.report(1, shown.begin);
      fails(
        world,
        challengeRecordOf(world, shown, 2, { seat: 1, operator: world.operatorAddress(1) }),
        "RecordProof",
      );
      refuse(
        world,
        challengeRecordOf(world, shown, 2, { operator: world.operatorAddress(1) }),
        [challenger],
        "InvalidSeeds",
      );
    },
  );
});

describe("policy: a struck verifier", () => {
  function struck(): { world: PolicyWorld; begin: bigint } {
    const world = openPolicy();
    const begin = world.now();
    world.at(world.timesOf(begin).end);
    const shown = commitTo(0, begin, bent(4, 0, { 2: { at: MILLISECONDS } }));
    world.must(reportOf(world, shown, 0), [world.verifierKey(0)]);
    world.say(begin, "-bb-");
    world.must(challengeRecordOf(world, shown, 2), [challenger]);
    return { world, begin };
  }
  attack("struck", "counts for nothing in the window it lied in, nor in later ones", () => {
    const { world, begin } = struck();
    world.at(world.timesOf(begin).reportsUntil);
    world.must(world.judgeOf(begin), []);
    // Two bad reports are left, of operators that are two thirds of the three that still count.
    expect(world.target().standing.verdict).equal("unknown");
    const next = begin + BigInt(TERMS.window);
    world.at(next + BigInt(TERMS.window));
    refuse(world, world.reportOf(0, next, "bad"), [world.verifierKey(0)], code("SeatStruck"));
    world.say(next, "-ccc");
    world.at(world.timesOf(next).reportsUntil);
    world.must(world.judgeOf(next), []);
    expect(world.target().standing.verdict).equal("clean");
  });
  attack("challenges", "is struck once, whoever comes again", () => {
    const { world, begin } = struck();
    const shown = commitTo(0, begin, bent(4, 0, { 2: { at: MILLISECONDS } }));
    refuse(world, challengeRecordOf(world, shown, 2), [challenger], code("SeatStruck"));
    refuse(world, challengeRecordOf(world, shown, 2, {}, stranger), [stranger], code("SeatStruck"));
    const { deployment } = world;
    const again = policy.strikeSeat({ deployment, roster: 1n, seat: 0, operator: world.operatorAddress(0) });
    refuse(world, again, [], code("SeatStruck"));
  });
  attack("struck", "does not enrol again before its time, and does at it", () => {
    const { world } = struck();
    const { struckUntil } = policy.decodeVerifier(world.machine.data(world.verifierAddress(0)));
    // The roster that enrols when the strike ends.
    while (world.config.enrolmentEnds <= struckUntil) {
      world.at(world.config.rosterEnds > struckUntil ? struckUntil - 1n : world.config.rosterEnds);
      world.openRoster();
    }
    world.at(struckUntil - 1n);
    refuse(world, world.enrollOf(0), [world.verifierKey(0)], code("OperatorStruck"));
    world.pass(1);
    world.enroll(0);
    expect(world.roster().seats.map(({ struck }) => struck)).eql([false]);
    const { deployment } = world;
    const roster = world.config.roster;
    const strike = policy.strikeSeat({ deployment, roster, seat: 0, operator: world.operatorAddress(0) });
    refuse(world, strike, [], code("NotStruck"));
  });
  attack("struck", "loses the seat it already has in the next roster, and nobody else does", () => {
    const world = openPolicy();
    world.at(world.config.rosterEnds - BigInt(TERMS.enrol));
    world.openRoster();
    for (const place of world.owners.keys()) world.enroll(place);
    const begin = world.now() - (world.now() % BigInt(TERMS.window));
    const shown = commitTo(0, begin, bent(4, 4, { 2: { at: MILLISECONDS } }));
    world.at(world.timesOf(begin).end);
    const old = { roster: 1n, probesRoot: shown.list.root };
    world.must(world.reportOf(0, begin, [4, 4], old), [world.verifierKey(0)]);
    world.must(challengeRecordOf(world, shown, 2, { roster: 1n }), [challenger]);
    const { deployment } = world;
    const strikeOf = (seat: number, operator: number) =>
      policy.strikeSeat({ deployment, roster: 2n, seat, operator: world.operatorAddress(operator) });
    refuse(world, strikeOf(1, 0), [], code("WrongSeat"));
    refuse(world, strikeOf(9, 0), [], code("SeatUnknown"));
    refuse(world, strikeOf(1, 1), [], "UninitializedAccount");
    world.must(strikeOf(0, 0), []);
    expect(world.roster(2n).seats.map(({ struck }) => struck)).eql([true, false, false, false]);
    refuse(world, strikeOf(0, 0), [], code("SeatStruck"));
  });
  attack("challenges", "costs the challenger rent once, and an honest seat nothing", () => {
    const { world, begin } = struck();
    const before = world.roster();
    const shown = commitTo(1, begin, bent(4, 0, { 2: { at: MILLISECONDS } }));
    // Seat 1 reported another list: whatever a challenger makes up leads nowhere.
    refuse(world, challengeRecordOf(world, shown, 2), [challenger], code("RecordProof"));
    expect(world.roster()).eql(before);
    expect(world.machine.account(world.verifierAddress(1))).equal(undefined);
  });
});
