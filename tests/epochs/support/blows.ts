import type { Restartable } from "../../keepers/chaos/process.ts";

/** Members and keepers that are struck while owners change their routes. */
export interface Struck {
  readonly witnesses: readonly Restartable[];
  readonly keepers: readonly Restartable[];
  readonly gateways: readonly Restartable[];
}

export interface BlowOptions {
  readonly roll: () => number;
  /** Milliseconds between two blows, more or less. */
  readonly everyMs: number;
  /** Milliseconds a member that goes away is away. */
  readonly awayMs: number;
  /** Members away at a time at most. */
  readonly maxAway: number;
  /** Told after each start, as addresses may have changed. */
  readonly onStart: (process: Restartable, line: string) => void;
}

export interface Blows {
  /** Ends the blows and starts everyone again. Resolves to how often each was struck. */
  stop(): Promise<Readonly<Record<string, number>>>;
}

/** Strikes until stopped: kill -9 and start again at once, or go away for a while and come back. */
export function startBlows(struck: Struck, options: BlowOptions): Blows {
  const { roll, everyMs, awayMs, maxAway, onStart } = options;
  const counts: Record<string, number> = {};
  const away = new Map<Restartable, Promise<void>>();
  let ended = false;
  const wakers = new Set<() => void>();
  const sleep = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wakers.add(() => {
        clearTimeout(timer);
        resolve();
      });
    });

  const start = async (process: Restartable): Promise<void> => onStart(process, await process.start());
  const pick = (some: readonly Restartable[]): Restartable | undefined => {
    const here = some.filter((one) => !away.has(one));
    return here[Math.floor(roll() * here.length)];
  };
  const killOf = (some: readonly Restartable[]) => async (): Promise<boolean> => {
    const one = pick(some);
    if (one === undefined) return false;
    await one.kill();
    await start(one);
    return true;
  };
  const strikes: Record<string, () => Promise<boolean>> = {
    "witness killed": killOf(struck.witnesses),
    "keeper killed": killOf(struck.keepers),
    "gateway killed": killOf(struck.gateways),
    "witness away": async () => {
      const one = away.size < maxAway ? pick(struck.witnesses) : undefined;
      if (one === undefined) return false;
      const back = (async () => {
        await one.kill();
        await sleep(awayMs);
        await start(one);
        away.delete(one);
      })();
      away.set(one, back);
      return true;
    },
  };

  const done = (async () => {
    const names = Object.keys(strikes);
    for (let turn = 0; !ended; turn++) {
      await sleep(everyMs * (0.5 + roll()));
      if (ended) return;
      // Each once in turn, then at random.
      const name = names[turn < names.length ? turn : Math.floor(roll() * names.length)] as string;
      if (await strikes[name]?.()) counts[name] = (counts[name] ?? 0) + 1;
    }
  })();

  return {
    stop: async () => {
      ended = true;
      for (const wake of wakers) wake();
      await done;
      await Promise.all(away.values());
      return counts;
    },
  };
}
