import { concatBytes, createSigner, fromHex, toHex } from "@tolldns/sdk";
import { hashName, wireName } from "@tolldns/sdk/names";
import {
  batchReceipts,
  createList,
  encodeStep,
  encodeUpdate,
  hashAuth,
  hashEntry,
  hashLeaf,
  hashRecords,
  hashUpdate,
  type NamedEntry,
  parseRecords,
  RouteMap,
  receiptSigningBytes,
  sha256,
  signUpdate,
  traceUpdates,
  updateSigningBytes,
} from "@tolldns/sdk/routes";
import { bytesOf, numberOf } from "./random.ts";
import { answerVectors, evidenceVectors } from "./routes-client.ts";
import { codeOf, DOMAIN, RECORDS, ZONE } from "./routes-samples.ts";

const fieldsOf = ({ nameHash, generation, version, updateHash }: NamedEntry) => ({
  name_hash: toHex(nameHash),
  generation,
  version: version.toString(),
  update_hash: toHex(updateHash),
});

function entry(label: string, prefix = ""): NamedEntry {
  const nameHash = bytesOf(`route ${label}`);
  nameHash.set(fromHex(prefix));
  return {
    nameHash,
    generation: 1 + (numberOf(`generation ${label}`) % 3),
    version: BigInt(numberOf(`version ${label}`)) + 1n,
    updateHash: bytesOf(`update ${label}`),
  };
}

const crowd = (count: number) => Array.from({ length: count }, (_, i) => entry(`${i}`));
const NEAR = [entry("near 0", "5a5a5a5a5a5a5a5a00"), entry("near 1", "5a5a5a5a5a5a5a5a01")];

/** Maps with lone names high up, a crowd, and two names that part late. */
const MAPS: readonly [string, readonly NamedEntry[]][] = [
  ["nothing", []],
  ["one name", crowd(1)],
  ["two names", crowd(2)],
  ["seventeen names", crowd(17)],
  ["two that part at bit 71", [...crowd(5), ...NEAR]],
];

function mapCases() {
  return MAPS.map(([name, entries]) => {
    const map = RouteMap.create(entries);
    const asked = [...entries.slice(0, 3), ...entries.slice(-1), entry("absent"), entry("close", "5a5a5a5a")];
    const proofs = asked.map((one) => {
      const held = entries.find(({ nameHash }) => nameHash === one.nameHash);
      const after = { ...one, version: one.version + 1n };
      const next = map.snapshot();
      next.set(one.nameHash, after);
      return {
        name_hash: toHex(one.nameHash),
        before: held === undefined ? null : fieldsOf(held),
        after: fieldsOf(after),
        proof: toHex(map.prove(one.nameHash)),
        root_after: toHex(next.root),
      };
    });
    return { name, entries: entries.map(fieldsOf), root: toHex(map.root), proofs };
  });
}

function badProofCases() {
  const map = RouteMap.create([...crowd(5), ...NEAR]);
  const good = toHex(map.prove((NEAR[0] as NamedEntry).nameHash));
  const absent = toHex(map.prove(entry("close", "5a5a5a5a").nameHash));
  const some = toHex(bytesOf("sibling"));
  const cases: [string, string][] = [
    ["nothing", ""],
    ["a depth alone", "00"],
    ["an unknown kind", "0003"],
    ["a byte too many in an empty map", "000100"],
    ["the last byte cut", good.slice(0, -2)],
    ["the last sibling cut", good.slice(0, -64)],
    ["a byte too many", `${good}00`],
    ["a sibling too many", `${good}${some}`],
    ["an opening cut", `0002${some}`],
    ["an absence cut", absent.slice(0, -2)],
    ["a node without its level", `0100${some}`],
    ["an empty sibling", `010000${"00".repeat(32)}`],
    ["an empty place beside names", `010100${some}`],
    ["levels that rise", `020003${some}04${some}`],
    ["a level twice", `020003${some}03${some}`],
  ];
  return cases.map(([name, proof]) => ({ name, proof, error: "proof-form" }));
}

