import { formatAddress } from "@tolldns/sdk";
import type { Lease, OutboxEntry, UnsettledVoucher } from "@tolldns/store";
import { fail } from "../errors.ts";
import { advanceDeliveries } from "../runtime/delivery.ts";
import { countInFlight, NONE_IN_FLIGHT } from "../runtime/options.ts";
import { readPrice } from "../runtime/signing.ts";
import { createLeasedTicks, type LeasedTicks, type TickStatus } from "../runtime/ticks.ts";
import type { Candidate } from "./batches.ts";
import type { LedgerContext } from "./context.ts";
import { closeDue, distributeDue, findDueCloses } from "./crank.ts";
import { judgeVoucher, type Verdict } from "./judge.ts";
import type { LedgerStatus } from "./options.ts";
import { settleDue } from "./settle.ts";
import { tidyStore } from "./tidy.ts";
import { type LedgerView, readLedgerView } from "./view.ts";

/** Settles one ledger while it holds the ledger's lease: a tick is one look at the chain and what follows from it. */
export interface LedgerKeeper extends LeasedTicks {
  status(): LedgerStatus;
}

export interface Judged {
  readonly voucher: UnsettledVoucher;
  readonly verdict: Verdict;
}

/** `onFinal` hears of each transaction once it is final. */
export function createLedgerKeeper(
  context: LedgerContext,
  holder: string,
  onFinal: (entries: readonly OutboxEntry[]) => void,
): LedgerKeeper {
  const { connection, store, ledger, escrow, policy } = context;
  const name = formatAddress(ledger);
  let status: Omit<LedgerStatus, keyof TickStatus> = {
    ledger: name,
    unsettledLanes: 0,
    unsettled: 0n,
    undistributed: 0n,
    quarantined: 0,
    inFlight: NONE_IN_FLIGHT,
  };

  async function step(lease: Lease, signal: AbortSignal): Promise<void> {
    // The fate of what was sent comes before the state it led to: a view that is older than a landed transaction would
    // make us settle its lanes again.
    const { open, finalized, slot } = await advanceDeliveries(context, ledger, lease);
    onFinal(finalized);
    const view = await readLedgerView(connection, escrow, ledger, "confirmed");
    if (view.slot < slot) throw fail("view-behind", { slot: view.slot, needed: slot });
    const vouchers = await store.listUnsettled(ledger);
    const judged = vouchers.map((voucher) => ({
      voucher,
      verdict: judgeVoucher(voucher, view.lane(voucher.lane), view.now),
    }));
    await tidyStore(context, lease, judged, view);

    const busy = findBusy(open, view);
    const candidates = judged.flatMap(({ voucher, verdict }): Candidate[] =>
      verdict.is === "due" && !busy(voucher) ? [{ voucher, ...verdict }] : [],
    );
    const quarantined = await store.listQuarantine(ledger);
    status = {
      ...status,
      unsettledLanes: judged.filter(({ verdict }) => verdict.is === "due").length,
      unsettled: judged.reduce((sum, { verdict }) => (verdict.is === "due" ? sum + verdict.worth : sum), 0n),
      undistributed: view.header.credited - view.header.distributed,
      quarantined: quarantined.length,
      inFlight: countInFlight(open),
    };
    if (signal.aborted) return;

    const due = new Set(candidates.map(({ voucher }) => voucher.lane));
    const touched = new Set(open.flatMap((entry) => entry.vouchers.map(({ lane }) => lane)));
    const closes = policy.closeLanes ? findDueCloses(view, (lane) => due.has(lane) || touched.has(lane)) : [];
    const price = await readPrice(connection, ledger, policy.pricePercentile, policy.maxPrice);
    let room = policy.maxInFlight - open.filter((entry) => entry.state !== "confirmed").length;
    if (candidates.length > 0 && room > 0) {
      room -= await settleDue(context, lease, candidates, view.now, price, room, signal);
    }
    // Closes wait for nobody's money; they take the room that is left.
    if (closes.length > 0 && room > 0 && !signal.aborted)
      room -= await closeDue(context, lease, closes, price, room);
    if (!signal.aborted) await distributeDue(context, lease, view, open, price);
  }

  const ticks = createLeasedTicks(context, { name: `settle/${name}`, holder, ...policy }, step, {
    ledger: name,
  });
  return { ...ticks, status: () => ({ ...status, ...ticks.status() }) };
}

/**
 * Lanes that may not go into a new transaction: those of one that may still land. A confirmed one whose vouchers the view
 * doesn't show was dropped by a fork after we looked; its bytes are still good, so it counts until that is cleared up.
 */
function findBusy(open: readonly OutboxEntry[], view: LedgerView): (voucher: UnsettledVoucher) => boolean {
  const busy = new Set<string>();
  for (const entry of open) {
    for (const { lane, generation, cumulative } of entry.vouchers) {
      const row = view.lane(lane);
      const shown = row !== undefined && (row.generation > generation || row.settled >= cumulative);
      if (entry.state !== "confirmed" || !shown) busy.add(`${lane}/${generation}`);
    }
  }
  return ({ lane, generation }) => busy.has(`${lane}/${generation}`);
}
