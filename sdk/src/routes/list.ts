import { checkBytes, concatBytes, copyBytes } from "../bytes.ts";
import { fail } from "./errors.ts";
import { emptyHash, hashNode, type Sha256, sha256 } from "./hash.ts";

/** Most leaves of a list; no epoch has more updates. */
export const MAX_LIST = 16_384;

/** A Merkle list as in RFC 9162, section 2.1. */
export interface MerkleList {
  readonly size: number;
  /** 32 bytes; zero bytes of an empty list. */
  readonly root: Uint8Array;
  /** `length u8 | siblings` from the leaf upwards. @throws list-index */
  prove(index: number): Uint8Array;
}

/**
 * The list of these leaf hashes, in their order. An odd one out goes up a row as it is, which gives the tree of RFC 9162.
 * @param leaves 32 bytes each, already hashed with 0x00 before them
 * @throws list-size, bytes-length
 */
export function createList(leaves: readonly Uint8Array[], hash: Sha256 = sha256): MerkleList {
  if (leaves.length > MAX_LIST) throw fail("list-size", { got: leaves.length });
  const lowest = new Uint8Array(32 * leaves.length);
  leaves.forEach((leaf, i) => {
    lowest.set(checkBytes(leaf, 32, "leaf"), 32 * i);
  });
  // A row is its hashes one after another: a list allocates no more than its hashes do.
  const rows: Uint8Array[] = [lowest];
  const pair = new Uint8Array(65);
  pair[0] = 1;
  for (let row: Uint8Array = lowest; row.length > 32; row = rows.at(-1) as Uint8Array) {
    const above = new Uint8Array(32 * Math.ceil(row.length / 64));
    for (let at = 0; at < row.length; at += 64) {
      const both = row.subarray(at, at + 64);
      if (both.length === 64) pair.set(both, 1);
      above.set(both.length === 64 ? hash(pair) : both, at / 2);
    }
    rows.push(above);
  }
  return {
    size: leaves.length,
    root: leaves.length === 0 ? emptyHash() : copyBytes(rows.at(-1) as Uint8Array),
    prove: (index) => proveIn(rows, index),
  };
}

function proveIn(rows: readonly Uint8Array[], index: number): Uint8Array {
  const size = (rows[0] as Uint8Array).length / 32;
  if (!Number.isInteger(index) || index < 0 || index >= size) throw fail("list-index", { index, size });
  const path: Uint8Array[] = [];
  rows.forEach((row, level) => {
    const beside = 32 * ((index >> level) ^ 1);
    if (beside < row.length) path.push(row.subarray(beside, beside + 32));
  });
  return concatBytes(Uint8Array.of(path.length), ...path);
}

/**
 * The root of the list of `size` leaves whose `index`-th is this one; undefined if there is no such place or its proof has another length (RFC 9162, section 2.1.3.2).
 * The size counts only as far as it shapes the leaf's way: of the first of 11 leaves the proof is good for 9 to 16.
 * @throws proof-form if the bytes are no list proof at all
 */
export function rootOfListProof(
  proof: Uint8Array,
  leaf: Uint8Array,
  place: { readonly index: number; readonly size: number },
  hash: Sha256 = sha256,
): Uint8Array | undefined {
  const length = proof[0];
  if (length === undefined || proof.length !== 1 + 32 * length)
    throw fail("proof-form", { reason: "not as many siblings as it says" });
  const { index, size } = place;
  if (!Number.isInteger(index) || index < 0 || index >= size || size > 2 ** 31) return undefined;
  let at = index;
  let last = size - 1;
  let own = leaf;
  for (let i = 1; i < proof.length; i += 32) {
    if (last === 0) return undefined;
    const sibling = proof.subarray(i, i + 32);
    if ((at & 1) === 1 || at === last) {
      own = hashNode(hash, sibling, own);
      // The last of an uneven row goes up unpaired.
      while ((at & 1) === 0) {
        at >>= 1;
        last >>= 1;
      }
    } else own = hashNode(hash, own, sibling);
    at >>= 1;
    last >>= 1;
  }
  return last === 0 ? own : undefined;
}