function updateCases() {
  return [1, 2, 3].map((i) => {
    const seed = bytesOf(`route signer ${i}`);
    const signer = createSigner(seed);
    const records = i === 3 ? new Uint8Array() : RECORDS;
    const update = {
      nameHash: hashName(["example", "another", "third"][i - 1] as string),
      generation: i,
      version: [1n, 7n, 0xffff_ffff_ffff_ffffn][i - 1] as bigint,
      expiresAt: 1_800_000_000n + BigInt(i),
      recordsHash: hashRecords(records),
    };
    const { signature } = signUpdate(update, DOMAIN, signer);
    const updateHash = hashUpdate(update, DOMAIN);
    return {
      name: `update ${i}`,
      seed: toHex(seed),
      domain: toHex(DOMAIN),
      records: toHex(records),
      ...fieldsOf({ ...update, updateHash }),
      expires_at: update.expiresAt.toString(),
      records_hash: toHex(update.recordsHash),
      update: toHex(encodeUpdate(update, DOMAIN)),
      signing_bytes: toHex(updateSigningBytes(updateHash)),
      signer: toHex(signer.publicKey),
      signature: toHex(signature),
      auth_hash: toHex(hashAuth(signer.publicKey, signature)),
      leaf: toHex(hashEntry(update.nameHash, { ...update, updateHash })),
    };
  });
}

function listCases() {
  return [0, 1, 2, 3, 6, 7, 13, 64].map((size) => {
    const leaves = Array.from({ length: size }, (_, i) => hashLeaf(sha256, bytesOf(`entry ${i}`, 7)));
    const list = createList(leaves);
    const places = [...new Set([0, size >> 1, size - 1])].filter((index) => index >= 0 && index < size);
    return {
      name: `${size} entries`,
      entries: leaves.map((_, i) => toHex(bytesOf(`entry ${i}`, 7))),
      root: toHex(list.root),
      proofs: places.map((index) => ({ index, proof: toHex(list.prove(index)) })),
    };
  });
}

function traceCases() {
  return [0, 1, 5].map((count) => {
    const map = RouteMap.create(crowd(9));
    const before = toHex(map.root);
    const updates = Array.from({ length: count }, (_, i) => {
      const update = {
        nameHash: bytesOf(`route ${i * 3}`),
        generation: 4,
        version: BigInt(i + 1),
        expiresAt: 1_800_000_000n,
        recordsHash: hashRecords(RECORDS),
      };
      return signUpdate(update, DOMAIN, createSigner(bytesOf(`route signer ${i}`)));
    });
    const { steps, root, list } = traceUpdates(map, updates, DOMAIN);
    return {
      name: `${count} updates`,
      domain: toHex(DOMAIN),
      entries: crowd(9).map(fieldsOf),
      before,
      updates: updates.map(({ update, signer, signature }) => ({
        update: toHex(encodeUpdate(update, DOMAIN)),
        signer: toHex(signer),
        signature: toHex(signature),
      })),
      steps: steps.map((step) => toHex(encodeStep(step))),
      proofs: steps.map((_, i) => toHex(list.prove(i))),
      root: toHex(root),
      updates_root: toHex(list.root),
    };
  });
}

function receiptCases() {
  return [1, 2, 9].map((count) => {
    const receipts = Array.from({ length: count }, (_, i) => ({
      epoch: 12n,
      updateHash: bytesOf(`update ${i % 7}`),
      seenAt: 1_790_000_000n + BigInt(i % 7) * 59n,
    }));
    const batch = batchReceipts(receipts);
    const witness = createSigner(bytesOf("witness")).publicKey;
    const { size, root } = batch.list;
    const claim = { domain: DOMAIN, witness, epoch: 12n, count: size, root };
    return {
      name: `${count} receipts`,
      seen: receipts.map(({ updateHash, seenAt }) => ({
        update_hash: toHex(updateHash),
        seen_at: seenAt.toString(),
      })),
      epoch: "12",
      domain: toHex(DOMAIN),
      witness: toHex(witness),
      receipts: batch.receipts.map(toHex),
      root: toHex(root),
      signing_bytes: toHex(receiptSigningBytes(claim)),
    };
  });
}

