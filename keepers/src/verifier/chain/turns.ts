/** Spreads over time what any of several verifiers may do, so that mostly one of them does it. */
export interface Turns {
  /** Has this one's turn come? Drawn when it is first heard of; after it came, again only `retry` seconds later. */
  isDue(what: string): boolean;
}

/** Things remembered; the oldest are long done. */
const MOST = 4_096;

/** @param random from 0 up to 1 */
export function createTurns(now: () => number, random: () => number, spread: () => number, retry = 4): Turns {
  const due = new Map<string, number>();
  return {
    isDue(what) {
      const at = due.get(what);
      if (at === undefined) {
        due.set(what, now() + random() * spread());
        if (due.size > MOST) due.delete(due.keys().next().value as string);
        return spread() === 0;
      }
      if (now() < at) return false;
      due.set(what, now() + retry);
      return true;
    },
  };
}
