import type { ChainStatus } from "../types.ts";
import { STATUS_SLOTS } from "./bank.ts";
import type { Ledger } from "./ledger.ts";

/** Where the chain stands. */
export function summaryOf(ledger: Ledger): ChainStatus {
  const { bank } = ledger;
  return {
    slot: bank.slot,
    confirmed: bank.reached("confirmed"),
    finalized: bank.reached("finalized"),
    blockHeight: bank.timeline.height(bank.slot),
    epoch: bank.timeline.epoch(bank.slot),
    unixTime: bank.timeline.unixTime(bank.slot),
    transactions: ledger.count(),
  };
}

/** A row of `getRecentPerformanceSamples`. */
export interface Sample {
  slot: number;
  numTransactions: number;
  numNonVoteTransactions: number;
  numSlots: number;
  samplePeriodSecs: number;
}

/** Transactions in each of the last minutes, newest first, as far as statuses are kept. */
export function samplesOf({ bank, birth }: Ledger, limit: number): Sample[] {
  const { slotMs, firstSlot } = birth.shape;
  const slots = Math.max(1, Math.round(60_000 / slotMs));
  const out: Sample[] = [];
  const oldest = Math.max(firstSlot + slots, bank.slot - STATUS_SLOTS);
  for (let end = bank.slot; out.length < limit && end >= oldest; end -= slots) {
    let count = 0;
    for (const { slot } of bank.recent.values()) if (slot > end - slots && slot <= end) count++;
    out.push({
      ...{ slot: end, numTransactions: count, numNonVoteTransactions: count },
      ...{ numSlots: slots, samplePeriodSecs: 60 },
    });
  }
  return out;
}
