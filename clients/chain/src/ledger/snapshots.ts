import type { TimelineState } from "./timeline.ts";

/** What a snapshot holds besides the machine. */
export interface SnapshotHead {
  version: 1;
  slot: number;
  offsetMs: number;
  timeline: TimelineState;
}

/** head length u32 | head (JSON) | the machine's own bytes. */
export function encodeSnapshot(head: SnapshotHead, machine: Uint8Array): Uint8Array {
  const json = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  return Buffer.concat([length, json, machine]);
}

export function decodeSnapshot(bytes: Uint8Array): { head: SnapshotHead; machine: Uint8Array } {
  const length = Buffer.from(bytes.buffer, bytes.byteOffset, 4).readUInt32LE();
  const json = Buffer.from(bytes.subarray(4, 4 + length)).toString();
  return { head: JSON.parse(json) as SnapshotHead, machine: bytes.subarray(4 + length) };
}
