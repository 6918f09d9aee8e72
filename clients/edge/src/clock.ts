import { systemTimerClock, type TimerClock } from "@tolldns/dns/clock";

/** Time handed in, so that tests own it. */
export type EdgeClock = TimerClock;
export const systemEdgeClock = systemTimerClock;

/** A clock that moves only when told to; calendar and elapsed time move apart when asked. */
export interface VirtualEdgeClock extends EdgeClock {
  /** Moves both on by `ms` and runs what fell due, in order. */
  advance(ms: number): void;
  /** Sets the calendar, as a user or NTP would; nothing falls due. */
  setWall(seconds: number): void;
}

export function createVirtualEdgeClock(wall = 1_790_000_000): VirtualEdgeClock {
  let now = 0;
  let offset = wall;
  const tasks = new Set<{ due: number; run: () => void }>();
  return {
    now: () => now,
    wall: () => offset + now / 1000,
    after(ms, run) {
      const task = { due: now + ms, run };
      tasks.add(task);
      return () => tasks.delete(task);
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        let next: { due: number; run: () => void } | undefined;
        for (const task of tasks)
          if (task.due <= end && (next === undefined || task.due < next.due)) next = task;
        if (next === undefined) break;
        tasks.delete(next);
        now = Math.max(now, next.due);
        next.run();
      }
      now = end;
    },
    setWall(seconds) {
      offset = seconds - now / 1000;
    },
  };
}
