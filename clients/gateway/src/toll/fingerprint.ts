/**
 * HalfSipHash-2-4 with 64 bits of output (Aumasson and Bernstein, SipHash reference code), over 32-bit words so that nothing
 * is allocated. Keyed with secret random bytes, so that a client can't look for two questions that pass for one.
 */
export interface FingerprintKey {
  readonly k0: number;
  readonly k1: number;
}

/** The last fingerprint made: two 32-bit halves (signed). Read at once; the next call overwrites it. */
export const fingerprint = { low: 0, high: 0 };

/** A key from 8 bytes. */
export function createFingerprintKey(bytes: Uint8Array): FingerprintKey {
  const view = new DataView(bytes.buffer, bytes.byteOffset, 8);
  return { k0: view.getInt32(0, true), k1: view.getInt32(4, true) };
}

/**
 * Hashes `bytes[from..to)` into `fingerprint`. ASCII letters before `foldUntil` count as lower case: names are compared so
 * (RFC 4343), and a length byte (at most 63) can't be taken for a letter.
 */
export function computeFingerprint(
  key: FingerprintKey,
  bytes: Uint8Array,
  from: number,
  to: number,
  foldUntil: number,
): void {
  let v0 = key.k0 | 0;
  let v1 = (key.k1 ^ 0xee) | 0;
  let v2 = (0x6c796765 ^ key.k0) | 0;
  let v3 = (0x74656462 ^ key.k1) | 0;
  const length = to - from;
  const whole = from + (length & ~3);
  for (let at = from; ; at += 4) {
    const rest = at === whole;
    let word = 0;
    if (!rest && foldUntil <= at) {
      word =
        (bytes[at] as number) |
        ((bytes[at + 1] as number) << 8) |
        ((bytes[at + 2] as number) << 16) |
        ((bytes[at + 3] as number) << 24);
    } else {
      // The last word holds the length and the bytes left over.
      if (rest) word = length << 24;
      const end = rest ? to : at + 4;
      for (let i = at, shift = 0; i < end; i++, shift += 8) {
        let byte = bytes[i] as number;
        if (i < foldUntil && byte >= 0x41 && byte <= 0x5a) byte |= 0x20;
        word |= byte << shift;
      }
    }
    v3 ^= word;
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 ^= word;
    if (rest) break;
  }
  v2 ^= 0xee;
  for (let half = 0; half < 2; half++) {
    for (let round = 0; round < 4; round++) {
      v0 = (v0 + v1) | 0;
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
      v0 = (v0 << 16) | (v0 >>> 16);
      v2 = (v2 + v3) | 0;
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
      v2 = (v2 << 16) | (v2 >>> 16);
    }
    if (half === 0) {
      fingerprint.low = v1 ^ v3;
      v1 ^= 0xdd;
    } else {
      fingerprint.high = v1 ^ v3;
    }
  }
}
