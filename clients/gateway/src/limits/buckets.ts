/** Token buckets in memory of a fixed size, however many strangers come. */
export interface Buckets {
  /** Takes one token of the bucket `key` (a 32-bit hash). False if there is none. `now` in seconds. */
  take(key: number, now: number): boolean;
  /** Is there a token to take? Takes none. */
  has(key: number, now: number): boolean;
  /** Bytes held; the same for ever. */
  readonly bytes: number;
}

export interface BucketOptions {
  /** Tokens a second. */
  readonly rate: number;
  /** Tokens a bucket holds at most. */
  readonly burst: number;
  /** Buckets held; a power of two. Default 65 536. */
  readonly size?: number;
}

const WAYS = 4;

/**
 * A bucket lives in one of the four places its key hashes to; where all four are taken, the one longest unused makes room.
 * Whoever is forgotten starts with a full bucket: a flood from many networks loosens limits, it never locks anybody out.
 */
export function createBuckets(options: BucketOptions): Buckets {
  const { rate, burst } = options;
  const size = options.size ?? 65_536;
  const mask = size / WAYS - 1;
  const keys = new Uint32Array(size);
  const tokens = new Float32Array(size);
  const seen = new Float64Array(size);
  return {
    bytes: keys.byteLength + tokens.byteLength + seen.byteLength,
    take(key, now) {
      const set = (key & mask) * WAYS;
      let place = set;
      for (let at = set; at < set + WAYS; at++) {
        if (keys[at] === key && (seen[at] as number) > 0) {
          const since = Math.max(0, now - (seen[at] as number));
          const left = Math.min(burst, (tokens[at] as number) + since * rate);
          seen[at] = now;
          tokens[at] = left < 1 ? left : left - 1;
          return left >= 1;
        }
        if ((seen[at] as number) < (seen[place] as number)) place = at;
      }
      keys[place] = key;
      seen[place] = now;
      tokens[place] = burst - 1;
      return burst >= 1;
    },
    has(key, now) {
      const set = (key & mask) * WAYS;
      for (let at = set; at < set + WAYS; at++)
        if (keys[at] === key && (seen[at] as number) > 0)
          return (tokens[at] as number) + Math.max(0, now - (seen[at] as number)) * rate >= 1;
      return burst >= 1;
    },
  };
}
