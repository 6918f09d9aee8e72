import { fromHex, toHex } from "@tolldns/sdk";
import * as stake from "@tolldns/sdk/stake";
import { expect } from "chai";
import type { Case } from "./vectors.ts";

const leafOf = (row: Case): stake.StakeLeaf => ({
  index: row.index,
  operator: fromHex(row.operator),
  witness: fromHex(row.witness),
  weight: BigInt(row.weight),
});
const snapshotOf = (row: Case): stake.Snapshot => ({
  root: fromHex(row.root),
  total: BigInt(row.total),
  count: row.count,
  depth: row.depth,
});

/** What each group of stake.json says, checked against the SDK. */
export const STAKE_VECTOR_CHECKS: Record<string, (row: Case) => void> = {
  "stake.trees": (row) => {
    const tree = new stake.WeightTree(row.leaves.map(leafOf));
    expect(tree.matches(snapshotOf(row))).equal(true);
    for (const place of row.leaves) {
      expect(toHex(tree.prove(place.index))).equal(place.proof);
      const start = stake.verifyStakeLeaf(snapshotOf(row), leafOf(place), fromHex(place.proof));
      expect(start).equal(BigInt(place.start));
      if (BigInt(place.weight) > 0n)
        expect(tree.find(BigInt(place.start))).eql({ index: place.index, start: BigInt(place.start) });
    }
    expect(toHex(tree.proveSync())).equal(row.next.proof);
    tree.set(leafOf(row.next));
    expect(tree.matches(snapshotOf(row.next.tree))).equal(true);
  },
  "stake.bad_proofs": (row) =>
    expect(stake.verifyStakeLeaf(snapshotOf(row), leafOf(row.leaf), fromHex(row.proof))).equal(undefined),
  "stake.weights": (row) => {
    const operator = {
      pool: BigInt(row.pool),
      shares: BigInt(row.shares),
      weighted: BigInt(row.weighted),
      selfShares: BigInt(row.self_shares),
      jailed: row.barred,
      retired: false,
      witness: new Uint8Array(32),
    };
    expect(stake.weightOf(operator, BigInt(row.least))).equal(BigInt(row.weight));
  },
  "stake.positions": (row) => expect(stake.weightedOf(BigInt(row.shares), row.bps)).equal(BigInt(row.counts)),
  "stake.deposits": (row) => {
    const pool = { pool: BigInt(row.pool), shares: BigInt(row.shares) };
    expect(stake.sharesFor(pool, BigInt(row.tokens))?.toString() ?? null).equal(row.gets);
  },
};
