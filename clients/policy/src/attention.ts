import type { Clock } from "@tolldns/dns/clock";

/** Milliseconds between rounds, and the most that one counts, however late it comes. */
const ROUND_MS = 10;
const STEP_MS = 40;

/** @returns whether there is anything left to look at */
export type Look = (now: number) => boolean;

/** Something under way, looked at every round. */
export interface Watch {
  /** There is something to look at, if there was nothing before. */
  wake(): void;
  close(): void;
}

/**
 * Time by which others are judged: it passes while this process attends to what it waits for. As long as anything is under way one timer comes round every 10 ms, and
 * a round that comes late counts 40 ms at most: for longer it wasn't others that were silent, it was nobody who listened. While nothing is under way it is the clock it
 * is made of, and no timer runs.
 */
export interface Attention extends Clock {
  /** Calls `look` each round with the time that counts for it, until it says that nothing is left, and again once woken. */
  watch(look: Look): Watch;
  /** Runs `run` once after `ms` milliseconds unless the returned function is called first. */
  after(ms: number, run: () => void): () => void;
  close(): void;
}

/** @param soon runs what it is given once all that lies in sockets was read: nobody is judged before that */
export function createAttention(clock: Clock, soon: (run: () => void) => void = setImmediate): Attention {
  const looks = new Set<Look>();
  const planned = new Set<{ readonly due: number; readonly run: () => void }>();
  let stop: (() => void) | null = null;
  let isClosed = false;
  /** Time as of the last round, and the clock's then. */
  let counted = clock.now();
  let readAt = counted;

  const timeAt = (at: number) => {
    const passed = at - readAt;
    return counted + (stop === null ? passed : Math.min(passed, STEP_MS));
  };
  const now = () => timeAt(clock.now());
  const count = () => {
    const at = clock.now();
    counted = timeAt(at);
    readAt = at;
  };
  const halt = () => {
    count();
    stop?.();
    stop = null;
  };
  const lookAround = () => {
    const now = counted;
    for (const look of looks) if (!look(now)) looks.delete(look);
    if (looks.size === 0) halt();
  };
  const round = () => {
    count();
    soon(lookAround);
  };
  const watch = (look: Look): Watch => ({
    wake() {
      if (isClosed) return;
      looks.add(look);
      if (stop !== null) return;
      count();
      stop = clock.every(ROUND_MS, round);
    },
    close() {
      looks.delete(look);
    },
  });
  const plan = watch((now) => {
    for (const one of planned) if (now >= one.due && planned.delete(one)) one.run();
    return planned.size > 0;
  });

  return {
    now,
    every: clock.every,
    watch,
    after(ms, run) {
      const one = { due: now() + ms, run };
      planned.add(one);
      plan.wake();
      return () => planned.delete(one);
    },
    close() {
      isClosed = true;
      looks.clear();
      planned.clear();
      halt();
    },
  };
}
