import { copyBytes, readU16, readU32, readU64 } from "../bytes.ts";
import { fail } from "./errors.ts";

/** Grows an array of bytes; the largest message is 4096. */
export interface Writer {
  readonly bytes: number[];
}

/** Appends raw bytes. */
export function put(writer: Writer, bytes: Iterable<number>): void {
  writer.bytes.push(...bytes);
}

/** Appends a little-endian integer of `size` bytes. */
export function putInteger(writer: Writer, value: number | bigint, size: number): void {
  for (let i = 0, left = BigInt(value); i < size; i++, left >>= 8n) writer.bytes.push(Number(left & 0xffn));
}

/** Appends Solana's compact-u16: seven bits a byte, low first. */
export function putCompact(writer: Writer, value: number): void {
  let left = value;
  for (; left > 0x7f; left >>= 7) writer.bytes.push((left & 0x7f) | 0x80);
  writer.bytes.push(left);
}

/** Reads bytes in order and never past the end. */
export interface Reader {
  readonly bytes: Uint8Array;
  at: number;
}

/** The next `length` bytes, a copy. @throws transaction-truncated */
export function take(reader: Reader, length: number): Uint8Array {
  const end = reader.at + length;
  if (end > reader.bytes.length) throw fail("transaction-truncated", { at: reader.bytes.length });
  const part = copyBytes(reader.bytes, reader.at, end);
  reader.at = end;
  return part;
}

/** The next byte. @throws transaction-truncated */
export function takeU8(reader: Reader): number {
  return take(reader, 1)[0] as number;
}

/** The next u16. @throws transaction-truncated */
export function takeU16(reader: Reader): number {
  return readU16(take(reader, 2), 0);
}

/** The next u32. @throws transaction-truncated */
export function takeU32(reader: Reader): number {
  return readU32(take(reader, 4), 0);
}

/** The next u64. @throws transaction-truncated */
export function takeU64(reader: Reader): bigint {
  return readU64(take(reader, 8), 0);
}

/** The next compact-u16; one that could be shorter or exceeds 16 bits is refused. @throws transaction-truncated, transaction-invalid */
export function takeCompact(reader: Reader): number {
  let value = 0;
  for (let i = 0; i < 3; i++) {
    const byte = takeU8(reader);
    if (i > 0 && byte === 0) break;
    value |= (byte & 0x7f) << (7 * i);
    if (byte < 0x80 && value <= 0xffff) return value;
  }
  throw fail("transaction-invalid", { why: "a length that is not minimal or exceeds 16 bits" });
}

/** Throws unless everything was read. @throws transaction-trailing */
export function finish(reader: Reader): void {
  if (reader.at !== reader.bytes.length)
    throw fail("transaction-trailing", { at: reader.at, length: reader.bytes.length });
}
