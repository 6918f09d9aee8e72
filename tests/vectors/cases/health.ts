import { createSigner, toBase58, toHex } from "@tolldns/sdk";
import {
  ANSWER_FLAGS,
  type AnswerRecord,
  countProbes,
  encodeAttestation,
  encodeEntry,
  encodeProbeRecord,
  encodeReport,
  encodeTranscript,
  faultOfRecord,
  formatTarget,
  type HealthReport,
  hashAnswer,
  hashProbeRecord,
  hashRefusal,
  hashRouteState,
  hashTarget,
  hashTranscript,
  latencyBucket,
  listEntries,
  NO_LATENCY,
  OUTCOMES,
  outcomeOf,
  PROBE_ENDS,
  PROBE_TRANSPORTS,
  type ProbeRecord,
  REASONS,
  readChallengeSet,
  signReport,
  type Target,
} from "@tolldns/sdk/policy";
import { bytesOf, numberOf } from "./random.ts";

const ZERO = new Uint8Array(32);
const SECONDS = 300;

const TARGETS: readonly Target[] = [
  { kind: "backend", protocol: "udp", address: "192.0.2.1", port: 53 },
  { kind: "backend", protocol: "tcp", address: "2001:db8:0:0:0:0:0:1", port: 5353 },
  { kind: "backend", protocol: "tls", address: "192.0.2.1", port: 853, name: "dns.example.net" },
  {
    kind: "backend",
    protocol: "https",
    address: "192.0.2.1",
    port: 443,
    name: "dns.example.net",
    path: "/dns-query",
  },
  {
    kind: "backend",
    protocol: "https",
    address: "2001:db8::53",
    port: 8443,
    name: "dns.example.net",
    path: "/q",
  },
  { kind: "gateway", host: "gateway.example.net", port: 443 },
  { kind: "gateway", host: "2001:db8::80", port: 8443 },
];

const BAD_TARGETS: readonly (readonly ["backend" | "gateway", string])[] = [
  ["backend", ""],
  ["backend", "udp://192.0.2.1"],
  ["backend", "udp://192.0.2.1:053"],
  ["backend", "udp://192.0.2.1:0"],
  ["backend", "udp://192.0.2.1:65536"],
  ["backend", "udp://192.0.2.256:53"],
  ["backend", "udp://[2001:DB8::1]:53"],
  ["backend", "udp://[2001:db8:0::1]:53"],
  ["backend", "udp://resolver.example:53"],
  ["backend", "tls://192.0.2.1:853"],
  ["backend", "tls://192.0.2.1:853#Name"],
  ["backend", "https://name:443/dns-query@192.0.2.1"],
  ["backend", "https://name/dns-query"],
  ["gateway", "https://Gateway.example"],
  ["gateway", "https://gateway.example/"],
  ["gateway", "https://gateway.example:443"],
  ["gateway", "http://gateway.example"],
  ["gateway", "https://user@gateway.example"],
  ["gateway", `https://${"a".repeat(63)}.${"b".repeat(63)}.example`],
];

const wire = (text: string): Uint8Array =>
  Uint8Array.from([
    ...text.split(".").flatMap((label) => [label.length, ...new TextEncoder().encode(label)]),
    0,
  ]);

const ANSWERS: readonly {
  readonly name: string;
  readonly rcode: number;
  readonly flags: number;
  readonly records: readonly AnswerRecord[];
}[] = [
  { name: "nothing", rcode: 0, flags: 0, records: [] },
  {
    name: "NXDOMAIN that is authentic and signed",
    rcode: 3,
    flags: ANSWER_FLAGS.ad | ANSWER_FLAGS.signed,
    records: [],
  },
  { name: "BADVERS, all twelve bits", rcode: 16, flags: ANSWER_FLAGS.edns, records: [] },
  {
    name: "addresses in any order, one twice, with a signature",
    rcode: 0,
    flags: 0,
    records: [
      { owner: wire("A.Example"), type: 1, class: 1, data: Uint8Array.of(192, 0, 2, 2) },
      { owner: wire("a.example"), type: 1, class: 1, data: Uint8Array.of(192, 0, 2, 1) },
      { owner: wire("a.example"), type: 1, class: 1, data: Uint8Array.of(192, 0, 2, 2) },
      { owner: wire("a.example"), type: 46, class: 1, data: bytesOf("signature", 40) },
    ],
  },
  {
    name: "a chain of names in mixed case",
    rcode: 0,
    flags: 0,
    records: [
      { owner: wire("www.example"), type: 5, class: 1, data: wire("C1.Example") },
      { owner: wire("c1.example"), type: 39, class: 1, data: wire("New.Example") },
      { owner: wire("example"), type: 15, class: 1, data: Uint8Array.of(0, 10, ...wire("MAIL.example")) },
      {
        owner: wire("_sip._udp.example"),
        type: 33,
        class: 1,
        data: Uint8Array.of(0, 1, 0, 2, 0, 80, ...wire("Host.example")),
      },
      {
        owner: wire("example"),
        type: 6,
        class: 1,
        data: Uint8Array.of(...wire("NS.example"), ...wire("Host.example"), ...new Uint8Array(20)),
      },
      {
        owner: wire("example"),
        type: 35,
        class: 1,
        data: Uint8Array.of(0, 1, 0, 2, 1, 0x53, 0, 0, ...wire("Re.example")),
      },
    ],
  },
  {
    name: "text keeps its case, and data that is not of its type stands as it is",
    rcode: 0,
    flags: 0,
    records: [
      { owner: wire("t.example"), type: 16, class: 1, data: Uint8Array.of(2, 0x41, 0x62) },
      { owner: wire("t.example"), type: 5, class: 1, data: Uint8Array.of(9, 0x41) },
    ],
  },
];

