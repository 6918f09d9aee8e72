import { FRAME_HEADER_BYTES } from "./frames.ts";

/** Indexes of names in HPACK's static table that answers use. */
const NAME_INDEX: Readonly<Record<string, number>> = {
  ":status": 8,
  "access-control-allow-origin": 20,
  age: 21,
  allow: 22,
  "cache-control": 24,
  "content-length": 28,
  "content-type": 31,
  date: 33,
  "retry-after": 53,
};
/** Statuses with an index of their own. */
const STATUS_INDEX: Readonly<Record<number, number>> = {
  200: 8,
  204: 9,
  206: 10,
  304: 11,
  400: 12,
  404: 13,
  500: 14,
};

function writeInteger(
  out: Uint8Array,
  at: number,
  value: number,
  prefixBits: number,
  pattern: number,
): number {
  const max = (1 << prefixBits) - 1;
  if (value < max) {
    out[at] = pattern | value;
    return at + 1;
  }
  out[at++] = pattern | max;
  for (value -= max; value >= 0x80; value = Math.floor(value / 0x80)) out[at++] = (value & 0x7f) | 0x80;
  out[at] = value;
  return at + 1;
}

function writeLiteral(out: Buffer, at: number, text: string): number {
  const from = writeInteger(out, at, Buffer.byteLength(text, "latin1"), 7, 0);
  return from + out.write(text, from, "latin1");
}

/**
 * Encodes a response's fields without dynamic table or Huffman code: nothing to keep in step, little to compute.
 * Returns the offset after them.
 */
export function writeFields(
  out: Buffer,
  at: number,
  status: number,
  headers: Readonly<Record<string, string>>,
): number {
  const index = STATUS_INDEX[status];
  if (index !== undefined) out[at++] = 0x80 | index;
  else {
    at = writeInteger(out, at, NAME_INDEX[":status"] as number, 4, 0);
    at = writeLiteral(out, at, String(status));
  }
  for (const [name, value] of Object.entries(headers)) {
    const known = NAME_INDEX[name];
    if (known !== undefined) at = writeInteger(out, at, known, 4, 0);
    else {
      out[at++] = 0;
      at = writeLiteral(out, at, name);
    }
    at = writeLiteral(out, at, value);
  }
  return at;
}

/** `:status: 200`, `content-type: application/dns-message`, and the names of content-length and cache-control. */
const DNS_TYPE = (() => {
  const out = Buffer.alloc(64);
  return out.subarray(0, writeFields(out, 0, 200, { "content-type": "application/dns-message" }));
})();
const LENGTH_NAME = [0x0f, 28 - 15] as const;
const CACHE_NAME = [0x0f, 24 - 15] as const;
const MAX_AGE = Buffer.from("max-age=", "latin1");

const digitsOf = (value: number) =>
  value < 10
    ? 1
    : value < 100
      ? 2
      : value < 1000
        ? 3
        : value < 10_000
          ? 4
          : value < 100_000
            ? 5
            : String(value).length;

function writeDigits(out: Uint8Array, at: number, value: number, digits: number): number {
  for (let i = at + digits - 1; i >= at; i--) {
    const rest = Math.floor(value / 10);
    out[i] = 0x30 + value - rest * 10;
    value = rest;
  }
  return at + digits;
}

/** Bytes {@link writeDnsFields} will write. */
export function dnsFieldsLength(length: number, maxAge: number): number {
  return DNS_TYPE.length + 3 + digitsOf(length) + 3 + MAX_AGE.length + digitsOf(maxAge);
}

/** Fields of a DoH answer (RFC 8484 section 4.2.1, freshness section 5.1). Returns the offset after them. */
export function writeDnsFields(out: Uint8Array, at: number, length: number, maxAge: number): number {
  for (let i = 0; i < DNS_TYPE.length; i++) out[at++] = DNS_TYPE[i] as number;
  out[at++] = LENGTH_NAME[0];
  out[at++] = LENGTH_NAME[1];
  const lengthDigits = digitsOf(length);
  out[at++] = lengthDigits;
  at = writeDigits(out, at, length, lengthDigits);
  out[at++] = CACHE_NAME[0];
  out[at++] = CACHE_NAME[1];
  const ageDigits = digitsOf(maxAge);
  out[at++] = MAX_AGE.length + ageDigits;
  for (let i = 0; i < MAX_AGE.length; i++) out[at++] = MAX_AGE[i] as number;
  return writeDigits(out, at, maxAge, ageDigits);
}

/** Where a DoH answer's message is written so that the usual head fits before it, counted from the head's frame. */
export const bodyOffset = (fieldsLength: number) => FRAME_HEADER_BYTES + fieldsLength + FRAME_HEADER_BYTES;
