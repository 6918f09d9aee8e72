import type { Bank } from "./bank.ts";
import type { Journal, Snapshot } from "./journal.ts";
import type { Landed } from "./landed.ts";
import { encodeSnapshot } from "./snapshots.ts";

/** The newest snapshot that holds nothing later than `slot`: one is taken before its own slot's transactions. */
export function finalSnapshot(journal: Journal, slot: number): Snapshot | undefined {
  return journal
    .snapshots()
    .filter((snapshot) => snapshot.slot <= slot + 1)
    .at(-1);
}

/** Puts transactions that landed before the bank's log into its statuses, so that they can't land twice. */
export function adopt(bank: Bank, earlier: readonly Landed[]): void {
  const later = [...bank.recent];
  bank.recent.clear();
  for (const landed of earlier) bank.recent.set(landed.key, landed);
  for (const [key, landed] of later) bank.recent.set(key, landed);
}

export function takeSnapshot(bank: Bank, offsetMs: number): Uint8Array {
  const head = { version: 1 as const, slot: bank.slot, offsetMs, timeline: bank.timeline.state };
  return encodeSnapshot(head, bank.engine.save());
}
