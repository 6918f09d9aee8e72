import { type ErrorTable, errorsOf } from "./errors.ts";

/** Context of each byte error. */
export interface ByteErrors {
  "bytes-type": { field: string; got: string };
  "bytes-length": { field: string; expected: number; got: number };
  "bytes-text": { encoding: string; at: number };
  "integer-range": { field: string; got: string; max: string };
}

/** Byte and integer errors, 110-119. */
export const BYTE_ERRORS: ErrorTable<ByteErrors> = {
  "bytes-type": {
    number: 110,
    message: "not a Uint8Array",
    hint: "Pass raw bytes; decode text with fromHex, fromBase64Url or fromBase58 first.",
  },
  "bytes-length": {
    number: 111,
    message: "wrong number of bytes",
    hint: "Check that the value is whole and of the kind expected here.",
  },
  "bytes-text": {
    number: 112,
    message: "text does not decode",
    hint: "Check the encoding; padding, spaces and stray bits are refused.",
  },
  "integer-range": {
    number: 113,
    message: "integer is out of range",
    hint: "Pass a whole number within the field.",
  },
};

const fail = /* #__PURE__ */ errorsOf(BYTE_ERRORS);

/** Returns `value` if it is a Uint8Array of `length` bytes. @throws bytes-type, bytes-length */
export function checkBytes(value: Uint8Array, length: number, field: string): Uint8Array {
  if (!(value instanceof Uint8Array))
    throw fail("bytes-type", { field, got: value === null ? "null" : typeof value });
  if (value.length !== length) throw fail("bytes-length", { field, expected: length, got: value.length });
  return value;
}

/** Returns `value` if it is an integer from 0 to `max`. @throws integer-range */
export function checkInteger(value: number, max: number, field: string): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > max)
    throw fail("integer-range", { field, got: String(value), max: String(max) });
  return value;
}

/** Returns `value` if it is a bigint from 0 to 2^64 - 1. For counts and times; money goes through `checkAmount`. @throws integer-range */
export function checkU64(value: bigint, field: string): bigint {
  if (typeof value !== "bigint" || value < 0n || value > 0xffff_ffff_ffff_ffffn)
    throw fail("integer-range", {
      field,
      got: `${typeof value} ${String(value)}`,
      max: String(0xffff_ffff_ffff_ffffn),
    });
  return value;
}

/**
 * A copy of `bytes[from..to)` as a plain Uint8Array. Not `slice`: given a Node Buffer, that one shares its memory, and
 * what was decoded from a packet would change with the next packet.
 */
export function copyBytes(bytes: Uint8Array, from = 0, to: number = bytes.length): Uint8Array {
  return new Uint8Array(bytes.subarray(from, to));
}

/** Same bytes? Returns early: for public values only. */
export function bytesEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Same bytes? Takes the same time wherever they differ: for secrets and MACs. Length is not hidden. */
export function bytesEqualConstantTime(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let different = 0;
  for (let i = 0; i < a.length; i++) different |= (a[i] as number) ^ (b[i] as number);
  return different === 0;
}

/** All parts in one new array. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Reads `u16` little endian at `at`. The caller has checked the length. */
export function readU16(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
}

/** Reads `u32` little endian at `at`. */
export function readU32(bytes: Uint8Array, at: number): number {
  return (readU16(bytes, at) | (readU16(bytes, at + 2) << 16)) >>> 0;
}

/** Reads `u64` little endian at `at`. */
export function readU64(bytes: Uint8Array, at: number): bigint {
  return (BigInt(readU32(bytes, at + 4)) << 32n) | BigInt(readU32(bytes, at));
}

/** Writes `u16` little endian at `at`. @throws integer-range */
export function writeU16(bytes: Uint8Array, at: number, value: number, field: string): void {
  checkInteger(value, 0xffff, field);
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
}

/** Writes `u32` little endian at `at`. @throws integer-range */
export function writeU32(bytes: Uint8Array, at: number, value: number, field: string): void {
  checkInteger(value, 0xffff_ffff, field);
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}

/** Writes `u64` little endian at `at`. @throws integer-range */
export function writeU64(bytes: Uint8Array, at: number, value: bigint, field: string): void {
  checkU64(value, field);
  writeU32(bytes, at, Number(value & 0xffff_ffffn), field);
  writeU32(bytes, at + 4, Number(value >> 32n), field);
}

const HEX = "0123456789abcdef";

/** Lower case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += HEX.charAt(byte >> 4) + HEX.charAt(byte & 15);
  return text;
}

/** Bytes of hexadecimal of either case. @throws bytes-text */
export function fromHex(text: string): Uint8Array {
  if (text.length % 2 !== 0) throw fail("bytes-text", { encoding: "hex", at: text.length });
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < text.length; i++) {
    const digit = HEX.indexOf(text.charAt(i).toLowerCase());
    if (digit < 0) throw fail("bytes-text", { encoding: "hex", at: i });
    bytes[i >> 1] = ((bytes[i >> 1] as number) << 4) | digit;
  }
  return bytes;
}
