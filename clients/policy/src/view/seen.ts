import type { ChainAccount } from "./types.ts";

/** A slot lower than the last is a node that lags, unless nothing newer came for this long: then it was a rollback. Milliseconds. */
export const ROLLBACK_MS = 30_000;

/** The newest word on one account. */
export interface Seen {
  /** Null: it doesn't exist. Undefined: nobody told yet. */
  account(): ChainAccount | null | undefined;
  slot(): number;
  /** Takes an account as of a slot. True if it is news. */
  take(account: ChainAccount | null, slot: number, now: number): boolean;
}

export function createSeen(): Seen {
  let account: ChainAccount | null | undefined;
  let slot = -1;
  let seenAt = 0;
  return {
    account: () => account,
    slot: () => slot,
    take(next, at, now) {
      if (at < slot && now - seenAt < ROLLBACK_MS) return false;
      slot = at;
      seenAt = now;
      const isNews = account === undefined || !isSameAccount(account, next);
      account = next;
      return isNews;
    },
  };
}

function isSameAccount(a: ChainAccount | null, b: ChainAccount | null): boolean {
  if (a === null || b === null) return a === b;
  return Buffer.compare(a.data, b.data) === 0 && Buffer.compare(a.owner, b.owner) === 0;
}

/** What the chain's own clock says now, as far as it is known. */
export interface ChainTime {
  /** The chain told this time at `now`. */
  tell(time: number, now: number): void;
  /** Unix seconds the chain would say now; infinite while nobody knows. */
  at(now: number): number;
  /** Seconds since the chain's time last rose. */
  age(now: number): number;
  /** Takes back what was true `before` seconds ago by the calendar; negative: nobody knows how long ago. */
  restore(time: number, before: number, now: number): void;
}

export function createChainTime(): ChainTime {
  let time = Number.NEGATIVE_INFINITY;
  /** Milliseconds at which it rose to `time`. */
  let at = 0;
  return {
    tell(told, now) {
      // A chain that stands still tells nothing new, however often it is asked: what it says grows old.
      if (told <= time && now - at < ROLLBACK_MS) return;
      if (told === time) return;
      time = told;
      at = now;
    },
    at: (now) => (time === Number.NEGATIVE_INFINITY ? Number.POSITIVE_INFINITY : time + (now - at) / 1000),
    age: (now) => (time === Number.NEGATIVE_INFINITY ? Number.POSITIVE_INFINITY : (now - at) / 1000),
    restore(told, before, now) {
      if (!(before >= 0)) return;
      time = told;
      at = now - before * 1000;
    },
  };
}
