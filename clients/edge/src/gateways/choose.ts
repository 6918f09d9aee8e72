import type { Score } from "./score.ts";

/** What choosing looks at. */
export interface Candidate {
  readonly score: Score;
  /** Why it can't be asked now, or null. */
  reason(): string | null;
}

/** One question in this many starts at another gateway than the best, so that scores stay true. */
const EXPLORE = 32;

/**
 * The gateways to ask, in order. Best score first; now and then a random other one. Those in a pause after failures come
 * last, since asking them beats not answering.
 */
export function orderCandidates<T extends Candidate>(
  all: readonly T[],
  now: number,
  random: () => number,
): T[] {
  const usable = all.filter((one) => one.reason() === null);
  const isPaused = (one: T) => one.score.pausedUntil() > now;
  const ordered = usable.toSorted(
    (a, b) => Number(isPaused(a)) - Number(isPaused(b)) || a.score.value() - b.score.value(),
  );
  const awake = ordered.filter((one) => !isPaused(one)).length;
  if (awake > 1 && random() * EXPLORE < 1) {
    const [other] = ordered.splice(1 + Math.floor(random() * (awake - 1)), 1);
    if (other !== undefined) ordered.unshift(other);
  }
  return ordered;
}

/** Bounds what hedging may cost: one for ten questions, and a few at once. */
export interface HedgeBudget {
  /** Counts a question. */
  asked(): void;
  /** Takes one hedge if there is one. */
  take(): boolean;
}

export function createHedgeBudget(share = 0.1, burst = 5): HedgeBudget {
  let tokens = burst;
  return {
    asked() {
      tokens = Math.min(burst, tokens + share);
    },
    take() {
      if (tokens < 1) return false;
      tokens--;
      return true;
    },
  };
}
