import type { QuotaOptions } from "../options.ts";

/** How many questions a backend may be asked. */
export interface Quota {
  /** Takes one question; false if there is none. `now` in milliseconds, never going backwards. */
  take(now: number): boolean;
  /** Seconds until there is one; 0 while there is. */
  wait(now: number): number;
  /** Questions left of this day, or null where days are not counted. */
  left(): number | null;
  /** Least milliseconds between trials of one that does well, so that they take no more than a part of the day's questions. */
  readonly trialMs: number;
}

const DAY = 86_400;
/** Share of a day's quota that trials may take while all is well. */
const TRIAL_SHARE = 0.02;

/** No quota at all. */
export const NO_QUOTA: Quota = { take: () => true, wait: () => 0, left: () => null, trialMs: 0 };

/** @param wall Unix seconds: days are those of UTC */
export function createQuota(options: QuotaOptions | undefined, wall: () => number): Quota {
  if (options === undefined) return NO_QUOTA;
  const { perSecond = Number.POSITIVE_INFINITY, perDay = Number.POSITIVE_INFINITY } = options;
  let tokens = perSecond;
  let filledAt = 0;
  let day = -1;
  let usedToday = 0;

  const refresh = (now: number) => {
    if (perSecond !== Number.POSITIVE_INFINITY) {
      tokens = Math.min(perSecond, tokens + ((now - filledAt) / 1000) * perSecond);
      filledAt = now;
    }
    if (perDay === Number.POSITIVE_INFINITY) return;
    const today = Math.floor(wall() / DAY);
    // A clock that steps back must not give the same day's questions twice.
    if (today <= day) return;
    day = today;
    usedToday = 0;
  };
  return {
    take(now) {
      refresh(now);
      if (tokens < 1 || usedToday >= perDay) return false;
      tokens--;
      usedToday++;
      return true;
    },
    wait(now) {
      refresh(now);
      if (usedToday >= perDay) return Math.max(1, (day + 1) * DAY - wall());
      return tokens >= 1 ? 0 : (1 - tokens) / perSecond;
    },
    trialMs: (DAY * 1000) / (perDay * TRIAL_SHARE),
    left: () => (perDay === Number.POSITIVE_INFINITY ? null : Math.max(0, perDay - usedToday)),
  };
}
