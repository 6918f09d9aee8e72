/** Bounds what asking twice may cost: a share of all questions, and a few at once. */
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
