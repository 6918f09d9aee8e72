import { createHash } from "node:crypto";
import type { SumTree } from "./sum-tree.ts";

/** A seat that was drawn: a leaf's index and its stretch of the line of weights. */
export interface Seat {
  readonly index: number;
  readonly start: bigint;
  readonly weight: bigint;
}

/** Where a seat's random number points to among what is left: docs/reference/quorum.md, "Draw without replacement". */
function pointOf(seed: Uint8Array, seat: number, left: bigint, taken: readonly Seat[]): bigint {
  const number = Buffer.alloc(4);
  number.writeUInt32LE(seat);
  const hash = createHash("sha256").update("tolldns draw v1\0").update(seed).update(number).digest();
  let point = ((hash.readBigUInt64LE(8) << 64n) | hash.readBigUInt64LE(0)) % left;
  for (const { start, weight } of taken) {
    if (start > point) break;
    point += weight;
  }
  return point;
}

/**
 * The seats that follow those filled, until `seats` are or no weight is left. `filled` in order of seats. Pure.
 * `weightOf` tells what a leaf of the tree weighs.
 */
export function drawSeats(
  tree: SumTree,
  weightOf: (index: number) => bigint,
  seed: Uint8Array,
  seats: number,
  filled: readonly Seat[],
): Seat[] {
  const inOrder = [...filled].sort((a, b) => (a.start < b.start ? -1 : 1));
  let taken = inOrder.reduce((sum, { weight }) => sum + weight, 0n);
  const drawn: Seat[] = [];
  for (let seat = filled.length; seat < seats && taken < tree.total; seat++) {
    const { index, start } = tree.find(pointOf(seed, seat, tree.total - taken, inOrder));
    const one = { index, start, weight: weightOf(index) };
    const before = inOrder.findIndex((other) => other.start > start);
    inOrder.splice(before < 0 ? inOrder.length : before, 0, one);
    taken += one.weight;
    drawn.push(one);
  }
  return drawn;
}
