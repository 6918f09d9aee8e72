import { createHash } from "node:crypto";

/** Slots `from` to `to` (both included) were abandoned: they have no block. */
export interface Skipped {
  from: number;
  to: number;
}

/** From slot `from` on, block hashes are made with `fork`. */
export interface Fork {
  from: number;
  fork: number;
}

export interface TimelineState {
  skipped: Skipped[];
  forks: Fork[];
  /** Hashes of slots below this one are no longer accepted. */
  oldestValid: number;
}

/** What is fixed when a chain is made. Times in milliseconds. */
export interface TimelineShape {
  firstSlot: number;
  /** Unix time at which `firstSlot` begins. */
  firstMs: number;
  slotMs: number;
  slotsPerEpoch: number;
}

/** A transaction's blockhash may be this many blocks old. */
export const MAX_AGE = 150;
/** How many hashes the SlotHashes sysvar holds. */
export const SLOT_HASHES = 512;

/**
 * Slots, heights, hashes and times as functions of a few numbers, so that empty slots need no record: a block's hash
 * is SHA-256 of the genesis hash, the fork and the slot.
 */
export class Timeline {
  readonly genesis: Uint8Array;
  readonly shape: TimelineShape;
  readonly state: TimelineState;
  private readonly hashes = new Map<number, Uint8Array>();

  constructor(genesis: Uint8Array, shape: TimelineShape, state: TimelineState) {
    this.genesis = genesis;
    this.shape = shape;
    this.state = state;
  }

  /** Unix milliseconds at which a slot begins. Slot and time move together, always. */
  unixMs(slot: number): number {
    return this.shape.firstMs + (slot - this.shape.firstSlot) * this.shape.slotMs;
  }

  /** The slot of a moment in Unix milliseconds. */
  slotAt(unixMs: number): number {
    return this.shape.firstSlot + Math.floor((unixMs - this.shape.firstMs) / this.shape.slotMs);
  }

  unixTime(slot: number): number {
    return Math.floor(this.unixMs(slot) / 1000);
  }

  epoch(slot: number): number {
    return Math.floor(slot / this.shape.slotsPerEpoch);
  }

  /** Whether the slot was abandoned. */
  isSkipped(slot: number): boolean {
    return this.state.skipped.some((range) => slot >= range.from && slot <= range.to);
  }

  /** The number of blocks below this one. */
  height(slot: number): number {
    let lost = 0;
    for (const { from, to } of this.state.skipped) if (slot >= from) lost += Math.min(slot, to) - from + 1;
    return slot - lost;
  }

  /** The nearest slot below that has a block. */
  parent(slot: number): number {
    let parent = slot - 1;
    while (parent > 0 && this.isSkipped(parent)) parent--;
    return parent;
  }

  hash(slot: number): Uint8Array {
    const known = this.hashes.get(slot);
    if (known !== undefined) return known;
    let fork = 0;
    for (const entry of this.state.forks) if (slot >= entry.from) fork = entry.fork;
    const tail = Buffer.alloc(12);
    tail.writeUInt32LE(fork, 0);
    tail.writeBigUInt64LE(BigInt(slot), 4);
    const hash = createHash("sha256").update("tolldns block").update(this.genesis).update(tail).digest();
    if (this.hashes.size > 4096) this.hashes.clear();
    this.hashes.set(slot, hash);
    return hash;
  }

  /** Abandons slots `from` to `to`; what follows has other hashes. */
  skip(from: number, to: number): void {
    this.state.skipped.push({ from, to });
    this.nextFork(to + 1);
  }

  /** Refuses every hash given out before `slot`'s bank; its parent's hash is made anew, so that there is a valid one. */
  expire(slot: number): void {
    const parent = this.parent(slot);
    this.state.oldestValid = parent;
    this.nextFork(parent);
  }

  private nextFork(from: number): void {
    const last = this.state.forks.at(-1)?.fork ?? 0;
    this.state.forks.push({ from, fork: last + 1 });
    this.hashes.clear();
  }
}
