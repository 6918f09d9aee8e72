// SHA-256 (FIPS 180-4) of exactly 32 bytes: one block whose second half is always the same padding. Knowing that, it takes
// half the time of the general functions, on the path every paid query goes; docs/decisions/0032 has the figures.

// First 32 bits of the fractional parts of the cube roots of the first 64 primes.
// biome-ignore format: a table
const ROUND_CONSTANTS = /* #__PURE__ */ Int32Array.of(
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
);

// Reused by every call: nothing here outlives one, and JavaScript runs one at a time.
const schedule = /* #__PURE__ */ new Int32Array(64);

/** SHA-256 of 32 bytes into a new array. The caller has checked the length. */
export function sha256Of32(input: Uint8Array): Uint8Array {
  fillSchedule(input);
  // First 32 bits of the fractional parts of the square roots of the first 8 primes.
  let a = 0x6a09e667;
  let b = 0xbb67ae85 | 0;
  let c = 0x3c6ef372;
  let d = 0xa54ff53a | 0;
  let e = 0x510e527f;
  let f = 0x9b05688c | 0;
  let g = 0x1f83d9ab;
  let h = 0x5be0cd19;
  for (let i = 0; i < 64; i++) {
    const sigma1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const choice = (e & f) ^ (~e & g);
    const t1 = (h + sigma1 + choice + (ROUND_CONSTANTS[i] as number) + (schedule[i] as number)) | 0;
    const sigma0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const majority = (a & b) ^ (a & c) ^ (b & c);
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + sigma0 + majority) | 0;
  }
  const out = new Uint8Array(32);
  writeWord(out, 0, a + 0x6a09e667);
  writeWord(out, 4, b + 0xbb67ae85);
  writeWord(out, 8, c + 0x3c6ef372);
  writeWord(out, 12, d + 0xa54ff53a);
  writeWord(out, 16, e + 0x510e527f);
  writeWord(out, 20, f + 0x9b05688c);
  writeWord(out, 24, g + 0x1f83d9ab);
  writeWord(out, 28, h + 0x5be0cd19);
  return out;
}

function fillSchedule(input: Uint8Array): void {
  for (let i = 0, at = 0; i < 8; i++, at += 4)
    schedule[i] =
      ((input[at] as number) << 24) |
      ((input[at + 1] as number) << 16) |
      ((input[at + 2] as number) << 8) |
      (input[at + 3] as number);
  // A single 1 bit, zeros, and the length of 256 bits.
  schedule[8] = 0x80000000 | 0;
  for (let i = 9; i < 15; i++) schedule[i] = 0;
  schedule[15] = 256;
  for (let i = 16; i < 64; i++) {
    const x = schedule[i - 15] as number;
    const y = schedule[i - 2] as number;
    const sigma0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const sigma1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    schedule[i] = ((schedule[i - 16] as number) + sigma0 + (schedule[i - 7] as number) + sigma1) | 0;
  }
}

function writeWord(out: Uint8Array, at: number, word: number): void {
  out[at] = word >>> 24;
  out[at + 1] = word >>> 16;
  out[at + 2] = word >>> 8;
  out[at + 3] = word;
}
