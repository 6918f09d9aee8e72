import type { Clock } from "@tolldns/dns";

/** One timer for many things under way, which runs only while there are any. */
export interface Watch {
  wake(): void;
  close(): void;
}

/** @param scan runs every `ms` milliseconds; says whether there is anything left to watch */
export function createWatch(clock: Clock, ms: number, scan: () => boolean): Watch {
  let stop: (() => void) | undefined;
  let isClosed = false;
  const halt = () => {
    stop?.();
    stop = undefined;
  };
  return {
    wake() {
      if (isClosed) return;
      stop ??= clock.every(ms, () => {
        if (!scan()) halt();
      });
    },
    close() {
      isClosed = true;
      halt();
    },
  };
}
