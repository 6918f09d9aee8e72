import { ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { bytesEqual, checkBytes, concatBytes, copyBytes } from "./bytes.ts";

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
const GROUP_ORDER = /* #__PURE__ */ Uint8Array.of(
  0xed,
  0xd3,
  0xf5,
  0x5c,
  0x1a,
  0x63,
  0x12,
  0x58,
  0xd6,
  0x9c,
  0xf7,
  0xa2,
  0xde,
  0xf9,
  0xde,
  0x14,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0x10,
);
const FIELD_ORDER = /* #__PURE__ */ Uint8Array.of(
  0xed,
  0xff,
  0xff,
  0xff,
  0xff,
  0xff,
  0xff,
  0xff,
  0xff,
  0xff,
  0xff,
  0xff,
  0xff,
  0xff,
  0xff,
  0xff,
  0xff,
  0xff,
  0xff,
  0xff,
  0xff,
  0xff,
  0xff,
  0xff,
  0xff,
  0xff,
  0xff,
  0xff,
  0xff,
  0xff,
  0xff,
  0x7f,
);
// y of the points of order 8; those of order 1, 2 and 4 have y = 1, p - 1 and 0.
const ORDER_EIGHT = /* #__PURE__ */ [
  Uint8Array.of(
    0x26,
    0xe8,
    0x95,
    0x8f,
    0xc2,
    0xb2,
    0x27,
    0xb0,
    0x45,
    0xc3,
    0xf4,
    0x89,
    0xf2,
    0xef,
    0x98,
    0xf0,
    0xd5,
    0xdf,
    0xac,
    0x05,
    0xd3,
    0xc6,
    0x33,
    0x39,
    0xb1,
    0x38,
    0x02,
    0x88,
    0x6d,
    0x53,
    0xfc,
    0x05,
  ),
  Uint8Array.of(
    0xc7,
    0x17,
    0x6a,
    0x70,
    0x3d,
    0x4d,
    0xd8,
    0x4f,
    0xba,
    0x3c,
    0x0b,
    0x76,
    0x0d,
    0x10,
    0x67,
    0x0f,
    0x2a,
    0x20,
    0x53,
    0xfa,
    0x2c,
    0x39,
    0xcc,
    0xc6,
    0x4e,
    0xc7,
    0xfd,
    0x77,
    0x92,
    0xac,
    0x03,
    0x7a,
  ),
];

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
