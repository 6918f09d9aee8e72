import { FRAME, writeFrameHeader, writeUint32 } from "./frames.ts";
import type { Outbox } from "./outbox.ts";

/** Puts a frame that is about the connection, or ends a stream, into the outbox. */
export function sendControl(
  outbox: Outbox,
  type: number,
  flags: number,
  id: number,
  payload: Uint8Array,
): void {
  const out = outbox.room();
  const start = outbox.filled;
  const at = writeFrameHeader(out, start, payload.length, type, flags, id);
  out.set(payload, at);
  outbox.commit(at + payload.length - start);
}

const word = new Uint8Array(4);

export function sendReset(outbox: Outbox, id: number, code: number): void {
  writeUint32(word, 0, code);
  sendControl(outbox, FRAME.RST_STREAM, 0, id, word);
}

/** @param id 0 for the connection */
export function sendCredit(outbox: Outbox, id: number, bytes: number): void {
  writeUint32(word, 0, bytes);
  sendControl(outbox, FRAME.WINDOW_UPDATE, 0, id, word);
}

/** Says that no stream after `last` will be answered, and why (RFC 9113 section 6.8). */
export function sendGoAway(outbox: Outbox, last: number, code: number): void {
  const payload = new Uint8Array(8);
  writeUint32(payload, 0, last);
  writeUint32(payload, 4, code);
  sendControl(outbox, FRAME.GOAWAY, 0, 0, payload);
  outbox.drain();
}
