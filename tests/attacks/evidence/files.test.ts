import * as dagCbor from "@ipld/dag-cbor";
import { replay } from "@tolldns/keepers";
import { type HearReportsOptions, hearReports, judgeReport } from "@tolldns/policy";
import { formatAddress, isTollError, toBase64Url, toHex } from "@tolldns/sdk";
import {
  type ChallengeSet,
  countProbes,
  DEFAULT_POLICY_TERMS,
  decodeTranscript,
  encodeReport,
  encodeTranscript,
  formatTarget,
  type HealthReport,
  hashTranscript,
  listEntries,
  MAX_CHALLENGES,
  MAX_PROBES,
  MAX_SET_BYTES,
  type ProbeRecord,
  readChallengeSet,
  SURFACES,
  signReport,
  writeChallengeSet,
} from "@tolldns/sdk/policy";
import { expect } from "chai";
import fc from "fast-check";
import { CID } from "multiformats/cid";
import { rawBlock, writeCar } from "../../../keepers/src/runtime/car.ts";
import { decodeEvidenceFile, encodeEvidenceFile } from "../../../keepers/src/verifier/car.ts";
import { recordsOf, reportOf } from "../../../keepers/src/verifier/report.ts";
import { CONTEXT, KEY, probeOf, probesOf, SET, SET_TEXT, TARGET } from "../../verifier/support/window.ts";
import { always, mutated, readOrRefuse, attack as run, SEED } from "./attack.ts";
import { unfolding } from "./bombs.ts";
import type { RowId } from "./rows.ts";

const attack = (row: RowId, title: string, test: () => void | Promise<void>) =>
  run(import.meta.url, row, title, test);

/** A verifier's file over these records, signed, whatever they say. */
function carOf(records: readonly ProbeRecord[], transcripts: readonly Uint8Array[]): Uint8Array {
  const report = encodeReport({ ...(reportOf(CONTEXT, records) as HealthReport), ...countProbes(records) });
  return encodeEvidenceFile({
    report,
    signature: signReport(report, KEY),
    hotKey: KEY.publicKey,
    kind: "backend",
    name: formatTarget(TARGET),
    setText: SET_TEXT,
    records,
    transcripts,
  });
}
const probes = probesOf();
const GOOD = carOf(
  recordsOf(probes),
  probes.map(({ transcript }) => transcript),
);

/** What replaying this says; it never rejects, and never crashes. */
const differenceOf = async (bytes: Uint8Array) => (await replay(bytes)).difference;

/** A set's JSON with something of it replaced. */
const setWith = (change: (set: Record<string, unknown>) => void): string => {
  const set = JSON.parse(SET_TEXT) as Record<string, unknown>;
  change(set);
  return JSON.stringify(set);
};
const refusedAs = (text: string): string => {
  try {
    readChallengeSet(text);
  } catch (error) {
    return isTollError(error) ? error.code : String(error);
  }
  return "taken";
};

describe(`evidence: challenge sets, seed ${SEED}`, () => {
  attack("challenge set", "is read as it is written, or refused with an error of its own", async () => {
    expect(readChallengeSet(SET_TEXT)).eql(SET);
    const row = (SET_TEXT.match(/\{[^{}]*"number":\s*0[\s\S]*?\}\s*\}/) ?? [""])[0];
    const any = fc.oneof(
      fc.string({ maxLength: 200 }),
      fc.json(),
      mutated(new TextEncoder().encode(SET_TEXT)).map((bytes) => Buffer.from(bytes).toString("utf8")),
      fc
        .dictionary(fc.constantFrom("version", "about", "challenges", "x"), fc.jsonValue())
        .map((value) => JSON.stringify(value)),
      fc
        .dictionary(
          fc.constantFrom("number", "surface", "name", "type", "edns", "flags", "transports", "expect"),
          fc.oneof(fc.jsonValue(), fc.constantFrom(...SURFACES), fc.constant("A"), fc.constant(["udp"])),
        )
        .map((challenge) => JSON.stringify({ version: 1, about: row, challenges: [challenge] })),
    );
    await always(any, (text) => {
      const set = readOrRefuse(() => readChallengeSet(text)) as ChallengeSet | undefined;
      if (set === undefined) return;
      // What was taken can be written, read again, and proven entry by entry.
      expect(readChallengeSet(writeChallengeSet(set))).eql(set);
      expect(listEntries(set).size).equal(set.challenges.length);
    });
  });

  attack("challenge set", "takes names of Object for the surface, type or flag of none", () => {
    const of = (change: Record<string, unknown>) =>
      setWith((set) => Object.assign((set.challenges as Record<string, unknown>[])[0] ?? {}, change));
    for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
      expect(refusedAs(of({ surface: name })), name).equal("set-surface");
      expect(refusedAs(of({ type: name })), name).equal("set-type");
      expect(refusedAs(of({ flags: [name] })), name).equal("set-edns");
      expect(refusedAs(of({ transports: [name] })), name).equal("set-transports");
      expect(refusedAs(of({ expect: { kind: name } })), name).equal("set-expect");
    }
    expect(refusedAs(SET_TEXT.replace(/\{/, '{"__proto__": {"version": 1},'))).equal("set-form");
    expect(refusedAs(of({ number: "0" }))).equal("set-number");
  });

  attack("challenge set", "has 64 KiB and 256 challenges, and not one more", () => {
    const room = MAX_SET_BYTES - SET_TEXT.length;
    expect(refusedAs(SET_TEXT + " ".repeat(room))).equal("taken");
    expect(refusedAs(SET_TEXT + " ".repeat(room + 1))).equal("set-size");
    // 64 Ki characters may be three times as many bytes.
    expect(refusedAs(`${SET_TEXT}${"€".repeat(Math.ceil(room / 3) + 1)}`)).equal("set-size");
    const challenge = (number: number) => ({
      ...{ number, surface: "positive", name: "a.example", type: "A", transports: ["udp"] },
      expect: { kind: "reference" },
    });
    const many = (count: number) =>
      setWith((set) => {
        set.challenges = Array.from({ length: count }, (_, number) => challenge(number));
      });
    expect(refusedAs(many(MAX_CHALLENGES))).equal("taken");
    expect(refusedAs(many(MAX_CHALLENGES + 1))).equal("set-size");
    expect(refusedAs(many(0))).equal("set-size");
  });

  attack("nesting", "refuses JSON nested as deep as a set is long", () => {
    for (const deep of ["[".repeat(MAX_SET_BYTES), `{"version":${"[".repeat(60_000)}${"]".repeat(60_000)}}`])
      expect(refusedAs(deep)).match(/^set-/);
    const { about } = { about: `${"[".repeat(20_000)}${"]".repeat(20_000)}` };
    expect(refusedAs(`{"version":1,"about":${about},"challenges":[]}`)).match(/^set-/);
  });
});

