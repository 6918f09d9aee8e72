import { BYTE_ERRORS } from "./bytes.ts";
import { errorsOf } from "./errors.ts";

const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const fail = /* #__PURE__ */ errorsOf(BYTE_ERRORS);

/** Base58 with Bitcoin's alphabet, as Solana writes addresses. Quadratic: for keys and signatures, not for long data. */
export function toBase58(bytes: Uint8Array): string {
  const digits: number[] = [];
  let zeros = 0;
  while (zeros < bytes.length && bytes[zeros] === 0) zeros++;
  for (let i = zeros; i < bytes.length; i++) {
    let carry = bytes[i] as number;
    for (let d = 0; d < digits.length || carry > 0; d++) {
      carry += (digits[d] ?? 0) * 256;
      digits[d] = carry % 58;
      carry = Math.floor(carry / 58);
    }
  }
  let text = "1".repeat(zeros);
  for (let d = digits.length - 1; d >= 0; d--) text += ALPHABET.charAt(digits[d] as number);
  return text;
}

/** Bytes of base58. @throws bytes-text (also when longer than 128 characters, since no key or signature is) */
export function fromBase58(text: string): Uint8Array {
  if (text.length > 128) throw fail("bytes-text", { encoding: "base58", at: 128 });
  const bytes: number[] = [];
  let zeros = 0;
  while (zeros < text.length && text.charAt(zeros) === "1") zeros++;
  for (let i = zeros; i < text.length; i++) {
    let carry = ALPHABET.indexOf(text.charAt(i));
    if (carry < 0) throw fail("bytes-text", { encoding: "base58", at: i });
    for (let b = 0; b < bytes.length || carry > 0; b++) {
      carry += (bytes[b] ?? 0) * 58;
      bytes[b] = carry & 255;
      carry >>= 8;
    }
  }
  const out = new Uint8Array(zeros + bytes.length);
  for (let b = 0; b < bytes.length; b++) out[zeros + b] = bytes[bytes.length - 1 - b] as number;
  return out;
}
