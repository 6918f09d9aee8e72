import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { type AddressLike, toAddress } from "../address.ts";
import { checkBytes, concatBytes } from "../bytes.ts";

/** SHA-256 into a new array of 32 bytes. Another may be handed in wherever one is asked for. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

/** SHA-256 that runs anywhere; `sha256Node` of `@tolldns/sdk/node` gives the same. */
export const sha256: Sha256 = nobleSha256;

/** What an empty tree and an empty subtree have for a hash: 32 zero bytes. A copy each time. */
export const emptyHash = (): Uint8Array => new Uint8Array(32);

/** Is this the hash of nothing? */
export function isEmptyHash(hash: Uint8Array): boolean {
  for (const byte of hash) if (byte !== 0) return false;
  return true;
}

const utf8 = /* #__PURE__ */ new TextEncoder();

/** Bytes of a tag. */
export const tagBytes = (tag: string): Uint8Array => utf8.encode(tag);

/** `SHA-256(tag | parts)`: each kind of thing has a tag of its own, so that nothing hashed as one passes for another. */
export function hashTagged(hash: Sha256, tag: string, ...parts: readonly Uint8Array[]): Uint8Array {
  return hash(concatBytes(tagBytes(tag), ...parts));
}

/**
 * `SHA-256("tolldns domain v1\0" | genesis hash | QuorumConfig address)`: part of all that is signed about routes and roots, so that nothing counts on another cluster.
 * @throws bytes-type, bytes-length, address-invalid
 */
export function hashDomain(genesisHash: Uint8Array, quorumConfig: AddressLike): Uint8Array {
  checkBytes(genesisHash, 32, "genesisHash");
  return hashTagged(sha256, "tolldns domain v1\0", genesisHash, toAddress(quorumConfig));
}

const LEAF = /* #__PURE__ */ Uint8Array.of(0);

/** `leaf = SHA-256(0x00 | parts)`, of the map and of lists alike. */
export function hashLeaf(hash: Sha256, ...parts: readonly Uint8Array[]): Uint8Array {
  return hash(concatBytes(LEAF, ...parts));
}

/** A list's `node = SHA-256(0x01 | left | right)`. */
export function hashNode(hash: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(65);
  bytes[0] = 1;
  bytes.set(left, 1);
  bytes.set(right, 33);
  return hash(bytes);
}

/** The map's `node = SHA-256(0x01 | level u8 | left | right)`; names part there at bit `level` of their hashes. */
export function hashMapNode(hash: Sha256, level: number, left: Uint8Array, right: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(66);
  bytes[0] = 1;
  bytes[1] = level;
  bytes.set(left, 2);
  bytes.set(right, 34);
  return hash(bytes);
}
