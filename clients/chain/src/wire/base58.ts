import bs58 from "bs58";

/** Encodes bytes as base58 with Solana's (Bitcoin's) alphabet. */
export function toBase58(bytes: Uint8Array): string {
  return bs58.encode(bytes);
}

/**
 * Decodes base58 that must stand for exactly `length` bytes.
 * @returns null when the text is no base58 or of another length.
 */
export function fromBase58(text: string, length: number): Uint8Array | null {
  if (text.length > length * 2) return null;
  const bytes = bs58.decodeUnsafe(text);
  return bytes !== undefined && bytes.length === length ? bytes : null;
}

/** Decodes base58 of any length; null when it is none. */
export function fromBase58Any(text: string): Uint8Array | null {
  return bs58.decodeUnsafe(text) ?? null;
}

const addressCache = new Map<string, string>();

/** Base58 of a 32-byte address, remembered: the same few addresses are printed over and over. */
export function addressText(address: Uint8Array): string {
  const key = keyOf(address);
  const known = addressCache.get(key);
  if (known !== undefined) return known;
  const text = bs58.encode(address);
  if (addressCache.size >= 20_000) addressCache.clear();
  addressCache.set(key, text);
  return text;
}

const signatureTexts = new WeakMap<Uint8Array, string>();

/** Base58 of a signature, computed once for the same array: it is asked for at every stage of a transaction. */
export function signatureText(signature: Uint8Array): string {
  const known = signatureTexts.get(signature);
  if (known !== undefined) return known;
  const text = bs58.encode(signature);
  signatureTexts.set(signature, text);
  return text;
}

/** A map key for bytes: one Latin-1 character a byte, which is cheaper than hex or base58. */
export function keyOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

/** The bytes of a key made by `keyOf`. */
export function bytesOf(key: string): Uint8Array {
  return new Uint8Array(Buffer.from(key, "latin1"));
}
