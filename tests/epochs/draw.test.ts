import { createHash } from "node:crypto";
import { toHex } from "@tolldns/sdk";
import { drawCommittee } from "@tolldns/sdk/quorum";
import { expect } from "chai";
import fc from "fast-check";
import { depthOf, type StakeLeaf, SumTree } from "../../keepers/src/quorum/sum-tree.ts";

const SEED = Number(process.env.TEST_SEED ?? (Date.now() % 1_000_000) + 1);

const key = (name: string, index: number) =>
  new Uint8Array(createHash("sha256").update(`${name} ${index}`).digest());
const leavesOf = (weights: readonly bigint[]): StakeLeaf[] =>
  weights.map((weight, index) => ({
    index,
    operator: key("operator", index),
    witness: key("witness", index),
    weight,
  }));

/** Goes up a proof as the program does. */
function rootOf(leaf: StakeLeaf, proof: Uint8Array): { root: string; total: bigint; start: bigint } {
  const data = Buffer.alloc(77);
  data.writeUInt32LE(leaf.index, 1);
  data.set(leaf.operator, 5);
  data.set(leaf.witness, 37);
  data.writeBigUInt64LE(leaf.weight, 69);
  let hash = createHash("sha256").update(data).digest();
  let [sum, start] = [leaf.weight, 0n];
  for (let level = 0; level * 40 < proof.length; level++) {
    const sibling = Buffer.from(proof.subarray(level * 40, level * 40 + 40));
    const own = Buffer.alloc(8);
    own.writeBigUInt64LE(sum);
    const right = (leaf.index >> level) & 1;
    const parts = right ? [sibling, hash, own] : [hash, own, sibling];
    hash = createHash("sha256").update(Uint8Array.of(1)).update(Buffer.concat(parts)).digest();
    if (right) start += sibling.readBigUInt64LE(32);
    sum += sibling.readBigUInt64LE(32);
  }
  return { root: toHex(hash), total: sum, start };
}

const weights = fc.array(fc.bigInt(0n, 1_000n), { minLength: 1, maxLength: 40 });

describe(`the stake tree's snapshot (seed ${SEED})`, () => {
  it("has the depth that its leaves need", () => {
    expect([1, 2, 3, 4, 5, 100_000].map(depthOf)).to.deep.equal([0, 1, 2, 2, 3, 17]);
  });

  it("proves every leaf and where it starts under its root", () => {
    fc.assert(
      fc.property(weights, (some) => {
        const leaves = leavesOf(some);
        const tree = new SumTree(leaves);
        let start = 0n;
        for (const leaf of leaves) {
          const shown = rootOf(leaf, tree.prove(leaf.index));
          expect(shown).to.deep.equal({ root: toHex(tree.root), total: tree.total, start });
          start += leaf.weight;
        }
      }),
      { seed: SEED, numRuns: 50 },
    );
  });

  it("proves of the next place that nobody has it, in a tree that has grown if need be", () => {
    for (const count of [0, 1, 2, 3, 4, 7, 8]) {
      const leaves = leavesOf(Array.from({ length: count }, (_, i) => BigInt(i + 1)));
      const next = { ...leavesOf(Array.from({ length: count + 1 }, () => 5n))[count] } as StakeLeaf;
      const proof = new SumTree(leaves, count + 1).prove(count);
      expect(rootOf(next, proof).root).to.equal(toHex(new SumTree([...leaves, next]).root));
    }
  });

  it("is the same tree however its leaves came to be as they are", () => {
    fc.assert(
      fc.property(weights, weights, (before, after) => {
        const now = before.map((weight, index) => after[index] ?? weight);
        const tree = new SumTree(leavesOf(before));
        for (const leaf of leavesOf(now)) tree.set(leaf);
        expect(toHex(tree.root)).to.equal(toHex(new SumTree(leavesOf(now)).root));
      }),
      { seed: SEED, numRuns: 50 },
    );
  });

  it("finds whose stretch covers a point, and never one that weighs nothing", () => {
    const tree = new SumTree(leavesOf([0n, 3n, 0n, 2n, 0n]));
    const at = [0n, 1n, 2n, 3n, 4n].map((point) => tree.find(point));
    expect(at.map(({ index }) => index)).to.deep.equal([1, 1, 1, 3, 3]);
    expect(at.map(({ start }) => start)).to.deep.equal([0n, 0n, 0n, 3n, 3n]);
  });

  it("covers the points of every seat that is drawn from its weights", () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 30 }), fc.nat(), (some, seats, nonce) => {
        const tree = new SumTree(leavesOf(some));
        const drawn = drawCommittee(key("seed", nonce), some, seats);
        expect(drawn).to.have.length(Math.min(seats, some.filter((weight) => weight > 0n).length));
        expect(new Set(drawn.map(({ index }) => index)).size).to.equal(drawn.length);
        for (const { index, start, weight } of drawn) {
          expect(tree.find(start)).to.deep.equal({ index, start });
          expect(tree.find(start + weight - 1n)).to.deep.equal({ index, start });
        }
      }),
      { seed: SEED, numRuns: 100 },
    );
  });
});
