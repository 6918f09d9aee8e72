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

/** Time handed in to what also plans single moments ahead and compares them with a calendar. */
export interface TimerClock extends Clock {
  /** Seconds since 1970-01-01 by the machine's calendar, which may jump. */
  wall(): number;
  /** Runs `run` once after `ms` milliseconds unless the returned function is called first. Doesn't keep the process alive. */
  after(ms: number, run: () => void): () => void;
}

/** The machine's monotonic clock, its calendar and its timers. */
export const systemTimerClock: TimerClock = {
  ...systemClock,
  wall: () => Date.now() / 1000,
  after(ms, run) {
    const timer = setTimeout(run, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** A clock that moves only when told to; calendar and elapsed time move apart when asked. */
export interface VirtualClock extends TimerClock {
  /** Moves on by `ms` and runs what fell due, in order. */
  advance(ms: number): void;
  /** Moves on by `ms` and runs nothing, as while a process stands still: what fell due runs late, once, with the next `advance`. */
  stall(ms: number): void;
  /** Sets the calendar, as a user or NTP would; nothing falls due. */
  setWall(seconds: number): void;
}

interface Task {
  /** Milliseconds between two runs; null for one that runs once. */
  readonly ms: number | null;
  due: number;
  readonly run: () => void;
}

/** @param start the first `now`, milliseconds. @param wall the first `wall`, seconds. */
export function createVirtualClock(start = 0, wall = 1_790_000_000): VirtualClock {
  let now = start;
  let offset = wall - start / 1000;
  const tasks = new Set<Task>();
  const plan = (ms: number, isRepeated: boolean, run: () => void) => {
    const task = { ms: isRepeated ? ms : null, due: now + ms, run };
    tasks.add(task);
    return () => tasks.delete(task);
  };
  return {
    now: () => now,
    wall: () => offset + now / 1000,
    every: (ms, run) => plan(ms, true, run),
    after: (ms, run) => plan(ms, false, run),
    advance(ms) {
      const end = now + ms;
      for (;;) {
        let next: Task | undefined;
        for (const task of tasks)
          if (task.due <= end && (next === undefined || task.due < next.due)) next = task;
        if (next === undefined) break;
        now = Math.max(now, next.due);
        if (next.ms === null) tasks.delete(next);
        else next.due = now + next.ms;
        next.run();
      }
      now = end;
    },
    stall(ms) {
      now += ms;
    },
    setWall(seconds) {
      offset = seconds - now / 1000;
    },
  };
}
