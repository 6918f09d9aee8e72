import type { Clock } from "../clock.ts";
import { systemClock } from "../clock.ts";
import { EDE, RCODE } from "../wire/constants.ts";
import type { Query } from "../wire/query.ts";
import type { Question } from "../wire/question.ts";
import { type Admitted, admit, type TtlLimits } from "./admit.ts";
import {
  BIT_REFRESHING,
  ENTRY_HEADER_BYTES,
  HITS_SHIFT,
  RANK,
  RANK_SHIFT,
  WORD,
  writeEntry,
} from "./entry.ts";
import { createRings } from "./rings.ts";
import { readSaved, writeSaved } from "./saved.ts";

export interface CacheOptions {
  /** Memory reserved for everything the cache holds, index included. Pages are touched only as they fill. */
  readonly bytes: number;
  readonly clock?: Clock;
  /** Default: 0 s to a day, negative answers at most 3 h. */
  readonly ttl?: Partial<TtlLimits>;
  /** Seconds an expired answer may still be served when upstreams fail (RFC 8767 section 5 suggests 1 to 3 days). 0 turns it off. Default one day. */
  readonly staleSeconds?: number;
}

/** Counters since start; never names. */
export interface CacheStats {
  readonly hits: number;
  readonly misses: number;
  readonly staleHits: number;
  readonly entries: number;
  readonly evictions: number;
  /** Bytes reserved, which is also the most the cache can ever use. */
  readonly bytes: number;
}

/** Answers kept in wire form, found and written without decoding or allocating. */
export interface Cache {
  readonly ttl: TtlLimits;
  /**
   * Writes the fresh answer to this query into `out`. Returns its length, or 0 if none is kept.
   * Afterwards `refreshDue` tells whether it is worth asking again soon.
   */
  answer(query: Query, out: Uint8Array, at: number): number;
  /** The last `answer` was one in the last tenth of its life that is being asked for: ask again before it ends. */
  readonly refreshDue: boolean;
  /** As `answer`, but of an expired one: TTL 30 and extended error 3, or 19 for NXDOMAIN (RFC 8767, RFC 8914). */
  answerStale(query: Query, out: Uint8Array, at: number): number;
  /** Makes an upstream's message fit to keep. @throws DnsError as `readMessage` */
  admit(question: Question, message: Uint8Array): Admitted;
  /**
   * Keeps an admitted answer unless its TTL is 0 or a fresh one of higher rank is there. A failure never takes the
   * place of an answer that could be served stale. Returns whether it was kept.
   */
  store(admitted: Admitted): boolean;
  /** Forgets the answer to a question. */
  remove(question: Question): void;
  clear(): void;
  stats(): CacheStats;
  /** Everything still fresh, for a file: opaque bytes with ages, no wall clock. */
  save(): Uint8Array;
  /** Takes back what `save` gave, `elapsed` seconds later. Returns how many answers are fresh; bytes it can't read are ignored. */
  load(saved: Uint8Array, elapsed: number): number;
}

/** An answer with less life than this isn't worth refreshing ahead, in seconds. */
const MIN_REFRESH_TTL = 10;

