/** Quantiles of latency from a histogram of fixed size: four bytes a bucket, nothing allocated by a sample. */
export interface Quantiles {
  add(ms: number): void;
  /** Upper bound of the bucket that holds the quantile `share` (0 to 1), milliseconds; 0 before the first sample. */
  at(share: number): number;
  clear(): void;
}

const BUCKETS = 34;
const FIRST_MS = 0.125;
/** Samples after which all counts are halved, so that the last few hundred decide. */
const HALVE_AT = 256;

/** Bounds grow by the square root of two, from an eighth of a millisecond to 11 s. */
export function createQuantiles(): Quantiles {
  const counts = new Float32Array(BUCKETS);
  let total = 0;
  return {
    add(ms) {
      const place = ms <= FIRST_MS ? 0 : Math.ceil(2 * Math.log2(ms / FIRST_MS));
      const at = Math.min(BUCKETS - 1, place);
      counts[at] = (counts[at] as number) + 1;
      if (++total < HALVE_AT) return;
      total = 0;
      for (let i = 0; i < BUCKETS; i++) {
        const half = (counts[i] as number) / 2;
        counts[i] = half < 0.1 ? 0 : half;
        total += counts[i] as number;
      }
    },
    at(share) {
      let sum = 0;
      for (let i = 0; i < BUCKETS; i++) {
        sum += counts[i] as number;
        if (sum > 0 && sum >= total * share) return FIRST_MS * 2 ** (i / 2);
      }
      return 0;
    },
    clear() {
      counts.fill(0);
      total = 0;
    },
  };
}
