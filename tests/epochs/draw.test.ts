import { createHash } from "node:crypto";
import { drawCommittee } from "@tolldns/sdk/quorum";
import { type StakeLeaf, verifyStakeLeaf, WeightTree } from "@tolldns/sdk/stake";
import { expect } from "chai";
import fc from "fast-check";

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

const weights = fc.array(fc.bigInt(0n, 1_000n), { minLength: 1, maxLength: 40 });

describe(`the stake tree's snapshot (seed ${SEED})`, () => {
  it("covers the points of every seat that is drawn from its weights", () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 30 }), fc.nat(), (some, seats, nonce) => {
        const tree = new WeightTree(leavesOf(some));
        const drawn = drawCommittee(key("seed", nonce), some, seats);
        expect(drawn).to.have.length(Math.min(seats, some.filter((weight) => weight > 0n).length));
        expect(new Set(drawn.map(({ index }) => index)).size).to.equal(drawn.length);
        for (const { index, start, weight } of drawn) {
          expect(verifyStakeLeaf(tree, tree.leaf(index), tree.prove(index))).to.equal(start);
          expect(tree.find(start)).to.deep.equal({ index, start });
          expect(tree.find(start + weight - 1n)).to.deep.equal({ index, start });
        }
      }),
      { seed: SEED, numRuns: 100 },
    );
  });
});
