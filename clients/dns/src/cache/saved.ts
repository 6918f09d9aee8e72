import { createHash } from "node:crypto";
import { skipName } from "../wire/name.ts";
import { hashKey } from "../wire/query.ts";
import { ENTRY_HEADER_BYTES, type EntryBytes, entryBytes, WORD } from "./entry.ts";

const MAGIC = Buffer.from("tolldns cache 1\n", "latin1");

/** Joins entries to one file: a line that names the format, SHA-256 of the rest, the entries. */
export function writeSaved(entries: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(entries);
  return Buffer.concat([MAGIC, createHash("sha256").update(body).digest(), body]);
}

/** Entries of a file that `writeSaved` made, hashed anew for this process; none if a byte of it changed. */
export function* readSaved(saved: Uint8Array): Generator<EntryBytes> {
  const file = Buffer.from(saved.buffer, saved.byteOffset, saved.length);
  const start = MAGIC.length + 32;
  if (file.length < start || !file.subarray(0, MAGIC.length).equals(MAGIC)) return;
  const body = file.subarray(start);
  if (!createHash("sha256").update(body).digest().equals(file.subarray(MAGIC.length, start))) return;
  for (let at = 0; at + ENTRY_HEADER_BYTES <= body.length; ) {
    const size = body.readUInt32LE(at + WORD.SIZE * 4);
    if (size < ENTRY_HEADER_BYTES || size % 8 !== 0 || at + size > body.length) return;
    const entry = entryBytes(size);
    entry.bytes.set(body.subarray(at, at + size));
    at += size;
    const keyLength = (entry.words[WORD.LENGTHS] as number) & 0xffff;
    const key = entry.bytes.subarray(ENTRY_HEADER_BYTES, ENTRY_HEADER_BYTES + keyLength);
    const nameLength = skipName(key, 0, key.length);
    if (nameLength < 0 || nameLength + 5 > keyLength) return;
    entry.words[WORD.HASH] = hashKey(key, nameLength);
    yield entry;
  }
}
