import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import type { Address } from "../address.ts";
import { bytesEqual, checkBytes, checkU64, concatBytes, readU64, writeU32, writeU64 } from "../bytes.ts";
import { type ErrorTable, errorsOf } from "../errors.ts";
import type { Operator, StakeTree } from "./account.ts";

/** An operator's place in the tree of weights. */
export interface StakeLeaf {
  /** u32 */
  readonly index: number;
  /** Operator account. */
  readonly operator: Address;
  readonly witness: Address;
  /** u64 */
  readonly weight: bigint;
}

/** What a leaf is part of: a tree as it was at one moment. */
export interface Snapshot {
  readonly root: Uint8Array;
  readonly total: bigint;
  readonly count: number;
  readonly depth: number;
}

/** SHA-256 into a new array of 32 bytes; `sha256Node` of `@tolldns/sdk/node` gives the same in less time. */
type Sha256 = (bytes: Uint8Array) => Uint8Array;

export interface StakeTreeErrors {
  "stake-tree-gap": { index: number };
  "stake-tree-index": { index: number; count: number };
  "stake-tree-full": { count: number };
  "stake-tree-sum": Record<never, never>;
}

/** Errors of the tree's mirror, 270-279. */
export const STAKE_TREE_ERRORS: ErrorTable<StakeTreeErrors> = {
  "stake-tree-gap": {
    number: 270,
    message: "no operator is given for a place of the tree",
    hint: "Read all Operator accounts at one slot.",
  },
  "stake-tree-index": { number: 271, message: "the tree has no such place", hint: "Read the tree again." },
  "stake-tree-full": {
    number: 272,
    message: "the tree has 2^20 places, and all are taken",
    hint: "No more operators can be listed.",
  },
  "stake-tree-sum": {
    number: 273,
    message: "the weights' sum exceeds 64 bits",
    hint: "Check the weights; the chain refuses such a sum too.",
  },
};

const fail = /* #__PURE__ */ errorsOf<StakeTreeErrors>(STAKE_TREE_ERRORS);

/** A proof has at most as many steps. */
export const MAX_DEPTH = 20;
const STEP = 40;
const MAX_SUM = 0xffff_ffff_ffff_ffffn;

/** `SHA-256(0x00 | index u32 | operator 32 | witness 32 | weight u64)`. @throws integer-range, bytes-length */
export function hashStakeLeaf(leaf: StakeLeaf, sha256: Sha256 = nobleSha256): Uint8Array {
  const bytes = new Uint8Array(77);
  writeU32(bytes, 1, leaf.index, "index");
  bytes.set(checkBytes(leaf.operator, 32, "operator"), 5);
  bytes.set(checkBytes(leaf.witness, 32, "witness"), 37);
  writeU64(bytes, 69, leaf.weight, "weight");
  return sha256(bytes);
}

interface Sum {
  readonly hash: Uint8Array;
  readonly sum: bigint;
}

const UNUSED: Sum = { hash: new Uint8Array(32), sum: 0n };

function join(left: Sum, right: Sum, sha256: Sha256): Sum {
  const sum = left.sum + right.sum;
  if (sum > MAX_SUM) throw fail("stake-tree-sum", {});
  const bytes = new Uint8Array(81);
  bytes[0] = 1;
  bytes.set(left.hash, 1);
  writeU64(bytes, 33, left.sum, "sum");
  bytes.set(right.hash, 41);
  writeU64(bytes, 73, right.sum, "sum");
  return { hash: sha256(bytes), sum };
}

/** Levels a tree of so many leaves has: the least whose 2^depth is at least that. @throws stake-tree-full */
export function stakeTreeDepth(count: number): number {
  let depth = 0;
  while (2 ** depth < count) depth++;
  if (depth > MAX_DEPTH) throw fail("stake-tree-full", { count });
  return depth;
}

/**
 * Is the leaf in the snapshot? Says where its stretch of the line of weights begins; undefined if the proof does not show it.
 * `proof` is `sibling hash 32 | sibling sum u64` a level, from the leaf upwards. @throws integer-range, bytes-length
 */
export function verifyStakeLeaf(
  snapshot: Snapshot,
  leaf: StakeLeaf,
  proof: Uint8Array,
  sha256: Sha256 = nobleSha256,
): bigint | undefined {
  const { root, total, count, depth } = snapshot;
  if (leaf.index >= count || proof.length !== depth * STEP) return undefined;
  let node: Sum = { hash: hashStakeLeaf(leaf, sha256), sum: leaf.weight };
  let start = 0n;
  for (let level = 0; level < depth; level++) {
    const hash = proof.subarray(level * STEP, level * STEP + 32);
    const sibling = { hash, sum: readU64(proof, level * STEP + 32) };
    const right = ((leaf.index >> level) & 1) === 1;
    if (node.sum + sibling.sum > MAX_SUM) return undefined;
    if (right) start += sibling.sum;
    node = right ? join(sibling, node, sha256) : join(node, sibling, sha256);
  }
  return node.sum === total && bytesEqual(node.hash, root) ? start : undefined;
}

/**
 * The tree of weights with all its nodes, for who makes proofs.
 *
 * @example
 * const tree = WeightTree.of(operators);
 * if (!tree.matches(decodeStakeTree(data))) throw new Error("read all operators again, at one slot");
 * const instruction = sync({ deployment, owner, proof: tree.proveSync(operator.listed?.index) });
 */
export class WeightTree {
  private levels: Sum[][] = [[UNUSED]];
  private readonly leaves: StakeLeaf[] = [];
  private readonly sha256: Sha256;

