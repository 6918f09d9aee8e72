import { concatBytes, isTollError, toHex } from "@tolldns/sdk";
import {
  createList,
  decodeMapProof,
  encodeEntry,
  encodeMapProof,
  hashLeaf,
  hashMapNode,
  hashNode,
  RouteMap,
  rootOfListProof,
  rootOfMapProof,
  sha256,
} from "@tolldns/sdk/routes";
import { expect } from "chai";
import { BytecodeProofs } from "../../routes/support/bytecode.ts";
import { digest, entryOf } from "../../routes/support/model.ts";
import { attack } from "./attack.ts";

const FILE = import.meta.url;

/** The root that both TypeScript and the bytecode say a map proof leads to; "none" where both refuse. */
function mapRoot(
  bytecode: BytecodeProofs,
  proof: Uint8Array,
  name: Uint8Array,
  held?: ReturnType<typeof entryOf>,
) {
  const theirs = shown(bytecode.mapRoot(proof, name, held).root);
  expect(shown(refusable(() => rootOfMapProof(decodeMapProof(proof), name, held)))).to.equal(theirs);
  return theirs;
}

function listRoot(
  bytecode: BytecodeProofs,
  proof: Uint8Array,
  leaf: Uint8Array,
  index: number,
  size: number,
) {
  const theirs = shown(bytecode.listRoot(proof, leaf, { index, size }).root);
  expect(shown(refusable(() => rootOfListProof(proof, leaf, { index, size })))).to.equal(theirs);
  return theirs;
}

const shown = (root: Uint8Array | undefined) => (root === undefined ? "none" : toHex(root));

function refusable<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (isTollError(error, "proof-form")) return undefined;
    throw error;
  }
}