describe("evidence: files of a window", function () {
  this.timeout(120_000);
  attack("random bytes", "are read as they are written, or refused in a sentence", async () => {
    expect(await differenceOf(GOOD)).equal(null);
    await always(fc.oneof(fc.uint8Array({ maxLength: 2_000 }), mutated(GOOD)), async (bytes) => {
      const { ok, difference } = await replay(bytes);
      expect(ok).equal(difference === null);
      if (ok) expect(bytes).eql(GOOD);
    });
  });

  /** A file whose root is this, beside the blocks of an honest one. */
  const withHead = (change: (head: Record<string, unknown>) => void) => {
    const file = decodeEvidenceFile(GOOD);
    const set = rawBlock(new TextEncoder().encode(file.setText));
    const transcripts = file.transcripts.map(rawBlock);
    const head: Record<string, unknown> = {
      ...{ report: file.report, signature: file.signature, hotKey: file.hotKey },
      ...{ kind: file.kind, name: file.name, set: set.cid, records: set.cid },
      transcripts: transcripts.map(({ cid }) => cid),
    };
    change(head);
    return writeCar(head, [set, ...transcripts]).bytes;
  };
  attack(
    "file blocks",
    "have one root, of fields of their own kind, and links to what is there",
    async () => {
      const absent = rawBlock(Uint8Array.of(9)).cid;
      const changes: Record<string, unknown>[] = [
        { report: "text" },
        { signature: new Uint8Array(63) },
        { hotKey: new Uint8Array(33) },
        { kind: "constructor" },
        { name: 5 },
        { set: absent },
        { set: null },
        { set: "bafy" },
        { records: absent },
        { transcripts: {} },
        { transcripts: [absent] },
        { transcripts: [1, 2, 3, 4, 5, 6] },
      ];
      for (const change of changes) {
        const said = await differenceOf(withHead((head) => Object.assign(head, change)));
        expect(said, JSON.stringify(Object.keys(change))).a("string");
      }
      for (const head of [null, 5, "text", [], new Uint8Array(4), {}])
        expect(await differenceOf(writeCar(head, []).bytes), JSON.stringify(head)).a("string");
    },
  );

  attack("file blocks", "are held against their hash, whatever codec or hash their names say", async () => {
    const { bytes } = writeCar({}, []);
    const { cid } = rawBlock(Uint8Array.of(1));
    // An identity hash would be a block that says its own bytes; another codec would be read as none.
    for (const name of [
      CID.createV1(0x55, { ...cid.multihash, code: 0 }),
      CID.createV1(0x70, cid.multihash),
    ]) {
      const file = Uint8Array.from([...bytes, 1 + name.bytes.length, ...name.bytes, 2]);
      expect(await differenceOf(file)).a("string");
    }
  });

  attack("file lengths", "don't reach beyond their end, however long they say to be", async () => {
    const huge = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f];
    for (const bytes of [
      Uint8Array.from(huge),
      Uint8Array.from([...huge, ...GOOD]),
      Uint8Array.from([...GOOD, ...huge]),
      Uint8Array.from([...GOOD, ...huge.slice(0, 4), 0x0f, 1, 2, 3]),
      // A CBOR string of 4 GB, an array of 2^53 links, in the header's place.
      Uint8Array.from([6, 0x5a, 0xff, 0xff, 0xff, 0xff, 0]),
      Uint8Array.from([10, 0x9b, 0, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0]),
    ])
      expect(await differenceOf(bytes)).a("string");
  });

  attack("nesting", "are refused when their root is nested without end", async () => {
    const deep = Uint8Array.from([...new Array(200_000).fill(0x81), 0x80]);
    const { cid } = rawBlock(deep);
    const top = CID.createV1(dagCbor.code, cid.multihash);
    const header = dagCbor.encode({ version: 1, roots: [top] });
    const length: number[] = [];
    for (let left = top.bytes.length + deep.length; ; left >>>= 7) {
      length.push(left > 127 ? (left & 127) | 128 : left);
      if (left <= 127) break;
    }
    const bytes = Uint8Array.from([header.length, ...header, ...length, ...top.bytes, ...deep]);
    expect(await differenceOf(bytes)).a("string");
  });

  attack(
    "shared transcript",
    "take no longer for linking one large transcript four thousand times",
    async () => {
      const probe = probeOf(0);
      const honest = decodeTranscript(probe.transcript);
      const bomb = unfolding(honest.query);
      // The reference is said to have answered the same: every record is right, so that the last is reached.
      const large = probeOf(0, { received: bomb, expected: bomb });
      const [record] = recordsOf([large]) as [ProbeRecord];
      const records = Array.from({ length: MAX_PROBES }, (_, index) => ({
        ...record,
        index,
        runningOk: index + 1,
      }));
      expect(record).include({ outcome: "ok" });
      expect(record.transcript).eql(
        hashTranscript(encodeTranscript({ ...honest, received: bomb, expected: bomb })),
      );
      const file = carOf(
        records,
        records.map(() => large.transcript),
      );
      expect(file.length).lessThan(1_500_000);
      const began = performance.now();
      expect(await differenceOf(file)).equal(null);
      expect(performance.now() - began).lessThan(5_000);
    },
  );
});

