import { randomBytes } from "node:crypto";
import { FLAG } from "../wire/constants.ts";
import { LOWER } from "../wire/name.ts";

/** How an answer compares with the query sent: only `ok` may be used. */
export type Match = "ok" | "id" | "question" | "case";

/**
 * Compares an answer with the query: id, QR and opcode, and the question byte for byte. `case` means that only the case of
 * letters differs, as with servers that don't keep it, or with a forgery that guessed all but the case.
 */
export function matchAnswer(sent: Uint8Array, answer: Uint8Array): Match {
  if (answer.length < 12 || answer[0] !== sent[0] || answer[1] !== sent[1]) return "id";
  if (((answer[2] as number) & 0xf8) !== FLAG.QR >>> 8) return "question";
  if (answer[4] !== 0 || answer[5] !== 1) return "question";
  let at = 12;
  let exact = true;
  for (;;) {
    const length = sent[at] as number;
    if (answer[at] !== length) return "question";
    at++;
    if (length === 0) break;
    for (const end = at + length; at < end; at++) {
      const a = sent[at] as number;
      const b = answer[at];
      if (a === b) continue;
      if (b === undefined || LOWER[a] !== LOWER[b]) return "question";
      exact = false;
    }
  }
  for (const end = at + 4; at < end; at++) if (answer[at] !== sent[at]) return "question";
  return exact ? "ok" : "case";
}

let pool = randomBytes(4096);
let poolAt = 0;

/** The next `count` bytes of the system's randomness, fetched in blocks. */
export function drawRandom(count: number): Uint8Array {
  if (poolAt + count > pool.length) {
    pool = randomBytes(4096);
    poolAt = 0;
  }
  poolAt += count;
  return pool.subarray(poolAt - count, poolAt);
}

/** 16 random bits. */
export function drawId(): number {
  const bytes = drawRandom(2);
  return ((bytes[0] as number) << 8) | (bytes[1] as number);
}

/** Gives each letter of a lower-case wire name a random case (draft-vixie-dnsext-dns0x20). Returns a copy. */
export function mixCase(name: Uint8Array): Uint8Array {
  const out = name.slice();
  const bits = drawRandom((name.length + 7) >>> 3);
  for (let at = 0; at < out.length && out[at] !== 0; ) {
    const end = at + 1 + (out[at] as number);
    for (at++; at < end; at++) {
      const byte = out[at] as number;
      const flip = ((bits[at >>> 3] as number) >>> (at & 7)) & 1;
      if (flip && byte >= 0x61 && byte <= 0x7a) out[at] = byte - 0x20;
    }
  }
  return out;
}