describe("routes: attacks on Merkle proofs", () => {
  const bytecode = new BytecodeProofs();
  const entries = Array.from({ length: 24 }, (_, n) => entryOf(n));
  const map = RouteMap.create(entries);
  const root = toHex(map.root);
  const leaves = Array.from({ length: 11 }, (_, i) => hashLeaf(sha256, digest("entry", String(i))));
  const list = createList(leaves);
  const held = entryOf(7);
  const proof = map.prove(held.nameHash);

  attack(FILE, "node as leaf", "takes no inner node's 64 bytes for a list's leaf", () => {
    const inside = concatBytes(leaves[0] as Uint8Array, leaves[1] as Uint8Array);
    const [, path] = split(list.prove(0));
    const above = encodeList(path.slice(1));
    expect(
      listRoot(bytecode, above, hashNode(sha256, leaves[0] as Uint8Array, leaves[1] as Uint8Array), 0, 6),
    ).to.equal(toHex(list.root), "its hash does lead to the root, were it given for a leaf's");
    expect(listRoot(bytecode, above, hashLeaf(sha256, inside), 0, 6)).not.to.equal(toHex(list.root));
    expect(listRoot(bytecode, above, hashLeaf(sha256, inside), 0, 11)).to.equal("none");
  });

  attack(
    FILE,
    "node as leaf",
    "takes no inner node of the map for a name's leaf, nor a leaf for a node",
    () => {
      const { nodes } = decodeMapProof(proof);
      // An entry whose leaf would have to hash to a node: the way cut by its lowest node.
      const cut = encodeMapProof({ place: { kind: "name" }, nodes: nodes.slice(1) });
      expect(mapRoot(bytecode, cut, held.nameHash, held)).not.to.equal(root);
      const opening = concatBytes(held.nameHash, encodeEntry(held));
      expect(opening.length).not.to.equal(2 * 32 + 1);
    },
  );

  attack(FILE, "domain tag", "counts no hash made without its tag or level", () => {
    const { nodes } = decodeMapProof(proof);
    const lowest = nodes[0] as (typeof nodes)[number];
    const bare = sha256(concatBytes(held.nameHash, encodeEntry(held)));
    const untagged = RouteMap.create([held]);
    expect(toHex(untagged.root)).not.to.equal(toHex(bare));
    const pair = [digest("left"), digest("right")] as const;
    const made = [0, 1, 255].map((level) => toHex(hashMapNode(sha256, level, ...pair)));
    made.push(toHex(hashNode(sha256, ...pair)), toHex(sha256(concatBytes(...pair))));
    expect(new Set(made).size).to.equal(made.length);
    const shifted = nodes.map((node) => (node === lowest ? { ...node, level: node.level + 1 } : node));
    const elsewhere = encodeMapProof({ place: { kind: "name" }, nodes: shifted });
    expect(mapRoot(bytecode, elsewhere, held.nameHash, held)).not.to.equal(root);
  });

  attack(FILE, "proof length", "refuses a map proof too short or too long by a byte, a node, or all", () => {
    expect(mapRoot(bytecode, proof, held.nameHash, held)).to.equal(root);
    const { nodes } = decodeMapProof(proof);
    const with_ = (some: typeof nodes) => encodeMapProof({ place: { kind: "name" }, nodes: some });
    const more = { level: 0, sibling: digest("more") };
    for (const bad of [
      proof.subarray(0, -1),
      concatBytes(proof, Uint8Array.of(0)),
      new Uint8Array(),
      Uint8Array.of(0),
      with_([]),
      with_(nodes.slice(0, -1)),
      with_([...nodes, more]),
      with_([{ level: 255, sibling: digest("more") }, ...nodes]),
    ])
      expect(mapRoot(bytecode, bad, held.nameHash, held)).not.to.equal(root);
  });

  attack(FILE, "proof length", "refuses a list proof too short, too long or of another size of list", () => {
    const leaf = leaves[6] as Uint8Array;
    const good = list.prove(6);
    expect(listRoot(bytecode, good, leaf, 6, 11)).to.equal(toHex(list.root));
    const [, path] = split(good);
    const cases: [Uint8Array, number, number][] = [
      [encodeList(path.slice(1)), 6, 11],
      [encodeList(path.slice(0, -1)), 6, 11],
      [encodeList([...path, digest("more")]), 6, 11],
      [good.subarray(0, -1), 6, 11],
      [concatBytes(good, Uint8Array.of(0)), 6, 11],
      [new Uint8Array(), 6, 11],
      [good, 6, 8],
      [good, 6, 7],
      [good, 6, 17],
      [good, 6, 6],
      [good, 6, 0],
    ];
    for (const [bad, index, size] of cases)
      expect(listRoot(bytecode, bad, leaf, index, size)).not.to.equal(toHex(list.root));
  });

  attack(FILE, "index bits", "shows a leaf at no other index, and a name on no other name's way", () => {
    for (let index = 0; index < 11; index++) {
      const found = listRoot(bytecode, list.prove(6), leaves[6] as Uint8Array, index, 11);
      expect(found === toHex(list.root)).to.equal(index === 6);
    }
    for (const other of entries) {
      const found = mapRoot(bytecode, proof, other.nameHash, held);
      expect(found === root).to.equal(toHex(other.nameHash) === toHex(held.nameHash));
    }
    for (const level of [0, 5, 20]) {
      const turned = held.nameHash.map((byte, i) => (i === level >> 3 ? byte ^ (0x80 >> (level & 7)) : byte));
      expect(mapRoot(bytecode, proof, turned, held)).not.to.equal(root);
    }
  });

  attack(
    FILE,
    "duplicate leaf",
    "gives a list with its last leaf twice another root, and a map no name twice",
    () => {
      // Trees that pair an odd leaf with itself have one root for both (CVE-2012-2459).
      expect(toHex(createList([...leaves, leaves[10] as Uint8Array]).root)).not.to.equal(toHex(list.root));
      const three = leaves.slice(0, 3);
      expect(toHex(createList([...three, leaves[2] as Uint8Array]).root)).not.to.equal(
        toHex(createList(three).root),
      );
      const twice = RouteMap.create([...entries, ...entries]);
      expect(toHex(twice.root)).to.equal(root);
      const { nodes } = decodeMapProof(proof);
      const doubled = [nodes[0], ...nodes] as typeof nodes;
      expect(
        mapRoot(bytecode, encodeMapProof({ place: { kind: "name" }, nodes: doubled }), held.nameHash, held),
      ).to.equal("none");
    },
  );

  attack(
    FILE,
    "empty tree",
    "shows nothing in an empty map or list, and no absence from a map that has names",
    () => {
      const nothing = RouteMap.create();
      const empty = nothing.prove(held.nameHash);
      expect(mapRoot(bytecode, empty, held.nameHash)).to.equal("00".repeat(32));
      expect(mapRoot(bytecode, empty, held.nameHash, held)).to.equal("none");
      expect(mapRoot(bytecode, empty, held.nameHash)).not.to.equal(root);
      expect(listRoot(bytecode, Uint8Array.of(0), leaves[0] as Uint8Array, 0, 0)).to.equal("none");
      // An empty place, or an empty half, somewhere in a map.
      const { nodes } = decodeMapProof(proof);
      const place = concatBytes(Uint8Array.of(nodes.length, 1), proof.subarray(2));
      expect(mapRoot(bytecode, place, held.nameHash)).to.equal("none");
      const hollow = nodes.map((node, i) => (i === 0 ? { ...node, sibling: new Uint8Array(32) } : node));
      expect(
        mapRoot(bytecode, encodeMapProof({ place: { kind: "name" }, nodes: hollow }), held.nameHash, held),
      ).to.equal("none");
    },
  );

  attack(FILE, "false absence", "hides no name behind a leaf that is elsewhere, or behind its own", () => {
    for (const other of entries) {
      const { place: _, nodes } = decodeMapProof(map.prove(other.nameHash));
      const lie = encodeMapProof({ place: { kind: "other", nameHash: other.nameHash, entry: other }, nodes });
      for (const hidden of entries) expect(mapRoot(bytecode, lie, hidden.nameHash)).not.to.equal(root);
    }
    // Levels moved so that the ways seem to meet don't hash to the root.
    const other = entryOf(8);
    const { nodes } = decodeMapProof(map.prove(other.nameHash));
    const moved = nodes.map((node, i) => ({ ...node, level: 200 - i }));
    const lie = encodeMapProof({
      place: { kind: "other", nameHash: other.nameHash, entry: other },
      nodes: moved,
    });
    expect(mapRoot(bytecode, lie, held.nameHash)).not.to.equal(root);
  });
});

/** A list proof's length byte and siblings. */
function split(bytes: Uint8Array): [number, Uint8Array[]] {
  const count = bytes[0] as number;
  return [count, Array.from({ length: count }, (_, i) => bytes.slice(1 + 32 * i, 33 + 32 * i))];
}

function encodeList(path: readonly Uint8Array[]): Uint8Array {
  return concatBytes(Uint8Array.of(path.length), ...path);
}
