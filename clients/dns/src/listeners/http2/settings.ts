import {
  DEFAULT_WINDOW,
  ERROR,
  FRAME,
  MAX_FRAME_BYTES,
  MAX_WINDOW,
  readUint32,
  SETTING,
  writeFrameHeader,
  writeUint32,
} from "./frames.ts";
import { ConnectionFailure, MAX_HEAD_BYTES } from "./reader.ts";

/** Requests under way at once on a connection (RFC 9113 section 6.5.2 advises no fewer than 100). */
export const MAX_STREAMS = 256;
/** Credit for the whole connection, far more than bodies of queries need. */
export const CONNECTION_WINDOW = 1024 * 1024;

/**
 * Writes our settings and the credit for the connection.
 *
 * @param maxBody credit for each stream, in bytes
 * @returns offset after them
 */
export function writeGreeting(out: Uint8Array, at: number, maxBody: number): number {
  const settings: readonly (readonly [number, number])[] = [
    // Requests then carry no state from one to the next: see Template.
    [SETTING.HEADER_TABLE_SIZE, 0],
    [SETTING.MAX_CONCURRENT_STREAMS, MAX_STREAMS],
    [SETTING.INITIAL_WINDOW_SIZE, maxBody],
    [SETTING.MAX_HEADER_LIST_SIZE, MAX_HEAD_BYTES],
  ];
  at = writeFrameHeader(out, at, settings.length * 6, FRAME.SETTINGS, 0, 0);
  for (const [key, value] of settings) {
    out[at++] = key >>> 8;
    out[at++] = key & 0xff;
    at = writeUint32(out, at, value);
  }
  at = writeFrameHeader(out, at, 4, FRAME.WINDOW_UPDATE, 0, 0);
  return writeUint32(out, at, CONNECTION_WINDOW - DEFAULT_WINDOW);
}

/**
 * Reads a client's settings (RFC 9113 section 6.5.2); those that only promise something are checked and left.
 *
 * @param setInitialWindow false if a window overflows
 * @throws ConnectionFailure
 */
export function readSettings(
  bytes: Uint8Array,
  at: number,
  end: number,
  setInitialWindow: (bytes: number) => boolean,
): void {
  if ((end - at) % 6 !== 0) throw new ConnectionFailure(ERROR.FRAME_SIZE_ERROR);
  for (; at < end; at += 6) {
    const key = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
    const value = readUint32(bytes, at + 2);
    if (key === SETTING.ENABLE_PUSH && value > 1) throw new ConnectionFailure(ERROR.PROTOCOL_ERROR);
    if (key === SETTING.MAX_FRAME_SIZE && (value < MAX_FRAME_BYTES || value > 0xffffff))
      throw new ConnectionFailure(ERROR.PROTOCOL_ERROR);
    if (key === SETTING.INITIAL_WINDOW_SIZE && (value > MAX_WINDOW || !setInitialWindow(value)))
      throw new ConnectionFailure(ERROR.FLOW_CONTROL_ERROR);
  }
}

/** End of a frame's content, given its pad length and the bytes left after that. @throws ConnectionFailure */
export function endBeforePadding(padding: number, at: number, end: number): number {
  if (padding > end - at) throw new ConnectionFailure(ERROR.PROTOCOL_ERROR);
  return end - padding;
}
