import type { Lease } from "@tolldns/store";
import type { LedgerContext } from "./context.ts";
import { judgeVoucher } from "./judge.ts";
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
  const { connection, store, clock, log, ledger, escrow } = context;
  if (judged.some(({ verdict }) => verdict.is === "covered" || verdict.is === "over")) {
    const final = await readLedgerView(connection, escrow, ledger, "finalized");
    const verdicts = judged.map(({ voucher }) => ({
      voucher,
      lane: final.lane(voucher.lane),
      verdict: judgeVoucher(voucher, final.lane(voucher.lane), final.now),
    }));
    const covered = verdicts.filter(({ verdict }) => verdict.is === "covered");
    const over = verdicts.filter(({ verdict }) => verdict.is === "over");
    if (covered.length > 0) {
      const rows = covered.map(({ voucher, lane }) => ({ ...voucher, settled: lane?.settled ?? 0n }));
      await store.raiseSettled(rows, lease);
    }
    if (over.length > 0) {
      await store.forgetLanes(
        over.map(({ voucher }) => voucher),
        lease,
      );
    }
  }

  for (const { voucher, verdict } of judged) {
    if (verdict.is !== "refused") continue;
    log("warn", "voucher quarantined", { lane: voucher.lane, reason: verdict.reason });
    await store.addQuarantine({ ...voucher, reason: verdict.reason, detail: "" }, lease, clock.now());
  }
  for (const row of await store.listQuarantine(ledger)) {
    if (!CURABLE.has(row.reason)) continue;
    const lane = view.lane(row.lane);
    const verdict = judgeVoucher({ ...row, settled: 0n, since: row.at }, lane, view.now);
    if (verdict.is === "due") await store.releaseQuarantine(row);
  }
}
