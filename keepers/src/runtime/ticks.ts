import { isStoreError, type Lease } from "@tolldns/store";
import { createLease } from "./lease.ts";
import type { KeeperContext } from "./options.ts";

/** Seconds between two looks for old transactions to forget. */
const PRUNE_SECONDS = 3_600;

/** How a keeper's last tick went. */
export interface TickStatus {
  /** Does this keeper hold the lease? */
  readonly leading: boolean;
  /** Text of the last failed tick; null once a tick succeeded. */
  readonly lastError: string | null;
  /** Unix seconds of the last tick that succeeded, 0 before. */
  readonly lastTick: number;
}

/** Ticks of a keeper that works while it holds a lease. */
export interface LeasedTicks {
  /** One step if the lease is ours. Never rejects; see `lastError`. */
  tick(signal: AbortSignal): Promise<void>;
  status(): TickStatus;
  /** Gives the lease back. */
  release(): Promise<void>;
}

/** What a lease is of and who holds it, for how long without a tick, and for how long finished transactions stay on record; seconds. */
export interface LeaseTerms {
  readonly name: string;
  readonly holder: string;
  readonly leaseSeconds: number;
  readonly historySeconds: number;
}

/** `fields` go into the log beside what failed. */
export function createLeasedTicks(
  { store, clock, log }: Pick<KeeperContext, "store" | "clock" | "log">,
  { name, holder, leaseSeconds, historySeconds }: LeaseTerms,
  step: (lease: Lease, signal: AbortSignal) => Promise<void>,
  fields: Readonly<Record<string, string>> = {},
): LeasedTicks {
  const held = createLease(store, clock, name, holder, leaseSeconds);
  let status: TickStatus = { leading: false, lastError: null, lastTick: 0 };
  let prunedAt = 0;

  async function prune(lease: Lease): Promise<void> {
    const now = clock.now();
    if (now - prunedAt < PRUNE_SECONDS) return;
    await store.pruneOutbox(Math.max(0, now - historySeconds), lease);
    prunedAt = now;
  }

  return {
    tick: async (signal) => {
      try {
        const lease = await held.hold();
        status = { ...status, leading: lease !== null };
        if (lease !== null) {
          await step(lease, signal);
          if (!signal.aborted) await prune(lease);
        }
        status = { ...status, lastError: null, lastTick: clock.now() };
      } catch (error) {
        if (isStoreError(error, "lease-lost")) {
          held.drop();
          status = { ...status, leading: false };
        }
        status = { ...status, lastError: String(error instanceof Error ? error.message : error) };
        log("warn", "tick failed", { ...fields, error: status.lastError });
      }
    },
    status: () => status,
    release: () => held.release(),
  };
}
