import type { FaultSettings } from "../types.ts";

export const NO_FAULTS: FaultSettings = {
  drop: 0,
  delay: 0,
  delaySlots: 2,
  reorder: false,
  rpcDown: false,
  rpcDelayMs: 0,
};

/** A small seeded generator (mulberry32), so that a run of faults can be had again. */
export function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function shuffle<T>(items: T[], roll: () => number): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(roll() * (i + 1));
    [items[i], items[j]] = [items[j] as T, items[i] as T];
  }
  return items;
}

/** What becomes of a transaction on its way to the leader. */
export type Fate = { fate: "now" } | { fate: "drop" } | { fate: "end" } | { fate: "later"; slots: number };

export class Faults {
  settings: FaultSettings = { ...NO_FAULTS };
  readonly roll: () => number;

  constructor(seed: number) {
    this.roll = dice(seed);
  }

  fate(): Fate {
    const { drop, delay, delaySlots, reorder } = this.settings;
    if (drop > 0 && this.roll() < drop) return { fate: "drop" };
    if (delay > 0 && this.roll() < delay) return { fate: "later", slots: delaySlots };
    return reorder ? { fate: "end" } : { fate: "now" };
  }
}