export function createCache(options: CacheOptions): Cache {
  const clock = options.clock ?? systemClock;
  const ttl: TtlLimits = { min: 0, max: 86_400, maxNegative: 10_800, ...options.ttl };
  const staleSeconds = options.staleSeconds ?? 86_400;
  const rings = createRings(options.bytes);
  const { words, bytes } = rings.entry;
  const staleEde = { ede: { code: EDE.STALE_ANSWER } };
  const staleNxEde = { ede: { code: EDE.STALE_NXDOMAIN } };
  const failureEdes = new Map<number, { ede: { code: number } }>();
  // Ages are kept as 32-bit seconds since the cache was made, offset so that loaded entries can be older.
  const origin = clock.now() - 2 ** 31 * 1000;
  let hits = 0;
  let misses = 0;
  let staleHits = 0;
  let refreshDue = false;

  const second = () => Math.floor((clock.now() - origin) / 1000);
  const failureEde = (code: number) => {
    let more = failureEdes.get(code);
    if (more === undefined) {
      more = { ede: { code } };
      failureEdes.set(code, more);
    }
    return more;
  };

  const store = (admitted: Admitted): boolean => {
    if (admitted.ttl <= 0) return false;
    const given = admitted.entry;
    const keyLength = (given.words[WORD.LENGTHS] as number) & 0xffff;
    const key = given.bytes.subarray(ENTRY_HEADER_BYTES, ENTRY_HEADER_BYTES + keyLength);
    const now = second();
    const old = rings.find(given.words[WORD.HASH] as number, key, keyLength);
    if (old >= 0) {
      const word = old >>> 2;
      const age = now - (words[word + WORD.STORED] as number);
      const oldTtl = words[word + WORD.TTL] as number;
      const flags = words[word + WORD.FLAGS] as number;
      const oldRank = (flags >>> RANK_SHIFT) & 7;
      if (age < oldTtl && oldRank > admitted.rank && (flags & BIT_REFRESHING) === 0) return false;
      const servable = oldRank > RANK.FAILURE && age < oldTtl + staleSeconds;
      if (servable && admitted.rank === RANK.FAILURE) return false;
      // Being asked for belongs to the name, not to one answer.
      const counted = (flags >>> HITS_SHIFT) & 3;
      given.words[WORD.FLAGS] = (given.words[WORD.FLAGS] as number) | (counted << HITS_SHIFT);
    }
    given.words[WORD.STORED] = now;
    return rings.put(given) >= 0;
  };

  return {
    ttl,
    get refreshDue() {
      return refreshDue;
    },
    answer(query, out, at) {
      const pos = rings.find(query.hash, query.key, query.keyLength);
      refreshDue = false;
      if (pos < 0) {
        misses++;
        return 0;
      }
      const word = pos >>> 2;
      const age = second() - (words[word + WORD.STORED] as number);
      const life = words[word + WORD.TTL] as number;
      if (age >= life) {
        misses++;
        return 0;
      }
      hits++;
      rings.touch(pos);
      if (life >= MIN_REFRESH_TTL && age * 10 >= life * 9) {
        const flags = words[word + WORD.FLAGS] as number;
        if ((flags & BIT_REFRESHING) === 0) {
          words[word + WORD.FLAGS] = flags | BIT_REFRESHING;
          refreshDue = true;
        }
      }
      const failure = (words[word + WORD.TTLS] as number) >>> 16;
      return writeEntry(
        query,
        rings.entry,
        pos,
        age,
        out,
        at,
        failure === 0 ? undefined : failureEde(failure - 1),
      );
    },
    answerStale(query, out, at) {
      const pos = rings.find(query.hash, query.key, query.keyLength);
      if (pos < 0) return 0;
      const word = pos >>> 2;
      const age = second() - (words[word + WORD.STORED] as number);
      if (age >= (words[word + WORD.TTL] as number) + staleSeconds) return 0;
      const flags = words[word + WORD.FLAGS] as number;
      if (((flags >>> RANK_SHIFT) & 7) === RANK.FAILURE) return 0;
      staleHits++;
      rings.touch(pos);
      const more = (flags & 0xfff) === RCODE.NXDOMAIN ? staleNxEde : staleEde;
      return writeEntry(query, rings.entry, pos, -1, out, at, more);
    },
    admit: (question, message) => admit(question, message, ttl),
    store,
    remove(question) {
      const pos = rings.find(question.hash, question.key, question.key.length);
      if (pos >= 0) rings.remove(pos);
    },
    clear: () => rings.clear(),
    stats: () => ({
      hits,
      misses,
      staleHits,
      entries: rings.count,
      evictions: rings.evictions,
      bytes: rings.reservedBytes,
    }),
    save() {
      const parts: Uint8Array[] = [];
      const now = second();
      rings.forEach((pos) => {
        const size = words[(pos >>> 2) + WORD.SIZE] as number;
        const age = now - (words[(pos >>> 2) + WORD.STORED] as number);
        if (age >= (words[(pos >>> 2) + WORD.TTL] as number)) return;
        const copy = bytes.slice(pos, pos + size);
        const view = new Uint32Array(copy.buffer);
        view[WORD.STORED] = age;
        view[WORD.FLAGS] = (view[WORD.FLAGS] as number) & ~BIT_REFRESHING;
        parts.push(copy);
      });
      return writeSaved(parts);
    },
    load(saved, elapsed) {
      let fresh = 0;
      if (Number.isNaN(elapsed)) return 0;
      for (const entry of readSaved(saved)) {
        const age = (entry.words[WORD.STORED] as number) + Math.max(0, Math.ceil(elapsed));
        if (age >= (entry.words[WORD.TTL] as number)) continue;
        entry.words[WORD.STORED] = second() - age;
        if (rings.put(entry) >= 0) fresh++;
      }
      return fresh;
    },
  };
}
