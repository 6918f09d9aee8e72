import { fail } from "./errors.ts";
import { hashNode, type Sha256, sha256 } from "./hash.ts";

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
