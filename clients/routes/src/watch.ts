import type { Feed } from "@tolldns/sdk/feed";
import type { RoutesClock } from "./clock.ts";
import type { RootBook } from "./roots.ts";

export interface WatchOptions {
  readonly feeds: readonly Feed[];
  readonly book: RootBook;
  readonly clock: RoutesClock;
  /** Seconds between two looks at the chain. */
  readonly seconds: number;
}

const RECONNECT_MS = 5_000;
/** Looks at the chain, a second apart, for a root that a feed says is final. */
const LOOKS = 5;

/** Looks at the chain at an interval, and at once when a feed tells of a final root. Returns how to end it. */
export function watchFeeds({ feeds, book, clock, seconds }: WatchOptions): () => void {
  const controller = new AbortController();
  const { signal } = controller;
  let timer: (() => void) | null = null;

  const tick = () => {
    void book.refresh();
    timer = clock.after(seconds * 1_000, tick);
  };

  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const end = () => {
        stop();
        signal.removeEventListener("abort", end);
        resolve();
      };
      const stop = clock.after(ms, end);
      signal.addEventListener("abort", end);
    });

  let wanted = 0n;
  let isLooking = false;
  /** The chain's word may come a moment after the feed's. */
  async function lookFor(epoch: bigint): Promise<void> {
    if (epoch > wanted) wanted = epoch;
    if (isLooking) return;
    isLooking = true;
    for (let i = 0; i < LOOKS && !signal.aborted && (book.newest() ?? -1n) < wanted; i++) {
      await book.refresh();
      if ((book.newest() ?? -1n) < wanted) await pause(1_000);
    }
    isLooking = false;
    wanted = 0n;
  }

  async function listen(feed: Feed): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const event of feed.events({ signal }))
          if (event.kind === "root" && event.root.status === "final") void lookFor(event.root.epoch);
      } catch {
        // A hint at most: the chain is looked at anyway.
      }
      if (!signal.aborted) await pause(RECONNECT_MS);
    }
  }

  tick();
  for (const feed of feeds) void listen(feed);
  return () => {
    timer?.();
    controller.abort();
  };
}
