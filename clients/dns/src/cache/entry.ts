import { FLAG } from "../wire/constants.ts";
import type { Query } from "../wire/query.ts";
import { type ReplyOptions, writeHead, writeOpt, writeTruncated } from "../wire/reply.ts";

/*
 * An answer at rest: a header of eight 32-bit words, the key, the records in wire form as they follow the question, and
 * the offsets of their TTLs (u16, little endian). The same bytes stand alone (an answer just fetched) or in the cache.
 */
export const WORD = {
  /** Bytes of the whole entry, a multiple of 8. */
  SIZE: 0,
  HASH: 1,
  /** Second it was stored, by the cache's clock. */
  STORED: 2,
  /** Seconds it is fresh. */
  TTL: 3,
  /** rcode in bits 0..11, then the BIT_* below, the rank in bits 16..18 and the hit counter in 24..25. */
  FLAGS: 4,
  /** Key length, and body length above bit 16. */
  LENGTHS: 5,
  /** Records in the answer section, and in authority above bit 16. */
  COUNTS: 6,
  /** Number of TTL offsets, and the extended error + 1 above bit 16. */
  TTLS: 7,
} as const;

export const ENTRY_HEADER_BYTES = 32;
/** The answer was authenticated by the upstream (AD). */
export const BIT_AUTHENTIC = 1 << 12;
/** The entry was replaced or removed; its space waits to be reused. */
export const BIT_DEAD = 1 << 13;
/** A refresh has been started. */
export const BIT_REFRESHING = 1 << 14;
export const RANK_SHIFT = 16;
export const HITS_SHIFT = 24;

/** How far an answer is trusted when another is already kept (after RFC 2181 section 5.4.1). */
export const RANK = { FAILURE: 0, ANSWER: 1, AUTHORITATIVE: 2, AUTHENTIC: 3 } as const;

/** TTL of records in a stale answer, in seconds (RFC 8767 section 4). */
export const STALE_TTL = 30;

/** A buffer holding entries, seen as bytes and as words. */
export interface EntryBytes {
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
}

/** Views on a fresh buffer of `size` bytes, a multiple of 8. */
export function entryBytes(size: number): EntryBytes {
  const buffer = new ArrayBuffer(size);
  return { bytes: new Uint8Array(buffer), words: new Uint32Array(buffer) };
}

/**
 * Writes the answer kept at `pos` for this query: header and question from the query, records copied, TTLs lowered by
 * `age` or, when `age` is negative, set to {@link STALE_TTL}. Answers over the query's limit are cut to TC.
 *
 * @returns bytes written to `out` from `at`
 */
export function writeEntry(
  query: Query,
  entry: EntryBytes,
  pos: number,
  age: number,
  out: Uint8Array,
  at: number,
  more?: ReplyOptions,
): number {
  const { bytes, words } = entry;
  const word = pos >>> 2;
  const flags = words[word + WORD.FLAGS] as number;
  const lengths = words[word + WORD.LENGTHS] as number;
  const counts = words[word + WORD.COUNTS] as number;
  const ttls = (words[word + WORD.TTLS] as number) & 0xffff;
  const bodyLength = lengths >>> 16;
  const wantsAuthentic = query.dnssecOk || (query.flags & FLAG.AD) !== 0;

  let end = writeHead(query, out, at, wantsAuthentic && (flags & BIT_AUTHENTIC) !== 0 ? FLAG.AD : 0);
  if (end - at + bodyLength > query.limit) return writeTruncated(query, out, at);
  out[at + 6] = (counts >>> 8) & 0xff;
  out[at + 7] = counts & 0xff;
  out[at + 8] = counts >>> 24;
  out[at + 9] = (counts >>> 16) & 0xff;
  const body = pos + ENTRY_HEADER_BYTES + (lengths & 0xffff);
  if (bodyLength < 192) for (let i = 0; i < bodyLength; i++) out[end + i] = bytes[body + i] as number;
  else out.set(bytes.subarray(body, body + bodyLength), end);
  if (age !== 0) {
    for (let i = 0, from = body + bodyLength; i < ttls; i++, from += 2) {
      const field = end + ((bytes[from] as number) | ((bytes[from + 1] as number) << 8));
      let left = STALE_TTL;
      if (age > 0) {
        const whole =
          (((out[field] as number) << 24) |
            ((out[field + 1] as number) << 16) |
            ((out[field + 2] as number) << 8) |
            (out[field + 3] as number)) >>>
          0;
        left = whole > age ? whole - age : 0;
      }
      out[field] = left >>> 24;
      out[field + 1] = (left >>> 16) & 0xff;
      out[field + 2] = (left >>> 8) & 0xff;
      out[field + 3] = left & 0xff;
    }
  }
  end = writeOpt(query, out, at, end + bodyLength, flags & 0xfff, more);
  if (end - at > query.limit) return writeTruncated(query, out, at);
  return end - at;
}
