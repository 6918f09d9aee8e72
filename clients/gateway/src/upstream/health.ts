import type { UpstreamStatus } from "../options.ts";

/** What is known of one upstream's health. Milliseconds of a monotonic clock. */
export interface Health {
  latencyMs: number;
  /** Smoothed share of questions answered, 0 to 1. */
  success: number;
  asked: number;
  failed: number;
  /** Failures since the last answer. */
  inRow: number;
  /** Until when it is only asked as a trial. */
  restUntil: number;
}

const WEIGHT = 0.15;
const FAILURES_BEFORE_REST = 3;
const FIRST_REST_MS = 1_000;
const LONGEST_REST_MS = 60_000;

export function createHealth(): Health {
  return { latencyMs: 50, success: 1, asked: 0, failed: 0, inRow: 0, restUntil: 0 };
}

export function noteAnswer(health: Health, ms: number): void {
  const first = health.asked - health.failed <= 1;
  health.latencyMs = first ? ms : health.latencyMs + WEIGHT * (ms - health.latencyMs);
  health.success += WEIGHT * (1 - health.success);
  health.inRow = 0;
  health.restUntil = 0;
}

/** After three failures in a row it rests 1 s, then twice as long each time, up to a minute. */
export function noteFailure(health: Health, now: number): void {
  health.failed++;
  health.inRow++;
  health.success -= WEIGHT * health.success;
  const rests = health.inRow - FAILURES_BEFORE_REST;
  if (rests >= 0)
    health.restUntil = now + Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** Math.min(rests, 10));
}

export function isResting(health: Health, now: number): boolean {
  return health.restUntil > now;
}

/** Expected cost of asking it: a failure costs about a timeout. Lower is better. */
export function scoreOf(health: Health): number {
  return health.latencyMs + (1 - health.success) * 2_000;
}

/** Most promising first; those at rest last, the one that rests shortest before others, so that there is always somebody to ask. */
export function orderByHealth<T extends { readonly health: Health }>(
  members: readonly T[],
  now: number,
): T[] {
  return [...members].sort((a, b) => {
    const resting = Number(isResting(a.health, now)) - Number(isResting(b.health, now));
    if (resting !== 0) return resting;
    return isResting(a.health, now)
      ? a.health.restUntil - b.health.restUntil
      : scoreOf(a.health) - scoreOf(b.health);
  });
}

export function statusOf(name: string, health: Health, now: number): UpstreamStatus {
  const { latencyMs, success, asked, failed } = health;
  return { name, healthy: !isResting(health, now), latencyMs, success, asked, failed };
}
