import { checkBytes, copyBytes } from "../bytes.ts";
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
  const rows: Uint8Array[][] = [leaves.map((leaf) => copyBytes(checkBytes(leaf, 32, "leaf")))];
  for (let row = rows[0] as Uint8Array[]; row.length > 1; ) {
    const above: Uint8Array[] = [];
    for (let i = 0; i < row.length; i += 2) {
      const right = row[i + 1];
      above.push(right === undefined ? (row[i] as Uint8Array) : hashNode(hash, row[i] as Uint8Array, right));
    }
    rows.push(above);
    row = above;
  }
  return {
    size: leaves.length,
    root: rows.at(-1)?.[0] ?? emptyHash(),
    prove: (index) => proveIn(rows, index),
  };
}

function proveIn(rows: readonly (readonly Uint8Array[])[], index: number): Uint8Array {
  const size = rows[0]?.length ?? 0;
  if (!Number.isInteger(index) || index < 0 || index >= size) throw fail("list-index", { index, size });
  const path: Uint8Array[] = [];
  rows.forEach((row, level) => {
    const beside = row[(index >> level) ^ 1];
    if (beside !== undefined) path.push(beside);
  });
  const out = new Uint8Array(1 + 32 * path.length);
  out[0] = path.length;
  path.forEach((hash, i) => {
    out.set(hash, 1 + 32 * i);
  });
  return out;
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
