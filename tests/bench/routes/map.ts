/**
 * The map of routes at a million names: `node tests/bench/routes/map.ts [names]`. Times are of this run, to compare with each other; sizes and compute units are the same
 * everywhere. A peer runs beside it at a size it can bear: a Merkle Patricia trie. The list of an epoch, which merkletreejs builds, stands beside its hashing alone.
 */
import { hash } from "node:crypto";
import { createMerkleProof, createMPT, verifyMerkleProof } from "@ethereumjs/mpt";
import { concatBytes, createSigner } from "@tolldns/sdk";
import { wireName } from "@tolldns/sdk/names";
import { sha256Node, verifyEd25519Node } from "@tolldns/sdk/node";
import {
  createList,
  decodeMapProof,
  encodeEvidence,
  hashRecords,
  hashWireName,
  type NamedEntry,
  RouteMap,
  rootOfListProof,
  rootOfMapProof,
  sha256,
  signUpdate,
  traceUpdates,
  verifyEvidence,
} from "@tolldns/sdk/routes";
import { BytecodeProofs } from "../../routes/support/bytecode.ts";
import { measureChallenge } from "./challenge.ts";

const NAMES = Number(process.argv[2] ?? 1_000_000);
const UPDATES = 10_000;
const PEER_NAMES = 20_000;
const LIST = 16_384;
const DOMAIN = hash("sha256", "bench domain", "buffer");
const SIGNER = createSigner(hash("sha256", "bench signer", "buffer"));

const name = (i: number): Uint8Array => hash("sha256", `name ${i}`, "buffer");
const row = (i: number): NamedEntry => ({
  nameHash: name(i),
  generation: 1,
  version: 1n,
  updateHash: hash("sha256", `update ${i}`, "buffer"),
});

async function timed<T>(run: () => T | Promise<T>): Promise<[T, number]> {
  const started = performance.now();
  const result = await run();
  return [result, performance.now() - started];
}

const line = (what: string, value: string) => console.log(`${what.padEnd(66)} ${value}`);
const ms = (value: number) => `${value.toFixed(value < 100 ? 1 : 0)} ms`;
const each = (total: number, count: number) => `${((total * 1_000) / count).toFixed(1)} us each`;
const spread = (values: readonly number[]) => {
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
  const [least, most] = values.reduce(([a, b], one) => [Math.min(a, one), Math.max(b, one)], [1e9, 0]);
  return `min ${least}, mean ${mean.toFixed(0)}, max ${most}`;
};

console.log(`-- our map, ${NAMES.toLocaleString("en")} names, SHA-256 by node:crypto\n`);
const rows = Array.from({ length: NAMES }, (_, i) => row(i));
const [map, built] = await timed(() => RouteMap.create(rows, sha256Node));
line("build", `${(built / 1_000).toFixed(2)} s, ${each(built, NAMES)}`);
line(
  "memory",
  `${(map.usage.bytes / 1e6).toFixed(0)} MB, ${(map.usage.bytes / NAMES).toFixed(0)} bytes a name`,
);

const updates = Array.from({ length: UPDATES }, (_, i) => {
  // Nine in ten are of names that are there.
  const nameHash = name(i % 10 === 0 ? NAMES + i : (i * 97) % NAMES);
  const update = { nameHash, generation: 1, version: 2n, expiresAt: 1n, recordsHash: DOMAIN };
  return { update, signer: SIGNER.publicKey, signature: new Uint8Array(64) };
});
const before = map.snapshot();
const held = map.usage;
const [trace, traced] = await timed(() => traceUpdates(map, updates, DOMAIN, sha256Node));
line(
  `apply ${UPDATES.toLocaleString("en")} updates, with each step's roots and the list`,
  `${ms(traced)}, ${each(traced, UPDATES)}`,
);
line("nodes more to keep the root before as well", `${map.usage.nodes - held.nodes} of ${held.nodes}`);
before.release();

const SAMPLE = Math.min(NAMES, 100_000);
const [proofs, proved] = await timed(() =>
  Array.from({ length: SAMPLE }, (_, i) => map.prove(name(NAMES - 1 - i))),
);
line("make a proof", each(proved, SAMPLE));
const [absences, denied] = await timed(() =>
  Array.from({ length: SAMPLE }, (_, i) => map.prove(name(3 * NAMES + i))),
);
line("make a proof of absence", each(denied, SAMPLE));
const check = (by: typeof sha256, count: number) => () => {
  for (let i = 0; i < count; i++) {
    const at = NAMES - 1 - i;
    const entry = map.get(name(at));
    const root = rootOfMapProof(decodeMapProof(proofs[i] as Uint8Array), name(at), entry, by);
    if (root === undefined || Buffer.compare(root, map.root) !== 0) throw new Error("a proof failed");
  }
};
const CHECKS = Math.min(SAMPLE, 5_000);
const [, checkedNode] = await timed(check(sha256Node, CHECKS));
const [, checkedPortable] = await timed(check(sha256, CHECKS));
line(
  "check a proof (by node:crypto; by portable code as in browsers)",
  `${each(checkedNode, CHECKS)}; ${each(checkedPortable, CHECKS)}`,
);
let most = proofs[0] as Uint8Array;
let mostAt = NAMES - 1;
const sizes: number[] = [];
for (let i = 0; i < NAMES; i++) {
  const proof = map.prove((rows[i] as NamedEntry).nameHash);
  sizes.push(proof.length);
  if (proof.length > most.length) [most, mostAt] = [proof, i];
}
line("bytes of a proof, every name", spread(sizes));
line(
  `bytes of a proof of absence, ${SAMPLE.toLocaleString("en")} names`,
  spread(absences.map(({ length }) => length)),
);