  /** `leaves[i].index` is `i`. @throws stake-tree-gap, stake-tree-full, stake-tree-sum */
  constructor(leaves: readonly StakeLeaf[] = [], sha256: Sha256 = nobleSha256) {
    this.sha256 = sha256;
    leaves.forEach((leaf, index) => {
      if (leaf.index !== index) throw fail("stake-tree-gap", { index });
      this.leaves.push(leaf);
    });
    this.build();
  }

  /** The tree as the Operator accounts say that it is. Those without a place are passed over. @throws stake-tree-gap */
  static of(
    operators: Iterable<{ readonly address: Address; readonly operator: Pick<Operator, "listed"> }>,
    sha256?: Sha256,
  ): WeightTree {
    const leaves: StakeLeaf[] = [];
    for (const { address, operator } of operators)
      if (operator.listed !== undefined) leaves.push({ ...operator.listed, operator: address });
    return new WeightTree(
      leaves.sort((a, b) => a.index - b.index),
      sha256,
    );
  }

  get count(): number {
    return this.leaves.length;
  }
  get depth(): number {
    return this.levels.length - 1;
  }
  get root(): Uint8Array {
    return this.top.hash;
  }
  get total(): bigint {
    return this.top.sum;
  }

  /** The leaf at a place. @throws stake-tree-index */
  leaf(index: number): StakeLeaf {
    const leaf = this.leaves[index];
    if (leaf === undefined) throw fail("stake-tree-index", { index, count: this.count });
    return leaf;
  }

  /** Is this what the chain keeps? */
  matches({ root, total, count, depth }: StakeTree): boolean {
    const same = total === this.total && count === this.count && depth === this.depth;
    return same && bytesEqual(root, this.root);
  }

  /** Shows a leaf. @throws stake-tree-index */
  prove(index: number): Uint8Array {
    this.leaf(index);
    return this.siblings(this.levels, index);
  }

  /** What `sync` asks for: shows the operator's leaf, or without an index the place that comes next. @throws stake-tree-index, stake-tree-full */
  proveSync(index?: number): Uint8Array {
    if (index !== undefined) return this.prove(index);
    const depth = stakeTreeDepth(this.count + 1);
    if (depth === this.depth) return this.siblings(this.levels, this.count);
    // The tree is full and grows: beside its root stands an empty subtree as deep.
    const empty: Uint8Array[] = [];
    for (let node = UNUSED, level = 0; level < this.depth; level++) {
      empty.push(step(node));
      node = join(node, node, this.sha256);
    }
    return concatBytes(...empty, step(this.top));
  }

  /** Puts a leaf in its place, or appends one whose index is the count. @throws stake-tree-index, stake-tree-full, stake-tree-sum, integer-range */
  set(leaf: StakeLeaf): void {
    if (leaf.index > this.count) throw fail("stake-tree-index", { index: leaf.index, count: this.count });
    checkU64(leaf.weight, "weight");
    const before = this.depth;
    this.leaves[leaf.index] = leaf;
    if (stakeTreeDepth(this.count) !== before) {
      this.build();
      return;
    }
    this.row(0)[leaf.index] = { hash: hashStakeLeaf(leaf, this.sha256), sum: leaf.weight };
    for (let level = 1, at = leaf.index >> 1; level <= this.depth; level++, at >>= 1)
      this.row(level)[at] = this.joined(level, at);
  }

  /** The leaf whose stretch of the line of weights covers `point`, and where that begins. `point` is below the total. */
  find(point: bigint): { readonly index: number; readonly start: bigint } {
    let [at, start] = [0, 0n];
    for (let level = this.depth - 1; level >= 0; level--) {
      const left = this.row(level)[at * 2]?.sum ?? 0n;
      const right = point - start >= left;
      if (right) start += left;
      at = at * 2 + (right ? 1 : 0);
    }
    return { index: at, start };
  }

  private get top(): Sum {
    return this.row(this.depth)[0] as Sum;
  }

  private row(level: number): Sum[] {
    return this.levels[level] as Sum[];
  }

  private joined(level: number, at: number): Sum {
    const below = this.row(level - 1);
    return join(below[at * 2] as Sum, below[at * 2 + 1] as Sum, this.sha256);
  }

  private build(): void {
    const depth = stakeTreeDepth(this.count);
    const hashed = this.leaves.map((leaf) => ({ hash: hashStakeLeaf(leaf, this.sha256), sum: leaf.weight }));
    const places = Array.from({ length: 2 ** depth }, (_, index): Sum => hashed[index] ?? UNUSED);
    this.levels = [places];
    // Empty subtrees of one level are all alike.
    for (let level = 1, empty = UNUSED; level <= depth; level++) {
      const below = empty;
      empty = join(empty, empty, this.sha256);
      const rows = this.row(level - 1);
      this.levels.push(
        Array.from({ length: rows.length / 2 }, (_, at) =>
          rows[at * 2] === below ? empty : this.joined(level, at),
        ),
      );
    }
  }

  private siblings(levels: readonly Sum[][], index: number): Uint8Array {
    return concatBytes(...levels.slice(0, -1).map((row, level) => step(row[(index >> level) ^ 1] as Sum)));
  }
}

/** `hash 32 | sum u64` */
function step({ hash, sum }: Sum): Uint8Array {
  const bytes = new Uint8Array(STEP);
  bytes.set(hash);
  writeU64(bytes, 32, sum, "sum");
  return bytes;
}
