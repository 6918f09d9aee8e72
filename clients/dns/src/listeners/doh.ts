import { skipName } from "../wire/name.ts";

/** What a DoH path asks for: a message of so many bytes, or one of these. */
export const NOT_DOH = 0;
export const BAD_REQUEST = -1;
export const JSON_FORM = -2;

const BASE64URL = new Int8Array(256).fill(-1);
for (let i = 0; i < 64; i++)
  BASE64URL["ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".charCodeAt(i)] = i;

/**
 * Decodes base64url without padding (RFC 4648 section 5).
 *
 * @returns bytes written to `out`, or -1
 */
export function decodeBase64url(text: Uint8Array, at: number, end: number, out: Uint8Array): number {
  while (end > at && text[end - 1] === 0x3d) end--;
  const length = end - at;
  if ((length & 3) === 1 || Math.floor((length * 3) / 4) > out.length) return -1;
  let to = 0;
  let bad = 0;
  const whole = at + (length & ~3);
  while (at < whole) {
    const a = BASE64URL[text[at] as number] as number;
    const b = BASE64URL[text[at + 1] as number] as number;
    const c = BASE64URL[text[at + 2] as number] as number;
    const d = BASE64URL[text[at + 3] as number] as number;
    bad |= a | b | c | d;
    out[to] = (a << 2) | (b >> 4);
    out[to + 1] = (b << 4) | (c >> 2);
    out[to + 2] = (c << 6) | d;
    to += 3;
    at += 4;
  }
  if (at < end) {
    const a = BASE64URL[text[at] as number] as number;
    const b = BASE64URL[text[at + 1] as number] as number;
    const c = at + 2 < end ? (BASE64URL[text[at + 2] as number] as number) : 0;
    bad |= a | b | c;
    out[to++] = (a << 2) | (b >> 4);
    if (at + 2 < end) out[to++] = (b << 4) | (c >> 2);
  }
  return bad < 0 ? -1 : to;
}

/** Recognises the paths of DoH and takes the message out of them. */
export interface DohPath {
  /** Whether a path without its query string is one of DoH. */
  isDoh(path: Uint8Array, length: number): boolean;
  /** Decodes the `dns` parameter of a GET into `out`: its length, or NOT_DOH, BAD_REQUEST, JSON_FORM. */
  readGet(path: Uint8Array, length: number, out: Uint8Array): number;
}

/** @param path of DoH, such as `/dns-query` */
export function createDohPath(path: string): DohPath {
  const bytes = Buffer.from(path, "latin1");
  const isDoh = (given: Uint8Array, length: number) => {
    if (length < bytes.length) return false;
    for (let i = 0; i < bytes.length; i++) if (given[i] !== bytes[i]) return false;
    return length === bytes.length || given[bytes.length] === 0x3f;
  };
  return {
    isDoh,
    readGet(given, length, out) {
      if (!isDoh(given, length)) return NOT_DOH;
      let result = BAD_REQUEST;
      for (let at = bytes.length + 1; at < length; ) {
        let end = at;
        while (end < length && given[end] !== 0x26) end++;
        // `dns=`
        if (
          given[at] === 0x64 &&
          given[at + 1] === 0x6e &&
          given[at + 2] === 0x73 &&
          given[at + 3] === 0x3d
        ) {
          const size = decodeBase64url(given, at + 4, end, out);
          return size > 0 ? size : BAD_REQUEST;
        }
        // `name=`
        if (given[at] === 0x6e && Buffer.from(given.subarray(at, at + 5)).toString("latin1") === "name=")
          result = JSON_FORM;
        at = end + 1;
      }
      return result;
    },
  };
}

/**
 * Seconds an answer stays fresh: the smallest TTL of its answer and authority sections (RFC 8484 section 5.1), 0 if it has
 * none or can't be walked.
 */
export function freshSeconds(message: Uint8Array, start: number, end: number): number {
  let records =
    ((message[start + 6] as number) << 8) +
    (message[start + 7] as number) +
    ((message[start + 8] as number) << 8) +
    (message[start + 9] as number);
  if (records === 0) return 0;
  let at = message[start + 5] === 1 ? skipName(message, start + 12, end) + 4 : start + 12;
  let lowest = 0x7fffffff;
  for (; records > 0; records--) {
    at = message[at] === 0xc0 ? at + 2 : skipName(message, at, end);
    if (at < 0 || at + 10 > end) return 0;
    const ttl =
      ((message[at + 4] as number) << 24) |
      ((message[at + 5] as number) << 16) |
      ((message[at + 6] as number) << 8) |
      (message[at + 7] as number);
    if (ttl < lowest) lowest = ttl;
    at += 10 + (((message[at + 8] as number) << 8) | (message[at + 9] as number));
  }
  return Math.max(lowest, 0);
}
