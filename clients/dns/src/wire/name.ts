import { DnsError } from "../errors.ts";
import { MAX_LABEL_BYTES, MAX_NAME_BYTES } from "./constants.ts";

/** A name has at most 127 labels, so an honest one needs no more pointers. */
const MAX_HOPS = 127;

/** ASCII lower case of every byte; others map to themselves (RFC 4343). */
export const LOWER: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte,
);

/**
 * Encodes presentation form to uncompressed wire form. Understands `\.`, `\\` and `\DDD` (RFC 1035 section 5.1); a
 * trailing dot is optional; characters beyond ASCII are taken as their UTF-8 bytes.
 *
 * @throws DnsError `name-too-long`, `label-too-long`, `name-escape`
 * @example encodeName("www.example.org") // 03 77 77 77 07 ... 00
 */
export function encodeName(text: string): Uint8Array {
  if (text === "" || text === ".") return new Uint8Array(1);
  const source = Buffer.from(text, "utf8");
  const out = new Uint8Array(MAX_NAME_BYTES);
  let label = 0;
  let at = 1;
  const put = (byte: number) => {
    if (at >= MAX_NAME_BYTES) throw new DnsError("name-too-long", `${text.length} characters`);
    out[at++] = byte;
  };
  const endLabel = () => {
    const length = at - label - 1;
    if (length === 0 || length > MAX_LABEL_BYTES)
      throw new DnsError("label-too-long", `a label of ${length} bytes`);
    out[label] = length;
    label = at;
  };
  for (let i = 0; i < source.length; i++) {
    let byte = source[i] as number;
    if (byte === 0x2e) {
      endLabel();
      if (i + 1 < source.length) put(0);
      continue;
    }
    if (byte === 0x5c) {
      const next = source[++i];
      if (next === undefined) throw new DnsError("name-escape", "a name ends in a backslash");
      byte = next;
      if (next >= 0x30 && next <= 0x39) {
        const digits = source.toString("latin1", i, i + 3);
        byte = Number(digits);
        if (!/^\d{3}$/.test(digits) || byte > 255)
          throw new DnsError("name-escape", "an escape is not \\DDD");
        i += 2;
      }
    }
    put(byte);
  }
  if (label !== at) endLabel();
  if (at >= MAX_NAME_BYTES) throw new DnsError("name-too-long", `${text.length} characters`);
  return out.slice(0, at + 1);
}

/** Presentation form of one label, dots and unprintable bytes escaped. */
function labelToText(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte === 0x2e || byte === 0x5c) text += `\\${String.fromCharCode(byte)}`;
    else if (byte > 0x20 && byte < 0x7f) text += String.fromCharCode(byte);
    else text += `\\${String(byte).padStart(3, "0")}`;
  }
  return text;
}

/** Presentation form of an uncompressed wire name, without the trailing dot (the root is `.`). */
export function nameToText(wire: Uint8Array, at = 0): string {
  const labels: string[] = [];
  for (;;) {
    const length = wire[at];
    if (length === undefined || length > MAX_LABEL_BYTES)
      throw new DnsError("message-truncated", "a name without end");
    if (length === 0) break;
    labels.push(labelToText(wire, at + 1, at + 1 + length));
    at += length + 1;
  }
  return labels.length === 0 ? "." : labels.join(".");
}

/**
 * Offset just after the name at `at`, pointers not followed.
 * Returns -1 when the name runs past `end` or is no name.
 */
export function skipName(message: Uint8Array, at: number, end: number): number {
  const limit = Math.min(end, at + MAX_NAME_BYTES + 1);
  while (at < limit) {
    const length = message[at] as number;
    if (length === 0) return at + 1;
    if (length >= 0xc0) return at + 2 <= end ? at + 2 : -1;
    if (length > MAX_LABEL_BYTES) return -1;
    at += length + 1;
  }
  return -1;
}

/**
 * Copies the name at `at` of a message into `out` in lower-cased or given case, uncompressed. Each pointer must point
 * before the label run it ends, so the walk ends after at most 127 labels whatever the message holds.
 *
 * @param start where the message begins in `message`; pointers count from there
 * @returns bytes written to `out`, whose size must be at least `outAt + 255`
 * @throws DnsError `message-truncated`, `name-too-long`, `name-loop`
 */
export function readName(
  message: Uint8Array,
  start: number,
  at: number,
  end: number,
  out: Uint8Array,
  outAt: number,
  lower: boolean,
): number {
  const first = outAt;
  let bound = at;
  let hops = 0;
  for (;;) {
    if (at >= end) throw new DnsError("message-truncated", "a name without end");
    const length = message[at] as number;
    if (length >= 0xc0) {
      if (at + 1 >= end) throw new DnsError("message-truncated", "half a pointer");
      const target = start + (((length & 0x3f) << 8) | (message[at + 1] as number));
      if (target >= bound) throw new DnsError("name-loop", "a pointer that doesn't point backwards");
      // Pointers to pointers, thousands deep, would cost far more than their bytes.
      if (++hops > MAX_HOPS) throw new DnsError("name-loop", "a name of too many pointers");
      bound = target;
      at = target;
      continue;
    }
    if (length > MAX_LABEL_BYTES) throw new DnsError("label-too-long", "a label type that isn't one");
    if (at + 1 + length > end) throw new DnsError("message-truncated", "a label without end");
    if (outAt - first + length + 1 > MAX_NAME_BYTES)
      throw new DnsError("name-too-long", "a name over 255 bytes");
    out[outAt++] = length;
    if (length === 0) return outAt - first;
    at++;
    for (const stop = at + length; at < stop; at++) {
      const byte = message[at] as number;
      out[outAt++] = lower ? (LOWER[byte] as number) : byte;
    }
  }
}

/** Whether two uncompressed wire names are equal, ASCII case aside (RFC 4343). */
export function sameName(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (LOWER[a[i] as number] !== LOWER[b[i] as number]) return false;
  return true;
}

/** Whether `name` equals `zone` or lies below it; both uncompressed wire names. */
export function isWithin(name: Uint8Array, zone: Uint8Array): boolean {
  for (let at = 0; name.length - at >= zone.length; at += (name[at] as number) + 1) {
    if (name.length - at === zone.length) return sameName(name.subarray(at), zone);
  }
  return false;
}
