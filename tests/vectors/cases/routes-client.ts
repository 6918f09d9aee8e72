import { createSigner, toHex } from "@tolldns/sdk";
import { hashName, wireName } from "@tolldns/sdk/names";
import {
  canonicalizeRecords,
  createAnswerer,
  encodeEvidence,
  hashRecords,
  parseRecords,
  RouteMap,
  signUpdate,
  traceUpdates,
  verifyEvidence,
} from "@tolldns/sdk/routes";
import { parseZone, typeNumber } from "@tolldns/sdk/zone";
import { bytesOf } from "./random.ts";
import { codeOf, DOMAIN, RECORDS, ZONE } from "./routes-samples.ts";

const NOW = 1_790_000_000n;
const EPOCH = 41n;

/** Evidence as a feed gives it, good and bad, with what a client makes of it. */
export function evidenceVectors() {
  const map = RouteMap.create(
    Array.from({ length: 40 }, (_, i) => ({
      nameHash: bytesOf(`route ${i}`),
      generation: 1,
      version: 1n,
      updateHash: bytesOf(`update ${i}`),
    })),
  );
  const signer = createSigner(bytesOf("route owner"));
  const make = (expiresAt: bigint, records = RECORDS, by = signer) => {
    const nameHash = hashName("example");
    const update = { nameHash, generation: 2, version: 9n, expiresAt, recordsHash: hashRecords(records) };
    return { ...signUpdate(update, DOMAIN, by), records };
  };
  const show = (body: ReturnType<typeof make>, changes: Record<string, unknown> = {}) => {
    const next = map.snapshot();
    traceUpdates(next, [body], DOMAIN);
    const { update, signer: by, signature, records } = body;
    const route = { ...update, signer: by, signature, records, ...changes };
    return {
      root: next.root,
      bytes: encodeEvidence({ epoch: EPOCH, proof: next.prove(update.nameHash), route }),
    };
  };
  const flip = (bytes: Uint8Array, at: number) => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
  const good = show(make(NOW + 1n));
  const absence = {
    root: map.root,
    bytes: encodeEvidence({ epoch: EPOCH, proof: map.prove(hashName("example")) }),
  };
  const stranger = createSigner(bytesOf("stranger"));
  const foreign = canonicalizeRecords(
    parseZone("@ 60 A 192.0.2.9", wireName("another")).records,
    wireName("another"),
  );
  const cases: [
    string,
    { root: Uint8Array; bytes: Uint8Array },
    Partial<{ zone: Uint8Array; epoch: bigint; domain: Uint8Array }>?,
  ][] = [
    ["a route", good],
    ["a route taken away", show(make(NOW + 1n, new Uint8Array()))],
    ["no such name", absence],
    ["nothing", { ...good, bytes: new Uint8Array() }],
    ["another version of evidence", { ...good, bytes: flip(good.bytes, 0) }],
    ["a byte too many", { ...good, bytes: Uint8Array.of(...good.bytes, 0) }],
    ["a byte too few", { ...good, bytes: good.bytes.subarray(0, -1) }],
    [
      "presence without a route",
      { ...good, bytes: good.bytes.subarray(0, good.bytes.length - RECORDS.length - 118) },
    ],
    ["another epoch", good, { epoch: EPOCH + 1n }],
    ["an older root", { ...good, root: map.root }],
    ["another name", good, { zone: wireName("another") }],
    ["absence of another name", absence, { zone: wireName("x") }],
    ["another cluster", good, { domain: bytesOf("another domain") }],
    ["records of another name, signed", show(make(NOW + 1n, foreign))],
    ["records that are none", show(make(NOW + 1n), { records: RECORDS.subarray(0, -1) })],
    ["records left out", show(make(NOW + 1n), { records: new Uint8Array() })],
    ["an older version told", show(make(NOW + 1n), { version: 8n })],
    ["a later expiry told", show(make(NOW + 1n), { expiresAt: NOW + 2n })],
    ["another signer told", show(make(NOW + 1n), { signer: stranger.publicKey })],
    ["a signature that is none", show(make(NOW + 1n), { signature: bytesOf("no signature", 64) })],
    ["a route at its last second", show(make(NOW))],
  ];
  return cases.map(([name, { root, bytes }, { zone = ZONE, epoch = EPOCH, domain = DOMAIN } = {}]) => {
    let status = "";
    const error = codeOf(() => {
      ({ status } = verifyEvidence(bytes, { name: zone, domain, epoch, root, now: NOW }));
    });
    const trust = {
      zone: toHex(zone),
      domain: toHex(domain),
      epoch: epoch.toString(),
      root: toHex(root),
      now: NOW.toString(),
    };
    return { name, evidence: toHex(bytes), ...trust, ...(status === "" ? { error } : { status }) };
  });
}

const SET = `
@           300 A     192.0.2.1
@           300 AAAA  2001:db8::1
www         60  CNAME @
out         60  CNAME elsewhere.example.net.
one         60  CNAME two
two         60  CNAME one
gone        60  CNAME missing
*           60  TXT   "wild"
*.mail      60  MX    10 @
host.mail   60  A     192.0.2.3
*.alias     60  CNAME @
a.empty     60  A     192.0.2.4
sub.*.star  60  A     192.0.2.5
`;

const ASKED: readonly [name: string, type: string][] = [
  ["@", "A"],
  ["@", "MX"],
  ["@", "ANY"],
  ["www", "A"],
  ["www", "CNAME"],
  ["WWW", "aaaa"],
  ["www", "MX"],
  ["out", "A"],
  ["one", "A"],
  ["gone", "A"],
  ["gone", "TXT"],
  ["any", "TXT"],
  ["any.thing", "TXT"],
  ["any", "A"],
  ["x.www", "TXT"],
  ["mail", "MX"],
  ["x.mail", "MX"],
  ["x.y.mail", "MX"],
  ["host.mail", "MX"],
  ["x.host.mail", "MX"],
  ["x.alias", "A"],
  ["empty", "A"],
  ["a.empty", "A"],
  ["b.empty", "TXT"],
  ["*", "TXT"],
  ["x.star", "A"],
  ["sub.x.star", "A"],
  ["elsewhere.example.net.", "A"],
];

/** Questions to a record set, with what a client answers from it. */
export function answerVectors() {
  const records = canonicalizeRecords(parseZone(SET, ZONE).records, ZONE);
  const answer = createAnswerer(parseRecords(records, ZONE), ZONE);
  return ASKED.map(([asked, kind]) => {
    // Names as questions have them: capitals stay.
    const labels = asked === "@" ? [] : asked.replace(/\.$/, "").split(".");
    const tail = asked.endsWith(".") ? Uint8Array.of(0) : ZONE;
    const question = Uint8Array.from([
      ...labels.flatMap((label) => [label.length, ...new TextEncoder().encode(label)]),
      ...tail,
    ]);
    const type = kind === "ANY" ? 255 : (typeNumber(kind) as number);
    const { outcome, records: found, target } = answer(question, type);
    return {
      name: `${asked} ${kind}`,
      zone: toHex(ZONE),
      records: toHex(records),
      question: toHex(question),
      type,
      outcome,
      answer: found.map(({ owner, type: of, ttl, data }) => [toHex(owner), of, ttl, toHex(data)]),
      target: target === undefined ? null : toHex(target),
    };
  });
}
