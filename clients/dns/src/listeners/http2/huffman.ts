/**
 * Lengths of the Huffman codes of the 256 bytes (RFC 7541 appendix B), `a` for 5 bits to `z` for 30. The code is canonical,
 * so the lengths say everything; EOS is the last code of 30 bits.
 */
const LENGTHS =
  "isxxxxxxxtzxxzxxxxxxxxzxxxxxxxxxbffhibdgffdgdbbbaaabbbbbbbcdkbhfibccccccccccccccccccccccdcdioijb" +
  "kabababbbaccbbbabcbaabccccckgjixprpprrrsrssssststtrstssssqrsrsstrqprrssqsrrtqrssqqrqsrssprrrsrrs" +
  "vvporsruvvvwwvtuoqvwwvwtqqvvxwwwptpqrqqsrruuttvsvwvvwwwwwxwwwwwv";

const EOS = 256;
/** Codes up to this many bits are found by one look-up; every character common in headers is among them. */
const FAST_BITS = 10;
const MAX_BITS = 30;

/** By the next 10 bits: symbol and its length above bit 8; 0 for longer codes. */
const fast = new Uint16Array(1 << FAST_BITS);
/** For longer codes, by length: first code, its place in `symbols`, and how many there are. */
const firstCode = new Uint32Array(MAX_BITS + 1);
const firstIndex = new Uint16Array(MAX_BITS + 1);
const counts = new Uint16Array(MAX_BITS + 1);
const symbols: number[] = [];

{
  const lengthOf = (symbol: number) => (symbol === EOS ? MAX_BITS : LENGTHS.charCodeAt(symbol) - 92);
  let code = 0;
  for (let length = 5; length <= MAX_BITS; length++) {
    code *= 2;
    firstCode[length] = code;
    firstIndex[length] = symbols.length;
    for (let symbol = 0; symbol <= EOS; symbol++) {
      if (lengthOf(symbol) !== length) continue;
      symbols.push(symbol);
      if (length <= FAST_BITS) {
        const shift = FAST_BITS - length;
        fast.fill(symbol | (length << 8), code << shift, (code + 1) << shift);
      }
      code++;
    }
    counts[length] = symbols.length - (firstIndex[length] as number);
  }
}

/**
 * Decodes a Huffman string (RFC 7541 section 5.2).
 *
 * @returns bytes written to `out`, or -1 for EOS, padding over 7 bits or padding that isn't ones, or no room before `outEnd`
 */
export function decodeHuffman(
  bytes: Uint8Array,
  at: number,
  end: number,
  out: Uint8Array,
  outAt: number,
  outEnd: number,
): number {
  const first = outAt;
  // The low `count` bits of `bits` are still to be read.
  let bits = 0;
  let count = 0;
  for (;;) {
    while (count <= 16 && at < end) {
      bits = ((bits << 8) | (bytes[at++] as number)) & 0x3ffffff;
      count += 8;
    }
    const peek = count >= FAST_BITS ? bits >>> (count - FAST_BITS) : bits << (FAST_BITS - count);
    const entry = fast[peek & 0x3ff] as number;
    const length = entry >>> 8;
    if (length !== 0 && length <= count) {
      if (outAt === outEnd) return -1;
      out[outAt++] = entry & 0xff;
      count -= length;
      bits &= (1 << count) - 1;
      continue;
    }
    if (count < FAST_BITS && at === end) {
      if (count > 7 || bits !== (1 << count) - 1) return -1;
      return outAt - first;
    }
    // A rare long code, bit by bit from what is at hand.
    let code = 0;
    let size = 0;
    let symbol = -1;
    while (symbol < 0) {
      if (count === 0) {
        if (at === end) return -1;
        bits = bytes[at++] as number;
        count = 8;
      }
      count--;
      code = code * 2 + ((bits >>> count) & 1);
      bits &= (1 << count) - 1;
      if (++size > MAX_BITS) return -1;
      const offset = code - (firstCode[size] as number);
      if (size >= 5 && offset >= 0 && offset < (counts[size] as number))
        symbol = symbols[(firstIndex[size] as number) + offset] as number;
    }
    if (symbol === EOS || outAt === outEnd) return -1;
    out[outAt++] = symbol;
  }
}
