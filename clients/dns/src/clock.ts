/** Time handed in, so that tests own it. */
export interface Clock {
  /** Milliseconds, never going backwards; its zero is arbitrary. */
  now(): number;
  /** Calls `run` about every `ms` milliseconds until the returned function is called. Doesn't keep the process alive. */
  every(ms: number, run: () => void): () => void;
}

/** The machine's monotonic clock: a step of the wall clock changes nothing. */
export const systemClock: Clock = {
  now: () => performance.now(),
  every(ms, run) {
    const timer = setInterval(run, ms);
    timer.unref();
    return () => clearInterval(timer);
  },
};

/** Time handed in to what plans single moments ahead and compares them with a calendar. */
export interface TimerClock {
  /** Milliseconds, never going backwards; its zero is arbitrary. */
  now(): number;
  /** Seconds since 1970-01-01 by the machine's calendar, which may jump. */
  wall(): number;
  /** Runs `run` once after `ms` milliseconds unless the returned function is called first. Doesn't keep the process alive. */
  after(ms: number, run: () => void): () => void;
}

/** The machine's monotonic clock, its calendar and its timers. */
export const systemTimerClock: TimerClock = {
  now: () => performance.now(),
  wall: () => Date.now() / 1000,
  after(ms, run) {
    const timer = setTimeout(run, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** A clock that moves only when told to. */
export interface VirtualClock extends Clock {
  /** Moves on by `ms` and runs what fell due, in order. */
  advance(ms: number): void;
}

export function createVirtualClock(start = 0): VirtualClock {
  let now = start;
  const tasks = new Set<{ ms: number; due: number; run: () => void }>();
  return {
    now: () => now,
    every(ms, run) {
      const task = { ms, due: now + ms, run };
      tasks.add(task);
      return () => tasks.delete(task);
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        let next: { ms: number; due: number; run: () => void } | undefined;
        for (const task of tasks)
          if (task.due <= end && (next === undefined || task.due < next.due)) next = task;
        if (next === undefined) break;
        now = Math.max(now, next.due);
        next.due += next.ms;
        next.run();
      }
      now = end;
    },
  };
}