describe("evidence: a report over HTTP", () => {
  const operator = formatAddress((reportOf(CONTEXT, recordsOf(probes)) as HealthReport).operator);
  const begin = Number(CONTEXT.begin);
  const report = encodeReport(reportOf(CONTEXT, recordsOf(probes)) as HealthReport);
  const seat = {
    ...{ seat: 0, operator, node: operator, region: 1, asn: 64_500, weight: 1n, struck: false, said: null },
    ...{ endpoint: "http://127.0.0.1:1/", hotKey: formatAddress(KEY.publicKey) },
  };
  const id = toHex((reportOf(CONTEXT, recordsOf(probes)) as HealthReport).target);
  const history: HearReportsOptions["history"] = {
    target: { kind: "backend", name: formatTarget(TARGET), id },
    ...{ changes: [], windows: [], isComplete: true, terms: DEFAULT_POLICY_TERMS },
    domain: toHex(CONTEXT.state.config.domain),
    rounds: new Map([
      [
        begin,
        {
          begin,
          roster: (reportOf(CONTEXT, recordsOf(probes)) as HealthReport).roster,
          evidenceRoot: "",
          isProven: null,
          seats: [seat],
        },
      ],
    ]),
  };
  const words = { report: toBase64Url(report), signature: toBase64Url(signReport(report, KEY)) };
  const hear = (text: string) =>
    hearReports({ history, get: () => Promise.resolve(text), signal: new AbortController().signal });

  attack(
    "report of another",
    "is heard as it was signed, or told as refused, whatever the body is",
    async () => {
      expect((await hear(JSON.stringify(words))).heard).length(1);
      const any = fc.oneof(
        fc.string(),
        fc.json(),
        fc
          .record({ report: fc.jsonValue(), signature: fc.jsonValue() })
          .map((value) => JSON.stringify(value)),
        mutated(report).map((bytes) => JSON.stringify({ ...words, report: toBase64Url(bytes) })),
        fc
          .uint8Array({ maxLength: 100 })
          .map((bytes) => JSON.stringify({ ...words, signature: toBase64Url(bytes) })),
        fc.constantFrom(
          "null",
          "[]",
          "5",
          '"x"',
          "[".repeat(8_000),
          `{"__proto__":${JSON.stringify(words)}}`,
        ),
      );
      await always(any, async (text) => {
        const { heard, refused } = await hear(text);
        if (heard.length === 0) expect(refused).length(1);
        // Nothing but the signed bytes themselves passes.
        else expect(JSON.parse(text).report).equal(words.report);
      });
    },
  );

  attack("report of another", "is refused of a Node that has no key on chain", () => {
    const keyless = { ...seat, hotKey: null };
    expect(() => judgeReport(JSON.stringify(words), begin, keyless, history)).throw("did not sign");
  });
});
