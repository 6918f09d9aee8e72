import { readU64 } from "../bytes.ts";
import { hash, u32, u64 } from "../encode.ts";
import { hashTagged, type Sha256, sha256 } from "../routes/hash.ts";

/** A stretch of the snapshot's line of weights, `[start, start + weight)`. */
export interface Stretch {
  readonly start: bigint;
  readonly weight: bigint;
}

/** `seed = SHA-256("tolldns seed v1\0" | slot hash | last final root | epoch u64)`. @throws bytes-type, bytes-length, integer-range */
export function hashSeed(
  slotHash: Uint8Array,
  lastRoot: Uint8Array,
  epoch: bigint,
  hasher: Sha256 = sha256,
): Uint8Array {
  return hashTagged(
    hasher,
    "tolldns seed v1\0",
    hash(slotHash, "slotHash"),
    hash(lastRoot, "lastRoot"),
    u64(epoch, "epoch"),
  );
}

/** A seat's random number, u128: the first 16 bytes of `SHA-256("tolldns draw v1\0" | seed | seat u32)`, little endian. @throws bytes-type, bytes-length, integer-range */
export function randomOfSeat(seed: Uint8Array, seat: number, hasher: Sha256 = sha256): bigint {
  const bytes = hashTagged(hasher, "tolldns draw v1\0", hash(seed, "seed"), u32(seat, "seat"));
  return (readU64(bytes, 8) << 64n) | readU64(bytes, 0);
}

/**
 * The point on the snapshot's line that a seat's random number stands for; undefined if no weight is left. `taken`: the
 * members' stretches, in order of where they start.
 */
export function pointOfSeat(random: bigint, total: bigint, taken: readonly Stretch[]): bigint | undefined {
  const left = taken.reduce((rest, { weight }) => rest - weight, total);
  if (left <= 0n) return undefined;
  let point = random % left;
  for (const { start, weight } of taken) {
    if (start > point) break;
    point += weight;
  }
  return point;
}

/** A drawn seat: the leaf's index in the snapshot, and its stretch. */
export interface DrawnSeat extends Stretch {
  readonly index: number;
}

/**
 * The whole committee, as the chain draws it seat by seat from the weights of the snapshot's leaves, in order of index.
 * Takes `seats x log(leaves)` steps after one pass over the weights. Pure.
 *
 * @throws bytes-type, bytes-length
 */
export function drawCommittee(
  seed: Uint8Array,
  weights: ArrayLike<bigint>,
  seats: number,
  hasher: Sha256 = sha256,
): DrawnSeat[] {
  const starts = new BigUint64Array(weights.length + 1);
  for (let i = 0; i < weights.length; i++) starts[i + 1] = (starts[i] as bigint) + (weights[i] as bigint);
  const total = starts[weights.length] as bigint;
  const drawn: DrawnSeat[] = [];
  const inOrder: DrawnSeat[] = [];
  for (let seat = 0; seat < seats; seat++) {
    const point = pointOfSeat(randomOfSeat(seed, seat, hasher), total, inOrder);
    if (point === undefined) break;
    const index = leafAt(starts, point);
    const one = { index, start: starts[index] as bigint, weight: weights[index] as bigint };
    const before = inOrder.findIndex(({ start }) => start > one.start);
    inOrder.splice(before < 0 ? inOrder.length : before, 0, one);
    drawn.push(one);
  }
  return drawn;
}

/** The last leaf that starts at or before the point and has weight: leaves without weight start where the next does. */
function leafAt(starts: BigUint64Array, point: bigint): number {
  let low = 0;
  let high = starts.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] as bigint) <= point) low = middle;
    else high = middle;
  }
  return low;
}
