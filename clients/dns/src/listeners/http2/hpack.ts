import { decodeHuffman } from "./huffman.ts";

/** Names and values every endpoint knows (RFC 7541 appendix A); index 1 comes first. */
const STATIC_TABLE: readonly (readonly [string, string])[] = [
  [":authority", ""],
  [":method", "GET"],
  [":method", "POST"],
  [":path", "/"],
  [":path", "/index.html"],
  [":scheme", "http"],
  [":scheme", "https"],
  [":status", "200"],
  [":status", "204"],
  [":status", "206"],
  [":status", "304"],
  [":status", "400"],
  [":status", "404"],
  [":status", "500"],
  ["accept-charset", ""],
  ["accept-encoding", "gzip, deflate"],
  ["accept-language", ""],
  ["accept-ranges", ""],
  ["accept", ""],
  ["access-control-allow-origin", ""],
  ["age", ""],
  ["allow", ""],
  ["authorization", ""],
  ["cache-control", ""],
  ["content-disposition", ""],
  ["content-encoding", ""],
  ["content-language", ""],
  ["content-length", ""],
  ["content-location", ""],
  ["content-range", ""],
  ["content-type", ""],
  ["cookie", ""],
  ["date", ""],
  ["etag", ""],
  ["expect", ""],
  ["expires", ""],
  ["from", ""],
  ["host", ""],
  ["if-match", ""],
  ["if-modified-since", ""],
  ["if-none-match", ""],
  ["if-range", ""],
  ["if-unmodified-since", ""],
  ["last-modified", ""],
  ["link", ""],
  ["location", ""],
  ["max-forwards", ""],
  ["proxy-authenticate", ""],
  ["proxy-authorization", ""],
  ["range", ""],
  ["referer", ""],
  ["refresh", ""],
  ["retry-after", ""],
  ["server", ""],
  ["set-cookie", ""],
  ["strict-transport-security", ""],
  ["transfer-encoding", ""],
  ["user-agent", ""],
  ["vary", ""],
  ["via", ""],
  ["www-authenticate", ""],
];

/** Bytes an entry counts beside its name and value (RFC 7541 section 4.1). */
const ENTRY_OVERHEAD = 32;

/** One decoded field and where its value's string lies in the block; `valueAt` is -1 for a value out of a table. */
export interface Field {
  readonly name: string;
  readonly value: string;
  /** Offset of the value's length byte. */
  readonly valueAt: number;
  readonly valueEnd: number;
}

/** Header decoder of one connection. */
export interface HpackDecoder {
  /** Whether no dynamic entry can exist: blocks then carry no state. */
  readonly stateless: boolean;
  /** Whether the last block changed the table's size. */
  readonly resized: boolean;
  /** The largest table the peer may use: 4096 until it acknowledges our settings. */
  setLimit(bytes: number): void;
  /**
   * Decodes a block. Undefined for a COMPRESSION_ERROR; `"too-large"` when the fields, each with 32 bytes on top
   * (RFC 9113 section 10.5.1), exceed `maxBytes`, or a string does.
   */
  decode(block: Uint8Array, at: number, end: number, maxBytes: number): Field[] | "too-large" | undefined;
}

const scratch = Buffer.allocUnsafeSlow(65_536);

/** Result of {@link readInteger}; one for all, as it is read at once. */
export const integer = { value: 0, next: 0 };

/** Reads an integer with an N-bit prefix (RFC 7541 section 5.1). False if it doesn't end or exceeds 2^28. */
export function readInteger(bytes: Uint8Array, at: number, end: number, prefixBits: number): boolean {
  if (at >= end) return false;
  const max = (1 << prefixBits) - 1;
  let value = (bytes[at++] as number) & max;
  if (value === max) {
    for (let shift = 0; ; shift += 7) {
      if (at >= end || shift > 21) return false;
      const byte = bytes[at++] as number;
      value += (byte & 0x7f) * 2 ** shift;
      if ((byte & 0x80) === 0) break;
    }
  }
  integer.value = value;
  integer.next = at;
  return true;
}

