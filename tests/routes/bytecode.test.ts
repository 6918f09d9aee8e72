import { isTollError, toHex } from "@tolldns/sdk";
import {
  createList,
  decodeMapProof,
  encodeMapProof,
  MAX_PROOF,
  type MapProof,
  RouteMap,
  rootOfListProof,
  rootOfMapProof,
  rootsOfMapProof,
} from "@tolldns/sdk/routes";
import { expect } from "chai";
import { BytecodeProofs } from "./support/bytecode.ts";
import { digest, entryOf, flipped, nameOf } from "./support/model.ts";

/** Nodes on the deepest way of a million random names: 25 to 27 (log2 n + sqrt(2 log2 n)); and some more. */
const DEEP = 28;
const LIMIT = 7_000;

const hex = (bytes: Uint8Array | undefined) => (bytes === undefined ? "nothing" : toHex(bytes));

/** A proof of this many nodes, of a name that is there or absent. */
function deepProof(nodes: number, place: MapProof["place"]): MapProof {
  const levels = Array.from({ length: nodes }, (_, i) => ({
    level: nodes + 13 - i,
    sibling: digest("sibling", String(i)),
  }));
  return { place, nodes: levels };
}

describe("proofs in bytecode", () => {
  const bytecode = new BytecodeProofs();

  it(`checks a proof of ${DEEP} nodes, deeper than any of a million names, in under 7 000 units and 1 kB, of presence and of absence`, () => {
    const held = entryOf(1);
    const present = deepProof(DEEP, { kind: "name" });
    // Another leaf that goes the same way and parts at the last bit.
    const other = Uint8Array.from(held.nameHash, (byte, i) => (i === 31 ? byte ^ 1 : byte));
    const absent = deepProof(DEEP, { kind: "other", nameHash: other, entry: entryOf(2) });
    for (const [proof, entry] of [
      [present, held],
      [absent, undefined],
    ] as const) {
      const bytes = encodeMapProof(proof);
      const { root, units } = bytecode.mapRoot(bytes, held.nameHash, entry);
      expect(hex(root)).to.equal(hex(rootOfMapProof(proof, held.nameHash, entry)));
      expect(units).to.be.below(LIMIT);
      expect(bytes.length).to.be.at.most(MAX_PROOF);
    }
  });

  it("gives the roots that TypeScript gives, before and after an update, and refuses what it refuses", () => {
    const map = RouteMap.create(Array.from({ length: 60 }, (_, n) => entryOf(n)));
    for (const n of [0, 3, 9, 31, 59, 100, 101, 102, 105, 108, 111]) {
      const held = n < 60 ? entryOf(n) : undefined;
      const bytes = map.prove(nameOf(n));
      const after = entryOf(n, 9);
      const ours = rootsOfMapProof(decodeMapProof(bytes), nameOf(n), held, after);
      const theirs = bytecode.mapRoots(bytes, nameOf(n), held, after).root;
      expect(hex(theirs)).to.equal(hex(ours?.before) + hex(ours?.after));
      expect(hex(theirs?.subarray(0, 32))).to.equal(toHex(map.root));
      expect(bytecode.mapRoot(bytes, nameOf(n), held === undefined ? after : undefined).root).to.equal(
        undefined,
      );
    }
  });

  it("judges every single flipped bit as TypeScript does", () => {
    const map = RouteMap.create([0, 3, 6, 9, 12].map((n) => entryOf(n)));
    for (const n of [3, 15]) {
      const held = n === 3 ? entryOf(3) : undefined;
      for (const bad of flipped(map.prove(nameOf(n)))) {
        const theirs = hex(bytecode.mapRoot(bad, nameOf(n), held).root);
        expect(theirs).to.equal(ours(bad, nameOf(n), held));
        expect(theirs).not.to.equal(toHex(map.root));
      }
    }
  }).timeout(60_000);

  it("gives the roots of lists, for places and sizes right and wrong", () => {
    const leaves = Array.from({ length: 13 }, (_, i) => digest("leaf", String(i)));
    const list = createList(leaves);
    for (let index = 0; index < 13; index++)
      for (const place of [
        { index, size: 13 },
        { index, size: 12 },
        { index, size: 14 },
        { index: (index + 1) % 13, size: 13 },
        { index, size: index },
        { index, size: 0 },
      ]) {
        const leaf = leaves[index] as Uint8Array;
        const theirs = bytecode.listRoot(list.prove(index), leaf, place).root;
        expect(hex(theirs)).to.equal(hex(rootOfListProof(list.prove(index), leaf, place)));
      }
  });
});

function ours(proof: Uint8Array, nameHash: Uint8Array, held: ReturnType<typeof entryOf> | undefined): string {
  try {
    return hex(rootOfMapProof(decodeMapProof(proof), nameHash, held));
  } catch (error) {
    if (isTollError(error, "proof-form")) return "nothing";
    throw error;
  }
}