/** A record as vectors write it. */
const rowOf = (record: ProbeRecord) => ({
  index: record.index,
  at: record.at,
  transport: record.transport,
  challenge: record.challenge,
  outcome: record.outcome,
  latency: record.latency,
  reason: record.reason,
  running_ok: record.runningOk,
  expected: toHex(record.expected),
  answer: toHex(record.answer),
  transcript: toHex(record.transcript),
});

function recordOf(index: number, before: ProbeRecord | undefined): ProbeRecord {
  const kind = numberOf(`probe ${index}`) % 6;
  const expected = bytesOf(`expected ${index}`);
  const reason = (["none", "none", "records", "rcode", "time", "transport"] as const)[kind] ?? "none";
  const answer = kind < 2 ? expected : kind < 4 ? bytesOf(`answer ${index}`) : ZERO;
  const outcome = outcomeOf({ reason, expected, answer }) ?? "ok";
  return {
    index,
    at: (before?.at ?? 0) + (numberOf(`wait ${index}`) % 9_000),
    transport: PROBE_TRANSPORTS[index % 4] ?? "udp",
    challenge: numberOf(`challenge ${index}`) % 256,
    outcome,
    latency: kind < 4 ? latencyBucket(numberOf(`latency ${index}`) % 3_000) : NO_LATENCY,
    reason,
    runningOk: (before?.runningOk ?? 0) + (outcome === "ok" ? 1 : 0),
    expected,
    answer,
    transcript: bytesOf(`transcript ${index}`),
  };
}

function recordsOf(count: number): ProbeRecord[] {
  const records: ProbeRecord[] = [];
  for (let index = 0; index < count; index++) records.push(recordOf(index, records.at(-1)));
  return records;
}

/** Records no honest verifier writes, and some it may. */
function faults() {
  const [good] = recordsOf(1) as [ProbeRecord];
  const same = { ...good, answer: good.expected };
  const other = { ...good, answer: bytesOf("another answer") };
  const none = { ...good, answer: ZERO };
  const rows: [string, ProbeRecord][] = OUTCOMES.flatMap((outcome) =>
    REASONS.flatMap((reason): [string, ProbeRecord][] => [
      [`equal, ${outcome} for ${reason}`, { ...same, outcome, reason }],
      [`different, ${outcome} for ${reason}`, { ...other, outcome, reason }],
      [`nothing, ${outcome} for ${reason}`, { ...none, outcome, reason }],
    ]),
  );
  rows.push(
    ["the last millisecond", { ...same, outcome: "ok", reason: "none", at: SECONDS * 1_000 - 1 }],
    ["after the last millisecond", { ...same, outcome: "ok", reason: "none", at: SECONDS * 1_000 }],
    ["more OK than there are", { ...same, outcome: "ok", reason: "none", runningOk: 2 }],
  );
  return rows.map(([name, record]) => ({
    name,
    seconds: SECONDS,
    record: toHex(encodeProbeRecord(record)),
    honest: faultOfRecord(record, { milliseconds: SECONDS * 1_000 }) === undefined,
  }));
}

function reportOf(count: number): HealthReport {
  return {
    domain: bytesOf("policy domain"),
    target: bytesOf(`target ${count}`),
    begin: 1_800_000_000n,
    end: 1_800_000_300n,
    roster: 7n,
    operator: bytesOf("operator"),
    region: 276,
    asn: 64_500,
    setVersion: 3,
    ...countProbes(recordsOf(count)),
  };
}

