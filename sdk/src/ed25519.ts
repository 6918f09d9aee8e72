import { ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { bytesEqual, checkBytes, concatBytes, copyBytes, fromHex } from "./bytes.ts";

/** Holds a key and signs with it; the key itself stays inside. */
export interface Signer {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** Ed25519 signature of 64 bytes over `message`. */
  sign(message: Uint8Array): Uint8Array;
}

/** Checks an Ed25519 signature by the rule of docs/reference/ed25519.md. Never throws: a misfit is `false`. */
export type VerifyEd25519 = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

/** A signer of the 32-byte Ed25519 seed. @throws bytes-type, bytes-length */
export function createSigner(seed: Uint8Array): Signer {
  const secret = copyBytes(checkBytes(seed, 32, "seed"));
  const publicKey = ed25519.getPublicKey(secret);
  return { publicKey, sign: (message) => ed25519.sign(message, secret) };
}

/** A new 32-byte seed from the platform's random source (Web Crypto, in Node and browsers). */
export function createSeed(): Uint8Array {
  return globalThis.crypto.getRandomValues(new Uint8Array(32));
}

/**
 * Verifies as the escrow program does: RFC 8032 without the cofactor, `s` below the group order, canonical encodings,
 * neither key nor `R` of small order. Runs anywhere; in Node, `@tolldns/sdk/node` has the same rule some fifteen times faster.
 */
export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (!hasAcceptableEncoding(publicKey, signature)) return false;
  const r = signature.subarray(0, 32);
  try {
    const key = ed25519.Point.fromBytes(publicKey);
    const s = readScalar(signature.subarray(32));
    const k = ed25519.Point.Fn.create(readScalar(sha512(concatBytes(r, publicKey, message))));
    // Not ed25519.verify: that one multiplies by the cofactor and so accepts more than the program does.
    const expected = ed25519.Point.BASE.multiplyUnsafe(s).subtract(key.multiplyUnsafe(k));
    return bytesEqual(expected.toBytes(), r);
  } catch {
    return false;
  }
}

/**
 * The part of the rule that is about encodings: lengths, `s < L`, a canonical public key, no small-order key or `R`.
 * What remains for the caller is that the key is on the curve and `R = sB - kA`, compared as bytes.
 */
export function hasAcceptableEncoding(publicKey: Uint8Array, signature: Uint8Array): boolean {
  return (
    publicKey.length === 32 &&
    signature.length === 64 &&
    isBelow(signature, 32, GROUP_ORDER, 0xff) &&
    isBelow(publicKey, 0, FIELD_ORDER, 0x7f) &&
    !isSmallOrder(publicKey, 0) &&
    !isSmallOrder(signature, 0)
  );
}

// Little endian: L = 2^252 + 27742317777372353535851937790883648493 and p = 2^255 - 19.
const GROUP_ORDER = /* #__PURE__ */ fromHex(
  "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010",
);
const FIELD_ORDER = /* #__PURE__ */ fromHex(
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
);
// y of the points of order 8; those of order 1, 2 and 4 have y = 1, p - 1 and 0.
const ORDER_EIGHT = /* #__PURE__ */ [
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
].map(fromHex);

function isBelow(bytes: Uint8Array, at: number, bound: Uint8Array, topMask: number): boolean {
  for (let i = 31; i >= 0; i--) {
    const byte = (bytes[at + i] as number) & (i === 31 ? topMask : 0xff);
    const limit = bound[i] as number;
    if (byte !== limit) return byte < limit;
  }
  return false;
}

// Looks at y only, so it refuses negative zero (x = 0 with the sign bit set) as well.
function isSmallOrder(bytes: Uint8Array, at: number): boolean {
  const first = bytes[at] as number;
  if (first === 0 || first === 1) return isTail(bytes, at, 0x00, 0x00);
  if (first === 0xec) return isTail(bytes, at, 0xff, 0x7f);
  for (const y of ORDER_EIGHT) if (first === y[0] && isSameY(bytes, at, y)) return true;
  return false;
}

function isTail(bytes: Uint8Array, at: number, middle: number, top: number): boolean {
  for (let i = 1; i < 31; i++) if (bytes[at + i] !== middle) return false;
  return ((bytes[at + 31] as number) & 0x7f) === top;
}

function isSameY(bytes: Uint8Array, at: number, y: Uint8Array): boolean {
  for (let i = 0; i < 31; i++) if (bytes[at + i] !== y[i]) return false;
  return ((bytes[at + 31] as number) & 0x7f) === y[31];
}

function readScalar(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] as number);
  return value;
}
