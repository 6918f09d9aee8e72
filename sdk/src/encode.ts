/** Parts of instruction data, each as new bytes: integers little endian, hashes and tails as the programs read them. */
import { checkBytes, checkInteger, concatBytes, writeU16, writeU32, writeU64 } from "./bytes.ts";

/** @throws integer-range */
export function u8(value: number, field: string): Uint8Array {
  return Uint8Array.of(checkInteger(value, 0xff, field));
}

/** @throws integer-range */
export function u16(value: number, field: string): Uint8Array {
  const bytes = new Uint8Array(2);
  writeU16(bytes, 0, value, field);
  return bytes;
}

/** @throws integer-range */
export function u32(value: number, field: string): Uint8Array {
  const bytes = new Uint8Array(4);
  writeU32(bytes, 0, value, field);
  return bytes;
}

/** @throws integer-range */
export function u64(value: bigint, field: string): Uint8Array {
  const bytes = new Uint8Array(8);
  writeU64(bytes, 0, value, field);
  return bytes;
}

/** 32 bytes as they are. @throws bytes-type, bytes-length */
export function hash(value: Uint8Array, field: string): Uint8Array {
  return checkBytes(value, 32, field);
}

/** Bytes with their length before them, `u32`. */
export function tail(bytes: Uint8Array): Uint8Array {
  return concatBytes(u32(bytes.length, "length"), bytes);
}

/** Makes the function that writes an instruction's data, `discriminator | parts`, from the first byte of each instruction. */
export function encoderOf<Name extends string>(discriminators: { readonly [N in Name]: number }) {
  return (name: Name, ...parts: readonly Uint8Array[]): Uint8Array =>
    concatBytes(Uint8Array.of(discriminators[name]), ...parts);
}
