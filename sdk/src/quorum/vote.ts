import { bytesEqual, concatBytes, copyBytes } from "../bytes.ts";
import type { Signer, VerifyEd25519 } from "../ed25519.ts";
import { hash, u32, u64 } from "../encode.ts";
import { hashTagged, type Sha256, sha256, tagBytes } from "../routes/hash.ts";

/** What a committee says of an epoch: the root, and the trace of updates that leads to it. Hashes have 32 bytes. */
export interface EpochOutcome {
  readonly previousRoot: Uint8Array;
  readonly root: Uint8Array;
  readonly updatesRoot: Uint8Array;
  /** Updates in the trace, at most 16 384. */
  readonly count: number;
}

/** Bytes of a signed vote's message. */
export const VOTE_BYTES = 45;

/**
 * `digest = SHA-256("tolldns epoch v1\0" | domain | epoch u64 | previous root | root | updates root | count u32)`.
 * @throws bytes-type, bytes-length, integer-range
 */
export function hashOutcome(
  outcome: EpochOutcome,
  domain: Uint8Array,
  epoch: bigint,
  hasher: Sha256 = sha256,
): Uint8Array {
  return hashTagged(
    hasher,
    "tolldns epoch v1\0",
    hash(domain, "domain"),
    u64(epoch, "epoch"),
    hash(outcome.previousRoot, "previousRoot"),
    hash(outcome.root, "root"),
    hash(outcome.updatesRoot, "updatesRoot"),
    u32(outcome.count, "count"),
  );
}

const VOTE_TAG = "tolldns vote\0";

/** What a witness signs: `"tolldns vote\0" | digest`. @throws bytes-type, bytes-length */
export function encodeVote(digest: Uint8Array): Uint8Array {
  return concatBytes(tagBytes(VOTE_TAG), hash(digest, "digest"));
}

/** The digest of a vote's message; undefined if it is none. */
export function decodeVote(message: Uint8Array): Uint8Array | undefined {
  const tag = tagBytes(VOTE_TAG);
  if (message.length !== VOTE_BYTES || !bytesEqual(message.subarray(0, tag.length), tag)) return undefined;
  return copyBytes(message, tag.length);
}

/** A vote's signature of 64 bytes. The caller answers for never signing two digests of one epoch. @throws bytes-type, bytes-length */
export function signVote(witness: Signer, digest: Uint8Array): Uint8Array {
  return witness.sign(encodeVote(digest));
}

/** Is this the witness's vote for the digest, as the program checks it? */
export function verifyVote(
  verify: VerifyEd25519,
  witness: Uint8Array,
  digest: Uint8Array,
  signature: Uint8Array,
): boolean {
  return digest.length === 32 && verify(witness, encodeVote(digest), signature);
}

/** `3w >= 2W`: do the votes weigh at least two thirds of the committee? */
export function isQuorum(votes: bigint, committee: bigint): boolean {
  return committee > 0n && 3n * votes >= 2n * committee;
}