const SET = {
  version: 9,
  about: "A set for vectors.",
  challenges: [
    {
      number: 0,
      surface: "positive",
      name: "a.example",
      type: "A",
      transports: ["udp"],
      expect: { kind: "reference" },
    },
    {
      number: 1,
      surface: "nxdomain",
      name: "{random}.example",
      type: "AAAA",
      transports: ["tcp", "dot"],
      expect: { kind: "reference", rcode: "NXDOMAIN" },
    },
    {
      number: 2,
      surface: "dnssec-secure",
      name: ".",
      type: "DNSKEY",
      edns: { dnssecOk: true },
      flags: ["ad", "signed"],
      transports: ["doh"],
      expect: { kind: "reference" },
    },
    {
      number: 3,
      surface: "cname",
      name: "c.example",
      type: "TYPE64",
      transports: ["udp", "tcp", "dot", "doh"],
      expect: { kind: "digest", digest: toHex(bytesOf("digest")) },
    },
    {
      number: 4,
      surface: "dns-absence",
      name: "{random}.dns",
      type: "SOA",
      transports: ["dot"],
      expect: { kind: "chain" },
    },
    {
      number: 5,
      surface: "toll-refused",
      name: "a.example",
      type: "A",
      transports: ["dot"],
      expect: { kind: "refused", toll: "none", error: "payment-required" },
    },
  ],
};

/** What verifiers write, byte for byte. */
export function healthVectors(): Record<string, unknown> {
  const signer = createSigner(bytesOf("verifier hot key"));
  const text = JSON.stringify(SET);
  const set = readChallengeSet(text);
  return {
    about: "what verifiers write; see docs/reference/verifier.md",
    targets: TARGETS.map((target) => {
      const name = formatTarget(target);
      return { name, fields: target, id: toHex(hashTarget(target.kind, name)) };
    }),
    bad_targets: BAD_TARGETS.map(([kind, name]) => ({ name, kind })),
    buckets: [0, 0.5, 0.999, 1, 1.9, 2, 3, 4, 1_023, 1_024, 16_383, 16_384, 32_768, 1e9].map((ms) => ({
      name: `${ms} ms`,
      ms,
      bucket: latencyBucket(ms),
    })),
    answers: ANSWERS.map(({ name, rcode, flags, records }) => ({
      name,
      rcode,
      flags,
      records: records.map((record) => ({
        owner: toHex(record.owner),
        type: record.type,
        class: record.class,
        data: toHex(record.data),
      })),
      digest: toHex(hashAnswer({ rcode, flags, records })),
    })),
    refusals: [1, 3, 19].map((number) => ({
      name: `error ${number}`,
      number,
      digest: toHex(hashRefusal(number)),
    })),
    route_states: [1n, 2n ** 64n - 1n].map((epoch) => ({
      name: `epoch ${epoch}`,
      name_hash: toHex(bytesOf("name hash")),
      epoch: epoch.toString(),
      root: toHex(bytesOf("final root")),
      digest: toHex(hashRouteState(bytesOf("name hash"), epoch, bytesOf("final root"))),
    })),
    records: recordsOf(8).map((record) => ({
      name: `record ${record.index}`,
      ...rowOf(record),
      bytes: toHex(encodeProbeRecord(record)),
      leaf: toHex(hashProbeRecord(record)),
    })),
    faults: faults(),
    reports: [1, 2, 3, 20, 33].map((count) => {
      const report = reportOf(count);
      const bytes = encodeReport(report);
      return {
        name: `${count} probes`,
        records: recordsOf(count).map((record) => toHex(encodeProbeRecord(record))),
        begin: report.begin.toString(),
        end: report.end.toString(),
        roster: report.roster.toString(),
        operator: toBase58(report.operator),
        region: report.region,
        asn: report.asn,
        set_version: report.setVersion,
        total: report.total,
        ok: report.ok,
        probes_root: toHex(report.probesRoot),
        bytes: toHex(bytes),
        seed: toHex(bytesOf("verifier hot key")),
        signature: toHex(signReport(bytes, signer)),
      };
    }),
    attestations: [0, 5, 255].map((number) => {
      const passed = Array.from({ length: 256 }, (_, at) => at === number);
      const bytes = encodeAttestation({ ...reportOf(4), passed });
      return {
        name: `only challenge ${number} passed`,
        passed: number,
        bytes: toHex(bytes),
        seed: toHex(bytesOf("verifier hot key")),
        signature: toHex(signReport(bytes, signer)),
      };
    }),
    transcripts: PROBE_ENDS.map((end, i) => {
      const transport = PROBE_TRANSPORTS[i % 4] ?? "udp";
      const parts = ["query", "received", "expected", "evidence"].map((part, k) =>
        bytesOf(`${part} ${end}`, (i + 1) * k * 7),
      ) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
      const [query, received, expected, evidence] = parts;
      const bytes = encodeTranscript({ transport, end, query, received, expected, evidence });
      return {
        name: end,
        transport,
        query: toHex(query),
        received: toHex(received),
        expected: toHex(expected),
        evidence: toHex(evidence),
        bytes: toHex(bytes),
        hash: toHex(hashTranscript(bytes)),
      };
    }),
    sets: [
      {
        name: "every kind of expectation",
        text,
        entries: set.challenges.map((challenge) => toHex(encodeEntry(challenge))),
        root: toHex(listEntries(set).root),
      },
    ],
  };
}
