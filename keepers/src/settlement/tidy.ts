import type { LaneKey, Lease } from "@tolldns/store";
import type { LedgerContext } from "./context.ts";
import { judgeVoucher, type Verdict } from "./judge.ts";
import type { Judged } from "./ledger.ts";
import { type LedgerView, readLedgerView } from "./view.ts";

/** What may come right without a better voucher: the payer tops up, the operator adds rows. */
const CURABLE: ReadonlySet<string> = new Set(["over-reserve", "lane-unknown"]);

/**
 * Brings the store's hints in line with the chain: watermarks and lanes that are over, by what is final and nothing less;
 * vouchers that can't be settled into quarantine, and out of it where the reason is gone.
 */
export async function tidyStore(
  context: LedgerContext,
  lease: Lease,
  judged: readonly Judged[],
  view: LedgerView,
): Promise<void> {
  const { store, clock, log, ledger } = context;
  for (const { voucher, verdict } of judged) {
    if (verdict.is !== "refused") continue;
    log("warn", "voucher quarantined", { lane: voucher.lane, reason: verdict.reason });
    await store.addQuarantine({ ...voucher, reason: verdict.reason, detail: "" }, lease, clock.now());
  }

  const ended: LaneKey[] = judged.filter(({ verdict }) => isEnded(verdict)).map(({ voucher }) => voucher);
  for (const row of await store.listQuarantine(ledger)) {
    const verdict = judgeVoucher({ ...row, settled: 0n, since: row.at }, view.lane(row.lane), view.now);
    if (verdict.is === "due" && CURABLE.has(row.reason)) await store.releaseQuarantine(row);
    if (isEnded(verdict) && (await store.readLane(row)) !== null) ended.push(row);
  }
  if (ended.length > 0) await recordFinal(context, lease, ended);
}

function isEnded(verdict: Verdict): boolean {
  return verdict.is === "covered" || verdict.is === "over";
}

/** Writes down of these lanes what no fork can take back. */
async function recordFinal(context: LedgerContext, lease: Lease, lanes: readonly LaneKey[]): Promise<void> {
  const { connection, store, ledger, escrow } = context;
  const view = await readLedgerView(connection, escrow, ledger, "finalized");
  const settled: (LaneKey & { settled: bigint })[] = [];
  const over: LaneKey[] = [];
  for (const key of lanes) {
    const row = view.lane(key.lane);
    if (row === undefined) continue;
    if (row.generation > key.generation || (row.generation === key.generation && row.state === "free"))
      over.push(key);
    else if (row.generation === key.generation) settled.push({ ...key, settled: row.settled });
  }
  if (settled.length > 0) await store.raiseSettled(settled, lease);
  if (over.length > 0) await store.forgetLanes(over, lease);
}
