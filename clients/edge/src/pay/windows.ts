/** Seconds of the two windows and of the buckets spending is counted in. */
export const HOUR_SECONDS = 3_600;
export const DAY_SECONDS = 86_400;
export const BUCKET_SECONDS = 60;

/** What was spent, by minute of spending time. Amounts in micro-IU. */
export interface SpendWindows {
  /** Counts `amount` now. */
  add(amount: bigint): void;
  /** Spent in the last 3 600 s, and up to 60 s more: a minute is dropped as a whole once all of it is too old. */
  hour(): bigint;
  /** Spent in the last 86 400 s, and up to 60 s more. */
  day(): bigint;
  total(): bigint;
  /** The minute spending is counted in now. */
  minute(): number;
  /** What a minute holds. */
  at(minute: number): bigint;
  /** Seconds of spending time. */
  time(): number;
  /** Oldest minute that still counts. */
  oldest(): number;
}

/** What is kept across a restart. */
export interface SavedWindows {
  /** Seconds of spending time and of the calendar when it was saved. */
  readonly time: number;
  readonly wall: number;
  readonly total: bigint;
  readonly minutes: ReadonlyMap<number, bigint>;
}

/**
 * Sliding windows over spending time. That time runs with the monotonic clock, so setting the calendar neither frees nor blocks
 * a budget while the edge runs; across a restart the calendar says how long it was off, and a calendar that went back counts as
 * no time at all. In no 3 600 s (86 400 s) of spending time can more be added than `hour()` (`day()`) showed.
 */
export function createSpendWindows(
  clock: { now(): number; wall(): number },
  saved: SavedWindows = { time: 0, wall: clock.wall(), total: 0n, minutes: new Map() },
): SpendWindows {
  const startTime = saved.time + Math.max(0, clock.wall() - saved.wall);
  const startNow = clock.now();
  const minutes = new Map<number, bigint>(saved.minutes);
  let total = saved.total;
  let hour = 0n;
  let day = 0n;
  // The windows cover minutes [hourFrom, now] and [dayFrom, now]; both only move forward.
  let hourFrom = 0;
  let dayFrom = 0;
  for (const amount of minutes.values()) {
    hour += amount;
    day += amount;
  }

  const time = () => startTime + (clock.now() - startNow) / 1000;

  function drop(): void {
    const now = time();
    const firstHour = firstMinute(now, HOUR_SECONDS);
    const firstDay = firstMinute(now, DAY_SECONDS);
    if (firstHour > hourFrom) {
      for (const [minute, amount] of minutes) if (minute >= hourFrom && minute < firstHour) hour -= amount;
      hourFrom = firstHour;
    }
    if (firstDay > dayFrom) {
      for (const [minute, amount] of minutes)
        if (minute < firstDay) {
          day -= amount;
          minutes.delete(minute);
        }
      dayFrom = firstDay;
    }
  }

  const minute = () => Math.floor(time() / BUCKET_SECONDS);
  return {
    add(amount) {
      drop();
      const at = minute();
      minutes.set(at, (minutes.get(at) ?? 0n) + amount);
      hour += amount;
      day += amount;
      total += amount;
    },
    hour() {
      drop();
      return hour;
    },
    day() {
      drop();
      return day;
    },
    total: () => total,
    minute,
    at: (at) => minutes.get(at) ?? 0n,
    time,
    oldest() {
      drop();
      return dayFrom;
    },
  };
}

/** A minute counts until all of it is `window` seconds old: the spend in it may have come at its very end. */
function firstMinute(now: number, window: number): number {
  return Math.max(0, Math.floor((now - window) / BUCKET_SECONDS));
}
