import { BYTE_ERRORS } from "./bytes.ts";
import { errorsOf } from "./errors.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const fail = /* #__PURE__ */ errorsOf(BYTE_ERRORS);
const VALUES = /* #__PURE__ */ decodingTable();

function decodingTable(): Uint8Array {
  const table = new Uint8Array(256).fill(64);
  for (let i = 0; i < 64; i++) table[ALPHABET.charCodeAt(i)] = i;
  return table;
}

/** Characters that `bytes` bytes take without padding. */
export function base64UrlLength(bytes: number): number {
  return Math.ceil((bytes * 4) / 3);
}

/** base64url without padding (RFC 4648 section 5). */
export function toBase64Url(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const group = ((bytes[i] as number) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const chars = Math.min(3, bytes.length - i) + 1;
    for (let c = 0; c < chars; c++) text += ALPHABET.charAt((group >> (18 - 6 * c)) & 63);
  }
  return text;
}

/**
 * Bytes of base64url without padding. Strict: padding, other alphabets and non-zero stray bits are refused, so that a
 * value has one spelling only.
 * @throws bytes-text
 */
export function fromBase64Url(text: string): Uint8Array {
  const ascii = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    ascii[i] = code > 127 ? 0 : code;
  }
  const out = new Uint8Array((text.length * 6) >> 3);
  const bad = decodeBase64UrlInto(ascii, 0, ascii.length, out, 0);
  if (bad < 0) throw fail("bytes-text", { encoding: "base64url", at: -bad - 1 });
  return out;
}

/**
 * Decodes the ASCII base64url in `source[from..to)` to `out` at `at` without allocating, for hot paths.
 * Returns the number of bytes written, or `-(position + 1)` of the first character that does not belong.
 * `out` must have room for `(to - from) * 6 >> 3` bytes.
 */
export function decodeBase64UrlInto(
  source: Uint8Array,
  from: number,
  to: number,
  out: Uint8Array,
  at: number,
): number {
  const length = to - from;
  if (length % 4 === 1) return -length;
  let buffer = 0;
  let bits = 0;
  let end = at;
  for (let i = from; i < to; i++) {
    const value = VALUES[source[i] as number] as number;
    if (value === 64) return -(i - from) - 1;
    buffer = (buffer << 6) | value;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out[end++] = buffer >> bits;
      buffer &= (1 << bits) - 1;
    }
  }
  return buffer === 0 ? end - at : -length;
}
