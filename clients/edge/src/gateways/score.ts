/** How fast and how reliable a gateway was. Times in milliseconds. */
export interface Score {
  /** An answer came after `ms`. */
  answered(ms: number): void;
  /** No usable answer came; `now` starts a pause that doubles with each failure in a row. */
  failed(now: number): void;
  /** Moving average; null before the first answer. */
  latency(): number | null;
  /** 95th percentile of the last 64 answers; null before the fourth. */
  p95(): number | null;
  /** Lower is better: latency weighed with the share of failures. 0 before anything is known, so that newcomers are tried. */
  value(): number;
  /** Until when it is left alone after failures. */
  pausedUntil(): number;
  counts(): { readonly answers: number; readonly failures: number };
}

/** Weight of the newest answer in the averages. */
const ALPHA = 0.2;
const SAMPLES = 64;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 60_000;

export function createScore(): Score {
  const samples = new Float64Array(SAMPLES);
  let answers = 0;
  let failures = 0;
  let row = 0;
  let latency: number | null = null;
  let failing = 0;
  let paused = 0;
  let quantile: number | null = null;
  return {
    answered(ms) {
      samples[answers % SAMPLES] = ms;
      answers++;
      row = 0;
      paused = 0;
      latency = latency === null ? ms : latency + ALPHA * (ms - latency);
      failing *= 1 - ALPHA;
      quantile = null;
    },
    failed(now) {
      failures++;
      row++;
      failing += ALPHA * (1 - failing);
      // One failure may be the question's fault; from the second in a row on it is the gateway's.
      if (row > 1) paused = now + Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (row - 2));
    },
    latency: () => latency,
    p95() {
      if (answers < 4) return null;
      if (quantile === null) {
        const sorted = samples.slice(0, Math.min(answers, SAMPLES)).sort();
        quantile = sorted[Math.ceil(sorted.length * 0.95) - 1] as number;
      }
      return quantile;
    },
    value: () => (latency ?? (failures > 0 ? 1000 : 0)) * (1 + 8 * failing),
    pausedUntil: () => paused,
    counts: () => ({ answers, failures }),
  };
}
