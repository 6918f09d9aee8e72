/** Spreads over time what any of several verifiers may do, so that mostly one of them does it. */
export interface Turns {
  /** Has this one's turn come? Drawn when it is first heard of; after it came, again only `retry` seconds later. */
  isDue(what: string): boolean;
  /** Forgets what is no longer to be done. */
  keep(these: ReadonlySet<string>): void;
}

/** @param random from 0 up to 1 */
export function createTurns(now: () => number, random: () => number, spread: () => number, retry = 4): Turns {
  const due = new Map<string, number>();
  return {
    isDue(what) {
      const at = due.get(what);
      if (at === undefined) {
        due.set(what, now() + random() * spread());
        return spread() === 0;
      }
      if (now() < at) return false;
      due.set(what, now() + retry);
      return true;
    },
    keep(these) {
      for (const what of due.keys()) if (!these.has(what)) due.delete(what);
    },
  };
}
