import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { basename } from "node:path";
import { crc32 } from "node:zlib";
import { fail } from "../errors.ts";
import type { JournalRecord } from "./journal.ts";

const HEAD = 9;

/** length u32 | crc32 u32 | type u8 | payload; the checksum covers type and payload. */
export function frame({ type, payload }: JournalRecord): Buffer {
  const out = Buffer.alloc(HEAD + payload.length);
  out.writeUInt32LE(payload.length, 0);
  out[8] = type;
  out.set(payload, HEAD);
  out.writeUInt32LE(crc32(out.subarray(8)), 4);
  return out;
}

/** Hands on every whole record. @returns where the first broken one begins, or the length. */
export function scan(bytes: Buffer, each: (record: JournalRecord) => void): number {
  let offset = 0;
  while (offset + HEAD <= bytes.length) {
    const end = offset + HEAD + bytes.readUInt32LE(offset);
    if (end > bytes.length || crc32(bytes.subarray(offset + 8, end)) !== bytes.readUInt32LE(offset + 4))
      break;
    each({ type: bytes[offset + 8] as number, payload: bytes.subarray(offset + HEAD, end) });
    offset = end;
  }
  return offset;
}

export function writeChecked(path: string, bytes: Uint8Array): void {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(bytes.length, 0);
  head.writeUInt32LE(crc32(bytes), 4);
  const file = openSync(`${path}.tmp`, "w", 0o600);
  try {
    writeAll(file, head);
    writeAll(file, bytes);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(`${path}.tmp`, path);
}

export function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}

export function readChecked(path: string): Uint8Array {
  const bytes = readFileSync(path);
  const body = bytes.subarray(8);
  if (bytes.length < 8 || bytes.readUInt32LE(0) !== body.length || crc32(body) !== bytes.readUInt32LE(4)) {
    throw fail("chain-damaged", { what: `snapshot ${basename(path)}` });
  }
  return body;
}

export function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
