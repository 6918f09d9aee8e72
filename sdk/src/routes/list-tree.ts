import { Buffer } from "buffer";
import { MerkleTree } from "merkletreejs";
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
 * The list of these leaf hashes, in their order: merkletreejs's tree, told to take leaves as they are and to put 0x01 before a pair. It carries an odd one
 * out up a row as it is, which gives the tree of RFC 9162.
 * @param leaves 32 bytes each, already hashed with 0x00 before them
 * @throws list-size, bytes-length
 */
export function createList(leaves: readonly Uint8Array[], hash: Sha256 = sha256): MerkleList {
  if (leaves.length > MAX_LIST) throw fail("list-size", { got: leaves.length });
  const lowest = leaves.map((leaf) => Buffer.from(checkBytes(leaf, 32, "leaf")));
  const node = (pair: Uint8Array) => Buffer.from(hashNode(hash, pair.subarray(0, 32), pair.subarray(32)));
  const tree = new MerkleTree(lowest, node, { hashLeaves: false });
  return {
    size: leaves.length,
    root: leaves.length === 0 ? emptyHash() : copyBytes(tree.getRoot()),
    prove(index) {
      const leaf = lowest[index];
      if (leaf === undefined) throw fail("list-index", { index, size: leaves.length });
      const path = tree.getProof(leaf, index).map(({ data }) => data);
      return concatBytes(Uint8Array.of(path.length), ...path);
    },
  };
}
