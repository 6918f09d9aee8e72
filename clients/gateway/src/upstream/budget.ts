/** Bounds what hedging may cost: a share of the questions, and a few at once. */
export interface Budget {
  /** Counts a question. */
  asked(): void;
  /** Takes one hedge if there is one. */
  take(): boolean;
  /** Hedges taken since the start. */
  readonly taken: number;
}

/** @param share hedges a question may earn: 0.1 is one for ten */
export function createBudget(share = 0.1, burst = 10): Budget {
  let tokens = burst;
  let taken = 0;
  return {
    get taken() {
      return taken;
    },
    asked() {
      tokens = Math.min(burst, tokens + share);
    },
    take() {
      if (tokens < 1) return false;
      tokens--;
      taken++;
      return true;
    },
  };
}
