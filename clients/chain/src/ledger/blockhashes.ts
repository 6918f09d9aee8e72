import { keyOf } from "../wire/base58.ts";
import { MAX_AGE, type Timeline } from "./timeline.ts";

const LOOK_BACK = 64;

/**
 * Which recent blockhashes a bank accepts. The bank of slot `s` knows the hashes of the blocks below it and takes those
 * at most 150 blocks older than the newest of them.
 */
export class Blockhashes {
  private readonly timeline: Timeline;
  private readonly slots = new Map<string, number>();
  private to = -1;

  constructor(timeline: Timeline) {
    this.timeline = timeline;
  }

  /** Forgets what was computed, after hashes changed. */
  reset(): void {
    this.slots.clear();
    this.to = -1;
  }

  /** The slot whose block has this hash, looked for in the last blocks up to and with `newest`; null if none. */
  slotOf(hash: Uint8Array, newest: number): number | null {
    this.cover(newest);
    const slot = this.slots.get(keyOf(hash));
    return slot === undefined || slot > newest ? null : slot;
  }

  /** Whether a bank whose newest known block is `newest` takes a transaction with this blockhash. */
  isValid(hash: Uint8Array, newest: number): boolean {
    const slot = this.slotOf(hash, newest);
    if (slot === null || slot < this.timeline.state.oldestValid) return false;
    return this.timeline.height(newest) - this.timeline.height(slot) <= MAX_AGE;
  }

  private cover(newest: number): void {
    if (newest <= this.to) return;
    let low = newest;
    // The banks of `confirmed` and `finalized` look further back than the newest one.
    for (let left = MAX_AGE + 1 + LOOK_BACK; left > 0 && low > 0; left--) low = this.timeline.parent(low);
    for (let slot = Math.max(low, this.to + 1); slot <= newest; slot++) {
      if (!this.timeline.isSkipped(slot)) this.slots.set(keyOf(this.timeline.hash(slot)), slot);
    }
    for (const [key, slot] of this.slots) {
      if (slot >= low) break;
      this.slots.delete(key);
    }
    this.to = newest;
  }
}
