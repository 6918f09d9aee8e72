import { hash } from "node:crypto";

/** A leaf of the stake tree: docs/reference/stake.md, "Tree". */
export interface StakeLeaf {
  /** Place in the tree, u32. */
  readonly index: number;
  /** Operator account, 32 bytes. */
  readonly operator: Uint8Array;
  /** Witness key, 32 bytes. */
  readonly witness: Uint8Array;
  /** u64. */
  readonly weight: bigint;
}

const HASH = 32;
const LEAF = Buffer.alloc(1 + 4 + 32 + 32 + 8);
const NODE = Buffer.alloc(1 + 40 + 40, 1);
const MAX_DEPTH = 20;

/** Depth of a tree of `count` leaves: the least whose 2^depth is at least that. */
export function depthOf(count: number): number {
  let depth = 0;
  while (2 ** depth < count) depth++;
  if (depth > MAX_DEPTH) throw new RangeError(`${count} leaves are too many`);
  return depth;
}

/** The Merkle sum tree of weights with all its nodes, for who makes many proofs: 40 bytes a node. */
export class SumTree {
  /** Leaves upwards; each level has a power of two of nodes. */
  private readonly hashes: Buffer[] = [];
  private readonly sums: BigUint64Array[] = [];
  readonly count: number;

  /** `leaves[i].index` is `i`. With more `places` than leaves it may be a level deeper, as the proof of the next leaf has to be. */
  constructor(leaves: readonly StakeLeaf[], places = leaves.length) {
    this.count = leaves.length;
    const depth = depthOf(places);
    for (let level = 0; level <= depth; level++) {
      this.hashes.push(Buffer.alloc(HASH * 2 ** (depth - level)));
      this.sums.push(new BigUint64Array(2 ** (depth - level)));
    }
    for (const leaf of leaves) this.write(leaf);
    for (let level = 1; level <= depth; level++) {
      for (let at = 0; at < 2 ** (depth - level); at++) this.join(level, at);
    }
  }

  get depth(): number {
    return this.hashes.length - 1;
  }

  get root(): Uint8Array {
    return new Uint8Array(this.level(this.depth).hashes);
  }

  get total(): bigint {
    return this.level(this.depth).sums[0] ?? 0n;
  }

  /** Puts another leaf in the place of one. */
  set(leaf: StakeLeaf): void {
    this.write(leaf);
    for (let level = 1, at = leaf.index >> 1; level <= this.depth; level++, at >>= 1) this.join(level, at);
  }

  /** `sibling hash 32 | sibling sum u64` of each level, from the leaf upwards. */
  prove(index: number): Uint8Array {
    const proof = Buffer.alloc(this.depth * (HASH + 8));
    for (let level = 0, at = index; level < this.depth; level++, at >>= 1) {
      const { hashes, sums } = this.level(level);
      const sibling = at ^ 1;
      hashes.copy(proof, level * 40, sibling * HASH, sibling * HASH + HASH);
      proof.writeBigUInt64LE(sums[sibling] ?? 0n, level * 40 + HASH);
    }
    return new Uint8Array(proof);
  }

  /** The leaf whose stretch of the line of weights covers `point`, and where that begins. `point` is below the total. */
  find(point: bigint): { readonly index: number; readonly start: bigint } {
    let [at, start] = [0, 0n];
    for (let level = this.depth; level > 0; level--) {
      const left = this.level(level - 1).sums[at * 2] ?? 0n;
      const right = point - start >= left;
      if (right) start += left;
      at = at * 2 + (right ? 1 : 0);
    }
    return { index: at, start };
  }

  private level(level: number): { readonly hashes: Buffer; readonly sums: BigUint64Array } {
    return { hashes: this.hashes[level] as Buffer, sums: this.sums[level] as BigUint64Array };
  }

  private write({ index, operator, witness, weight }: StakeLeaf): void {
    LEAF.writeUInt32LE(index, 1);
    LEAF.set(operator, 5);
    LEAF.set(witness, 37);
    LEAF.writeBigUInt64LE(weight, 69);
    const { hashes, sums } = this.level(0);
    hashes.set(hash("sha256", LEAF, "buffer"), index * HASH);
    sums[index] = weight;
  }

  private join(level: number, at: number): void {
    const below = this.level(level - 1);
    const [left, right] = [below.sums[at * 2] ?? 0n, below.sums[at * 2 + 1] ?? 0n];
    below.hashes.copy(NODE, 1, at * 2 * HASH, at * 2 * HASH + HASH);
    NODE.writeBigUInt64LE(left, 33);
    below.hashes.copy(NODE, 41, (at * 2 + 1) * HASH, (at * 2 + 2) * HASH);
    NODE.writeBigUInt64LE(right, 73);
    const { hashes, sums } = this.level(level);
    hashes.set(hash("sha256", NODE, "buffer"), at * HASH);
    sums[at] = left + right;
  }
}
