import type { Clock } from "@tolldns/dns";

/** One timer for many things under way, which runs only while there are any. */
export interface Watch {
  wake(): void;
  close(): void;
}

/** A round that comes this much later than due, milliseconds, found this process busy, not others silent. */
const LATE_MS = 30;

/**
 * @param scan runs every `ms` milliseconds; says whether there is anything left to watch. A round that is late is left out once:
 *   answers that came while the process was busy are read before anybody is called silent.
 */
export function createWatch(clock: Clock, ms: number, scan: () => boolean): Watch {
  let stop: (() => void) | undefined;
  let isClosed = false;
  let due = 0;
  let hasSkipped = false;
  const halt = () => {
    stop?.();
    stop = undefined;
  };
  const round = () => {
    const now = clock.now();
    hasSkipped = !hasSkipped && now - due > LATE_MS;
    due = now + ms;
    if (!hasSkipped && !scan()) halt();
  };
  return {
    wake() {
      if (isClosed || stop !== undefined) return;
      due = clock.now() + ms;
      stop = clock.every(ms, round);
    },
    close() {
      isClosed = true;
      halt();
    },
  };
}
