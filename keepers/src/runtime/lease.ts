import { isStoreError, type Lease, type Store } from "@tolldns/store";
import type { Clock } from "./clock.ts";

/** A lease kept by one keeper, tick by tick. */
export interface HeldLease {
  /** The lease, renewed, or null while another keeper has it. */
  hold(): Promise<Lease | null>;
  /** Forgets it without a word to the store: another took it over. */
  drop(): void;
  /** Gives it back. */
  release(): Promise<void>;
}

export function createLease(
  store: Store,
  clock: Clock,
  name: string,
  holder: string,
  seconds: number,
): HeldLease {
  let lease: Lease | null = null;
  return {
    hold: async () => {
      const now = clock.now();
      try {
        if (lease !== null) lease = await store.renewLease(lease, seconds, now);
      } catch (error) {
        if (!isStoreError(error, "lease-lost")) throw error;
        lease = null;
      }
      lease ??= await store.acquireLease(name, holder, seconds, now);
      return lease;
    },
    drop: () => {
      lease = null;
    },
    release: async () => {
      const held = lease;
      lease = null;
      if (held !== null) await store.releaseLease(held);
    },
  };
}
