import * as policy from "@tolldns/sdk/policy";
import { hashLeaf, sha256 } from "@tolldns/sdk/routes";
import { expect } from "chai";
import { PARTIES } from "../../programs/policy/deployed.ts";
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
  recordsOf,
  reported,
  wayOf,
} from "./lies.ts";
import type { RowId } from "./rows.ts";
import { openPolicy, type PolicyWorld, TERMS } from "./world.ts";

const attack = (row: RowId, title: string, test: () => void) => run(import.meta.url, row, title, test);
const { challenger } = PARTIES;
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
  return { world, shown: reported(world, records, ok) };
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
  const [expected, other] = [addressOf("answer 2"), addressOf("else")];
  const wrong = { outcome: "wrong", reason: "records", runningOk: 2 } as const;
  const silent = { outcome: "silent", reason: "time", runningOk: 2 } as const;
  /** What is bent in record 2 of 8, of which 6 are OK, and what it is struck for. */
  const lies: readonly (readonly [string, Partial<policy.ProbeRecord>, policy.StrikeKind])[] = [
    ["an answer that differs called OK", { answer: other }, "outcome"],
    ["no answer called OK", { answer: ZERO }, "outcome"],
    ["a right answer called WRONG", { ...wrong, answer: expected }, "outcome"],
    ["a right answer called SILENT", { ...silent, answer: expected }, "outcome"],
    ["a right answer with a reason against it", { reason: "stale" }, "outcome"],
    ["silence with an answer", { ...silent, answer: other }, "outcome"],
    ["silence for another reason", { ...silent, reason: "rcode", answer: ZERO }, "outcome"],
    ["WRONG without an answer", { ...wrong, answer: ZERO }, "outcome"],
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
