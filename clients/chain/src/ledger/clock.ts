import type { Ledger } from "./ledger.ts";

export interface Ticker {
  /** Resolves when the chain has come to the wall clock's slot. */
  first: Promise<void>;
  stop(): void;
}

/** Keeps the chain at the slot of the wall clock. A process that was stopped for a while jumps ahead. */
export function startTicker(ledger: Ledger, log: (line: string) => void): Ticker {
  const { timeline } = ledger.bank;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const tick = async (): Promise<void> => {
    try {
      const now = Date.now() + ledger.offsetMs;
      await ledger.follow(timeline.slotAt(now));
    } catch (error) {
      log(`the chain can't go on: ${String(error)}`);
      stopped = true;
    }
    if (stopped) return;
    const next = timeline.unixMs(ledger.bank.slot + 1) - ledger.offsetMs;
    timer = setTimeout(() => void tick(), Math.max(1, next - Date.now()));
  };
  return {
    first: tick(),
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