function recordCases() {
  const sets: [string, Uint8Array][] = [
    ["nothing", new Uint8Array()],
    ["a site", RECORDS],
  ];
  return sets.map(([name, records]) => ({
    name,
    zone: toHex(ZONE),
    records: toHex(records),
    count: parseRecords(records, ZONE).length,
    hash: toHex(hashRecords(records)),
  }));
}

/** A record in wire form, whatever its parts are. */
function raw(owner: Uint8Array, type: number, ttl: number, data: string, klass = 1): Uint8Array {
  const bytes = fromHex(data);
  const head = Uint8Array.of(type >> 8, type, klass >> 8, klass, ttl >> 24, ttl >> 16, ttl >> 8, ttl);
  return concatBytes(owner, head, Uint8Array.of(bytes.length >> 8, bytes.length), bytes);
}

function badRecordCases() {
  const below = (label: string) =>
    concatBytes(Uint8Array.of(label.length), new TextEncoder().encode(label), ZONE);
  const a = (data = "c0000201", ttl = 60) => raw(ZONE, 1, ttl, data);
  const sets: [string, Uint8Array][] = [
    ["more than 4096 bytes", new Uint8Array(4_097)],
    ["a cut owner", ZONE.subarray(0, 4)],
    ["a compressed owner", concatBytes(Uint8Array.of(0xc0, 0), a().subarray(ZONE.length))],
    ["a capital letter", raw(below("A"), 1, 60, "c0000201")],
    ["cut data", a().subarray(0, -1)],
    ["another class", raw(ZONE, 1, 60, "c0000201", 3)],
    ["another name", raw(wireName("another"), 1, 60, "c0000201")],
    [
      "a name that only ends alike",
      raw(
        concatBytes(Uint8Array.of(8), new TextEncoder().encode("xexample"), ZONE.subarray(8)),
        1,
        60,
        "c0000201",
      ),
    ],
    ["a delegation", raw(below("sub"), 2, 60, "00")],
    ["a TTL of 29", a("c0000201", 29)],
    ["a TTL of 86401", a("c0000201", 86_401)],
    ["two TTLs of one type", concatBytes(a(), a("c0000202", 61))],
    ["three bytes of IPv4", a("c00002")],
    ["text that is cut", raw(ZONE, 16, 60, "0561")],
    ["a CNAME with a capital letter", raw(ZONE, 5, 60, "014100")],
    ["a CNAME and more", raw(ZONE, 5, 60, "016100ff")],
    ["keys of HTTPS that fall", raw(ZONE, 65, 60, "000100000300020050000100030268 32".replace(" ", ""))],
    ["wrong order", concatBytes(a("c0000202"), a("c0000201"))],
    ["a record twice", concatBytes(a(), a())],
    ["a child before its parent", concatBytes(raw(below("a"), 1, 60, "c0000201"), a())],
    ["a CNAME beside another record", concatBytes(a(), raw(ZONE, 5, 60, "016100"))],
    ["two CNAMEs", concatBytes(raw(ZONE, 5, 60, "016100"), raw(ZONE, 5, 60, "016200"))],
  ];
  return sets.map(([name, records]) => ({
    name,
    zone: toHex(ZONE),
    records: toHex(records),
    error: codeOf(() => parseRecords(records, ZONE)),
  }));
}

/** Contents of routes.json. */
export function routesVectors(): Record<string, unknown> {
  return {
    about: "docs/reference/routes.md: updates, record sets, map, lists, traces, receipts, evidence, answers",
    domains: [
      {
        name: "a cluster",
        genesis_hash: toHex(bytesOf("genesis")),
        config: toHex(bytesOf("quorum config")),
        domain: toHex(DOMAIN),
      },
    ],
    records: recordCases(),
    bad_records: badRecordCases(),
    updates: updateCases(),
    maps: mapCases(),
    bad_proofs: badProofCases(),
    lists: listCases(),
    traces: traceCases(),
    receipts: receiptCases(),
    evidence: evidenceVectors(),
    answers: answerVectors(),
  };
}
