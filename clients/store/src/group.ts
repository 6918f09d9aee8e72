import type { Store, VoucherOffer, VoucherResult } from "./types.ts";

interface Waiting {
  readonly batch: readonly VoucherOffer[];
  readonly now: number;
  resolve(results: VoucherResult[]): void;
  reject(error: unknown): void;
}

/** Rows in one commit at most, so that a burst doesn't make one caller wait for all of it. */
const MAX_ROWS = 1_024;

/**
 * Group commit: while one commit is on its way to the disk, the next calls gather and share the one after it. A disk that
 * syncs 500 times a second then acknowledges any number of vouchers a second, each after at most two syncs.
 */
export function groupCommits(accept: Store["acceptVouchers"]): Store["acceptVouchers"] {
  let waiting: Waiting[] = [];
  let running = false;

  async function run(): Promise<void> {
    running = true;
    while (waiting.length > 0) {
      let rows = 0;
      let count = 0;
      for (const { batch } of waiting) {
        if (count > 0 && rows + batch.length > MAX_ROWS) break;
        rows += batch.length;
        count++;
      }
      const group = waiting.slice(0, count);
      waiting = waiting.slice(count);
      try {
        const now = Math.min(...group.map((call) => call.now));
        const results = await accept(
          group.flatMap((call) => call.batch),
          now,
        );
        let from = 0;
        for (const call of group) {
          call.resolve(results.slice(from, from + call.batch.length));
          from += call.batch.length;
        }
      } catch (error) {
        for (const call of group) call.reject(error);
      }
    }
    running = false;
  }

  return (batch, now) =>
    new Promise((resolve, reject) => {
      waiting.push({ batch, now, resolve, reject });
      if (!running) void run();
    });
}
