/** What only Node has: Ed25519 by OpenSSL, with the same results as the portable one and some ten times its speed. */
import { createPrivateKey, createPublicKey, hash, type KeyObject, sign, verify } from "node:crypto";
import { checkBytes, copyBytes } from "./bytes.ts";
import { hasAcceptableEncoding, type Signer, type VerifyEd25519 } from "./ed25519.ts";
import type { Sha256 } from "./routes/hash.ts";
import type { HashTick } from "./tick.ts";

// DER that goes before the 32 raw bytes: SubjectPublicKeyInfo and PKCS#8 of Ed25519 (RFC 8410).
const SPKI = Buffer.from("302a300506032b6570032100", "hex");
const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");

/** SHA-256 of a tick by node:crypto: for comparison; hashTick of the core is faster here too (decision 0032). */
export const hashTickNode: HashTick = (tick) => hash("sha256", tick, "buffer");

/** SHA-256 by node:crypto, for whatever asks for one. */
export const sha256Node: Sha256 = (bytes) => hash("sha256", bytes, "buffer");

/** Same rule as the portable verifyEd25519, by OpenSSL; which encodings pass is decided before it is asked. */
export const verifyEd25519Node: VerifyEd25519 = (publicKey, message, signature) =>
  hasAcceptableEncoding(publicKey, signature) && verifyWith(importKey(publicKey), message, signature);

/**
 * A verifier for one key, for those who check many signatures of it: the key is imported once.
 * A key that is no point of the curve, or of small order, verifies nothing.
 */
export function createVerifier(
  publicKey: Uint8Array,
): (message: Uint8Array, signature: Uint8Array) => boolean {
  const raw = copyBytes(publicKey);
  const key = raw.length === 32 ? importKey(raw) : undefined;
  return (message, signature) => hasAcceptableEncoding(raw, signature) && verifyWith(key, message, signature);
}

/** A signer of the 32-byte seed by OpenSSL. Ed25519 is deterministic, so signatures equal createSigner's. @throws bytes-type, bytes-length */
export function createSignerNode(seed: Uint8Array): Signer {
  const key = createPrivateKey({
    key: Buffer.concat([PKCS8, checkBytes(seed, 32, "seed")]),
    format: "der",
    type: "pkcs8",
  });
  const publicKey = new Uint8Array(
    createPublicKey(key).export({ format: "der", type: "spki" }).subarray(SPKI.length),
  );
  return { publicKey, sign: (message) => new Uint8Array(sign(null, message, key)) };
}

function importKey(publicKey: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: "der", type: "spki" });
  } catch {
    return undefined;
  }
}

function verifyWith(key: KeyObject | undefined, message: Uint8Array, signature: Uint8Array): boolean {
  if (key === undefined) return false;
  try {
    return verify(null, message, key, signature);
  } catch {
    return false;
  }
}
