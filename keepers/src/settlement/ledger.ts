import { formatAddress } from "@tolldns/sdk";
import { isStoreError, type Lease, type OutboxEntry, type UnsettledVoucher } from "@tolldns/store";
import { fail } from "../errors.ts";
import { advanceDeliveries } from "../runtime/delivery.ts";
import { createLease } from "../runtime/lease.ts";
import { readPrice } from "../runtime/signing.ts";
import type { Candidate } from "./batches.ts";
import type { LedgerContext } from "./context.ts";
import { closeDue, distributeDue, findDueCloses } from "./crank.ts";
import { judgeVoucher, type Verdict } from "./judge.ts";
import type { LedgerStatus } from "./options.ts";
import { settleDue } from "./settle.ts";
import { tidyStore } from "./tidy.ts";
import { type LedgerView, readLedgerView } from "./view.ts";

/** Settles one ledger while it holds the ledger's lease. */
export interface LedgerKeeper {
  /** One look at the chain and what follows from it. Never rejects; see `lastError`. */
  tick(signal: AbortSignal): Promise<void>;
  status(): LedgerStatus;
  release(): Promise<void>;
}

export interface Judged {
  readonly voucher: UnsettledVoucher;
  readonly verdict: Verdict;
}

/** Seconds between two looks for old transactions to forget. */
const PRUNE_SECONDS = 3_600;
const NONE_IN_FLIGHT = { prepared: 0, sent: 0, confirmed: 0 };

/** `onFinal` hears of each transaction once it is final. */
export function createLedgerKeeper(
  context: LedgerContext,
  holder: string,
  onFinal: (entries: readonly OutboxEntry[]) => void,
): LedgerKeeper {
  const { connection, store, clock, log, ledger, escrow, policy } = context;
  const name = formatAddress(ledger);
  const held = createLease(store, clock, `settle/${name}`, holder, policy.leaseSeconds);
  let status: LedgerStatus = {
    ledger: name,
    leading: false,
    unsettledLanes: 0,
    unsettled: 0n,
    undistributed: 0n,
    quarantined: 0,
    inFlight: NONE_IN_FLIGHT,
    lastError: null,
    lastTick: 0,
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
      inFlight: countStates(open),
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
    await prune(lease);
  }

  let prunedAt = 0;
  async function prune(lease: Lease): Promise<void> {
    const now = clock.now();
    if (now - prunedAt < PRUNE_SECONDS) return;
    await store.pruneOutbox(Math.max(0, now - policy.historySeconds), lease);
    prunedAt = now;
  }

  return {
    tick: async (signal) => {
      try {
        const lease = await held.hold();
        status = { ...status, leading: lease !== null };
        if (lease !== null) await step(lease, signal);
        status = { ...status, lastError: null, lastTick: clock.now() };
      } catch (error) {
        if (isStoreError(error, "lease-lost")) {
          held.drop();
          status = { ...status, leading: false };
        }
        status = { ...status, lastError: String(error instanceof Error ? error.message : error) };
        log("warn", "tick failed", { ledger: name, error: status.lastError });
      }
    },
    status: () => status,
    release: () => held.release(),
  };
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

function countStates(open: readonly OutboxEntry[]): LedgerStatus["inFlight"] {
  const count = (state: OutboxEntry["state"]) => open.filter((entry) => entry.state === state).length;
  return { prepared: count("prepared"), sent: count("sent"), confirmed: count("confirmed") };
}