/**
 * Decodes the string at `at` into `out`. `integer.next` is then the offset after it.
 *
 * @returns its length, -1 if it is malformed, -2 if it is too long for `out`
 */
export function readString(bytes: Uint8Array, at: number, end: number, out: Uint8Array): number {
  if (at >= end) return -1;
  const isHuffman = ((bytes[at] as number) & 0x80) !== 0;
  if (!readInteger(bytes, at, end, 7)) return -1;
  const start = integer.next;
  const stop = start + integer.value;
  if (stop > end) return -1;
  integer.next = stop;
  if (isHuffman) {
    if ((stop - start) * 8 > out.length * 5) return -2;
    return decodeHuffman(bytes, start, stop, out, 0, out.length);
  }
  if (stop - start > out.length) return -2;
  for (let i = start, to = 0; i < stop; ) out[to++] = bytes[i++] as number;
  return stop - start;
}

export function createHpackDecoder(): HpackDecoder {
  let limit = 4096;
  let maxSize = 4096;
  let size = 0;
  let resized = false;
  /** Newest first. */
  const dynamic: (readonly [string, string])[] = [];

  const shrink = (bytes: number) => {
    while (size > bytes) {
      const [name, value] = dynamic.pop() as readonly [string, string];
      size -= name.length + value.length + ENTRY_OVERHEAD;
    }
  };
  const insert = (name: string, value: string) => {
    const bytes = name.length + value.length + ENTRY_OVERHEAD;
    shrink(Math.max(0, maxSize - bytes));
    if (bytes > maxSize) return;
    dynamic.unshift([name, value]);
    size += bytes;
  };
  const lookUp = (index: number) => (index <= 61 ? STATIC_TABLE[index - 1] : dynamic[index - 62]);

  return {
    get stateless() {
      return maxSize === 0;
    },
    get resized() {
      return resized;
    },
    setLimit(bytes) {
      limit = bytes;
    },
    decode(block, at, end, maxBytes) {
      const fields: Field[] = [];
      let total = 0;
      resized = false;
      while (at < end) {
        const byte = block[at] as number;
        if ((byte & 0xe0) === 0x20) {
          // Only at the start of a block (RFC 7541 section 4.2).
          if (fields.length > 0) return undefined;
          if (!readInteger(block, at, end, 5) || integer.value > limit) return undefined;
          maxSize = integer.value;
          shrink(maxSize);
          resized = true;
          at = integer.next;
          continue;
        }
        const isIndexed = byte >= 0x80;
        const isInserted = !isIndexed && byte >= 0x40;
        if (!readInteger(block, at, end, isIndexed ? 7 : isInserted ? 6 : 4)) return undefined;
        const index = integer.value;
        at = integer.next;
        let name: string;
        let value: string;
        let valueAt = -1;
        if (isIndexed) {
          const entry = lookUp(index);
          if (entry === undefined) return undefined;
          [name, value] = entry;
        } else {
          if (index === 0) {
            const length = readString(block, at, end, scratch);
            if (length === -2) return "too-large";
            if (length < 0) return undefined;
            name = scratch.toString("latin1", 0, length);
            at = integer.next;
          } else {
            const entry = lookUp(index);
            if (entry === undefined) return undefined;
            name = entry[0];
          }
          valueAt = at;
          const length = readString(block, at, end, scratch);
          if (length === -2) return "too-large";
          if (length < 0) return undefined;
          value = scratch.toString("latin1", 0, length);
          at = integer.next;
          if (isInserted) insert(name, value);
        }
        total += name.length + value.length + ENTRY_OVERHEAD;
        // A block over the limit is still read to its end, as the table must stay in step.
        if (total <= maxBytes) fields.push({ name, value, valueAt, valueEnd: at });
      }
      return total > maxBytes ? "too-large" : fields;
    },
  };
}
