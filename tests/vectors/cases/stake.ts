import { type StakeLeaf, sharesFor, WeightTree, weightedOf, weightOf } from "@tolldns/sdk/stake";
import { amountOf, bytesOf, numberOf } from "./random.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const leafOf = (name: string, index: number, weight = amountOf(`${name} weight ${index}`)): StakeLeaf => ({
  index,
  operator: bytesOf(`${name} operator ${index}`, 32),
  witness: bytesOf(`${name} witness ${index}`, 32),
  weight,
});
const shown = ({ index, operator, witness, weight }: StakeLeaf) => ({
  index,
  operator: hex(operator),
  witness: hex(witness),
  weight: weight.toString(),
});
const rootOf = ({ root, total, count, depth }: WeightTree) => ({
  root: hex(root),
  total: total.toString(),
  count,
  depth,
});

function treeOf(count: number): Record<string, unknown> {
  const name = `tree of ${count}`;
  // Here and there one that weighs nothing any more.
  const leaves = Array.from({ length: count }, (_, i) => leafOf(name, i, i % 5 === 4 ? 0n : undefined));
  const tree = new WeightTree(leaves);
  const places = leaves.map((leaf) => {
    const proof = tree.prove(leaf.index);
    const start = leaves.slice(0, leaf.index).reduce((sum, { weight }) => sum + weight, 0n);
    return { ...shown(leaf), proof: hex(proof), start: start.toString() };
  });
  const next = leafOf(name, count);
  const proof = hex(tree.proveSync());
  const grown = new WeightTree([...leaves, next]);
  return { name, ...rootOf(tree), leaves: places, next: { ...shown(next), proof, tree: rootOf(grown) } };
}

function badProofs(): Record<string, unknown>[] {
  const leaves = Array.from({ length: 6 }, (_, i) => leafOf("bad", i));
  const tree = new WeightTree(leaves);
  const [good, leaf] = [tree.prove(2), tree.leaf(2)];
  const flipped = (at: number) => good.map((byte, i) => (i === at ? byte ^ 1 : byte));
  const cases: [string, StakeLeaf, Uint8Array][] = [
    ["a flipped hash", leaf, flipped(3)],
    ["a flipped sum", leaf, flipped(35)],
    ["a step too few", leaf, good.subarray(0, 80)],
    ["a step too many", leaf, Uint8Array.from([...good, ...new Uint8Array(40)])],
    ["a cut step", leaf, good.subarray(0, 119)],
    ["another index", { ...leaf, index: 3 }, good],
    ["an index past the places", { ...leaf, index: 10 }, good],
    ["another weight", { ...leaf, weight: leaf.weight + 1n }, good],
    ["another witness", { ...leaf, witness: leaf.operator }, good],
    ["another operator", { ...leaf, operator: leaf.witness }, good],
    ["a sum past 64 bits", { ...leaf, weight: 2n ** 64n - 1n }, good],
    [
      "a place never used",
      { index: 6, operator: new Uint8Array(32), witness: new Uint8Array(32), weight: 0n },
      tree.proveSync(),
    ],
  ];
  return cases.map(([name, one, proof]) => ({ name, ...rootOf(tree), leaf: shown(one), proof: hex(proof) }));
}

function weights(): Record<string, unknown>[] {
  const max = 2n ** 64n - 1n;
  const witness = new Uint8Array(32);
  const rows: [bigint, bigint, bigint, bigint, bigint, boolean][] = [
    [500n, 1_000n, 1_500n, 200n, 100n, false],
    [500n, 1_000n, 1_500n, 200n, 101n, false],
    [500n, 1_000n, 1_500n, 200n, 1n, true],
    [0n, 0n, 0n, 0n, 1n, false],
    [0n, 7n, 7n, 7n, 1n, false],
    [max, max, max, max, max, false],
    [1n, max, max, max, 1n, false],
    [max - 1n, max, max, 1n, 1n, false],
  ];
  for (let i = 0; i < 12; i++) {
    const shares = amountOf(`shares ${i}`) + 1n;
    const pool = (shares * BigInt(numberOf(`pool ${i}`) % 10_001)) / 10_000n;
    const self = (shares * BigInt(numberOf(`self ${i}`) % 10_001)) / 10_000n;
    rows.push([pool, shares, (shares * 5n) / 4n, self, amountOf(`least ${i}`) / 3n + 1n, false]);
  }
  return rows.map(([pool, shares, weighted, selfShares, least, barred], i) => {
    const operator = { pool, shares, weighted, selfShares, jailed: barred, retired: false, witness };
    return {
      name: `weight ${i}`,
      pool: pool.toString(),
      shares: shares.toString(),
      weighted: weighted.toString(),
      self_shares: selfShares.toString(),
      least: least.toString(),
      barred,
      weight: weightOf(operator, least).toString(),
    };
  });
}

function deposits(): Record<string, unknown>[] {
  const rows: [bigint, bigint, bigint][] = [
    [0n, 0n, 5n],
    [0n, 5n, 5n],
    [500n, 1_000n, 1n],
    [3n, 1_000n, 1n],
    [999n, 1_000n, 1n],
    [1_000n, 1_000n, 2n ** 56n],
  ];
  for (let i = 0; i < 12; i++) {
    const shares = amountOf(`deposit shares ${i}`) % 2n ** 40n;
    const pool = (shares * BigInt(1 + (numberOf(`deposit pool ${i}`) % 10_000))) / 10_000n;
    rows.push([pool, shares, 1n + (amountOf(`deposit ${i}`) % 2n ** 20n)]);
  }
  return rows.map(([pool, shares, tokens], i) => ({
    name: `deposit ${i}`,
    pool: pool.toString(),
    shares: shares.toString(),
    tokens: tokens.toString(),
    gets: sharesFor({ pool, shares }, tokens)?.toString() ?? null,
  }));
}

/** Contents of stake.json. */
export function stakeVectors(): Record<string, unknown> {
  const positions = [0n, 1n, 3n, 9_999n, 2n ** 53n + 1n].flatMap((shares) =>
    [10_000, 12_345, 15_000, 40_000].map((bps) => ({
      name: `${shares} at ${bps}`,
      shares: shares.toString(),
      bps,
      counts: weightedOf(shares, bps).toString(),
    })),
  );
  return {
    about: "what stake weighs, and the Merkle sum tree of weights",
    trees: [0, 1, 2, 3, 4, 5, 8, 11].map(treeOf),
    bad_proofs: badProofs(),
    weights: weights(),
    deposits: deposits(),
    positions,
  };
}
