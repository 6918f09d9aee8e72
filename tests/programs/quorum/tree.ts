import { createHash } from "node:crypto";

/** A leaf of the stake tree (docs/reference/stake.md). */
export interface Leaf {
  readonly index: number;
  readonly operator: Uint8Array;
  readonly witness: Uint8Array;
  readonly weight: bigint;
}

interface Node {
  readonly hash: Uint8Array;
  readonly sum: bigint;
}

const u64 = (value: bigint) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
};
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const sha256 = (...parts: readonly Uint8Array[]) => {
  const hasher = createHash("sha256");
  for (const part of parts) hasher.update(part);
  return new Uint8Array(hasher.digest());
};

const leafNode = ({ index, operator, witness, weight }: Leaf): Node => ({
  hash: sha256(Uint8Array.of(0), u32(index), operator, witness, u64(weight)),
  sum: weight,
});
const join = (left: Node, right: Node): Node => ({
  hash: sha256(Uint8Array.of(1), left.hash, u64(left.sum), right.hash, u64(right.sum)),
  sum: left.sum + right.sum,
});

/** The sum tree straight from its definition, every level kept. */
export function treeOf(leaves: readonly Leaf[]) {
  let depth = 0;
  while (2 ** depth < leaves.length) depth++;
  let level: Node[] = leaves.map(leafNode);
  while (level.length < 2 ** depth) level.push({ hash: new Uint8Array(32), sum: 0n });
  const levels = [level];
  while (level.length > 1) {
    const below = level;
    level = Array.from({ length: below.length / 2 }, (_, i) =>
      join(below[2 * i] as Node, below[2 * i + 1] as Node),
    );
    levels.push(level);
  }
  const top = level[0] ?? { hash: new Uint8Array(32), sum: 0n };
  return {
    root: top.hash,
    total: top.sum,
    count: leaves.length,
    depth,
    prove(index: number): Uint8Array {
      const parts = levels.slice(0, -1).map((nodes, height) => {
        const sibling = nodes[(index >> height) ^ 1] as Node;
        return Buffer.concat([sibling.hash, u64(sibling.sum)]);
      });
      return new Uint8Array(Buffer.concat(parts));
    },
  };
}
export type Tree = ReturnType<typeof treeOf>;
