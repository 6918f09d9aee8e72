import type { Clock } from "../clock.ts";

/** A question under way. */
export interface Deadline {
  /** When it has failed, in milliseconds of the clock. */
  due: number;
  /** When it should be sent again; Infinity for never. */
  retryAt: number;
  retry(): void;
  expire(): void;
}

/** Watches all questions of an upstream with one timer, which runs only while there are any. */
export interface Deadlines {
  readonly size: number;
  add(deadline: Deadline): void;
  delete(deadline: Deadline): void;
  close(): void;
}

const TICK_MS = 20;

export function createDeadlines(clock: Clock): Deadlines {
  const waiting = new Set<Deadline>();
  let stop: (() => void) | undefined;
  const halt = () => {
    stop?.();
    stop = undefined;
  };
  const tick = () => {
    const now = clock.now();
    for (const deadline of waiting) {
      if (now >= deadline.due) {
        waiting.delete(deadline);
        deadline.expire();
      } else if (now >= deadline.retryAt) {
        deadline.retryAt = Number.POSITIVE_INFINITY;
        deadline.retry();
      }
    }
    if (waiting.size === 0) halt();
  };
  return {
    get size() {
      return waiting.size;
    },
    add(deadline) {
      waiting.add(deadline);
      stop ??= clock.every(TICK_MS, tick);
    },
    delete(deadline) {
      if (waiting.delete(deadline) && waiting.size === 0) halt();
    },
    close: halt,
  };
}