console.log("\n-- in bytecode: compute units of the whole transaction that checks a proof\n");
const bytecode = new BytecodeProofs();
const unitsOf = (at: number, proof: Uint8Array) => {
  const nameHash = name(at);
  const { root, units } = bytecode.mapRoot(proof, nameHash, map.get(nameHash));
  if (root === undefined || Buffer.compare(root, map.root) !== 0) throw new Error("a proof failed");
  return units;
};
const some = (list: readonly Uint8Array[], at: (i: number) => number) =>
  Array.from({ length: 300 }, (_, i) => unitsOf(at(i), list[i] as Uint8Array));
line("300 names that are there", spread(some(proofs, (i) => NAMES - 1 - i)));
line("300 names that are not", spread(some(absences, (i) => 3 * NAMES + i)));
line(`the deepest of all, ${most[0]} nodes`, String(unitsOf(mostAt, most)));

const { units, size } = measureChallenge(map, name(mostAt), 1_000);
line("challenge_step by the quorum program: that name's step among 1 000", `${units}, ${size} bytes`);

console.log("\n-- a client's whole check of evidence\n");
const zone = wireName("example");
const records = new Uint8Array();
const nameHash = hashWireName(zone);
const update = { nameHash, generation: 1, version: 1n, expiresAt: 9n, recordsHash: hashRecords(records) };
const signed = signUpdate(update, DOMAIN, SIGNER);
traceUpdates(map, [signed], DOMAIN, sha256Node);
const { signer, signature } = signed;
const evidence = encodeEvidence({
  epoch: 1n,
  proof: map.prove(nameHash),
  route: { ...update, signer, signature, records },
});
const trust = { name: zone, domain: DOMAIN, epoch: 1n, root: map.root, now: 8n };
const verify = (more: object, count: number) =>
  timed(() => {
    for (let i = 0; i < count; i++) verifyEvidence(evidence, { ...trust, ...more });
  });
const [, nodeTime] = await verify({ verify: verifyEd25519Node, hash: sha256Node }, 1_000);
const [, portableTime] = await verify({}, 100);
line(
  `evidence of ${evidence.length} bytes, with its signature (Node; portable)`,
  `${each(nodeTime, 1_000)}; ${each(portableTime, 100)}`,
);

console.log(`\n-- peers: a map of ${PEER_NAMES.toLocaleString("en")} names\n`);
const [small, smallBuilt] = await timed(() => RouteMap.create(rows.slice(0, PEER_NAMES), sha256Node));
const [, smallProved] = await timed(() => {
  for (let i = 0; i < 1_000; i++) {
    const proof = decodeMapProof(small.prove(name(i)));
    if (rootOfMapProof(proof, name(i), rows[i], sha256Node) === undefined) throw new Error("a proof failed");
  }
});
line(
  "ours: build; make and check a proof",
  `${each(smallBuilt, PEER_NAMES)}; ${each(smallProved, 1_000)}; ${small.prove(name(7)).length} bytes`,
);
const trie = await createMPT();
const [, trieBuilt] = await timed(async () => {
  for (const { nameHash: key, updateHash } of rows.slice(0, PEER_NAMES)) await trie.put(key, updateHash);
});
const [trieBytes, trieProved] = await timed(async () => {
  let bytes = 0;
  for (let i = 0; i < 1_000; i++) {
    const proof = await createMerkleProof(trie, name(i));
    bytes += proof.reduce((sum, node) => sum + node.length, 0);
    if ((await verifyMerkleProof(name(i), proof)) === null) throw new Error("a proof failed");
  }
  return bytes / 1_000;
});
line(
  "@ethereumjs/mpt 10.1.3, Merkle Patricia trie, Keccak",
  `${each(trieBuilt, PEER_NAMES)}; ${each(trieProved, 1_000)}; ${trieBytes.toFixed(0)} bytes`,
);
line("merkletreejs 0.6.0", "no map: neither proofs of absence nor updates by name");

console.log(`\n-- the list of an epoch (merkletreejs), ${LIST.toLocaleString("en")} leaves\n`);
const leaves = trace.steps.map(({ updateHash }) => updateHash);
while (leaves.length < LIST) leaves.push(hash("sha256", `leaf ${leaves.length}`, "buffer"));
const tag = Uint8Array.of(1);
/** The same pairs, hashed and not kept: what a list can't be faster than. */
function hashAll(row: readonly Uint8Array[]): Uint8Array | undefined {
  let rows = row;
  while (rows.length > 1) {
    const above: Uint8Array[] = [];
    for (let i = 0; i < rows.length; i += 2) {
      const [left, right] = [rows[i] as Uint8Array, rows[i + 1]];
      above.push(right === undefined ? left : sha256Node(concatBytes(tag, left, right)));
    }
    rows = above;
  }
  return rows[0];
}
for (let round = 0; round < 3; round++) {
  const [list, listBuilt] = await timed(() => createList(leaves, sha256Node));
  const [, listProved] = await timed(() => {
    for (let index = 0; index < 2_000; index++) list.prove(index);
  });
  const [floor, hashed] = await timed(() => hashAll(leaves));
  if (floor === undefined || Buffer.compare(floor, list.root) !== 0) throw new Error("the lists differ");
  const place = { index: 5, size: LIST };
  if (rootOfListProof(list.prove(5), leaves[5] as Uint8Array, place, sha256Node) === undefined)
    throw new Error("a proof failed");
  line(`build, the hashing alone (round ${round + 1})`, `${ms(listBuilt)}, ${ms(hashed)}`);
  line("make a proof", each(listProved, 2_000));
}
