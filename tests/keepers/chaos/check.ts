import { assert } from "chai";
import type { ChaosReport } from "./scenario.ts";

/** Nothing lost, nothing paid twice, to the exact unit. */
export function checkReport(report: ChaosReport): void {
  const { settled, promised, acknowledged, credited, vault, deposited, spent, outbox } = report;
  assert.deepEqual(settled, promised, "what is settled is not what was promised");
  for (const [lane, cumulative] of acknowledged.entries()) {
    assert.isTrue((settled[lane] ?? 0n) >= cumulative, `lane ${lane} lost what was acknowledged`);
  }
  const total = promised.reduce((sum, cumulative) => sum + cumulative, 0n);
  assert.equal(credited, total, "the ledger was credited something else");
  assert.equal(vault, deposited, "money left the vault though nothing was distributed");

  const landed = outbox.filter(({ state }) => state === "finalized" || state === "failed");
  const fees = landed.reduce((sum, { fee }) => sum + fee, 0n);
  assert.equal(spent, fees, "the fee payer paid for something the outbox doesn't know, or twice");
  assert.deepEqual(report.landedAfterAll, [], "given up, and landed after all");
  assert.deepEqual(
    outbox.filter(({ state }) => state === "prepared" || state === "sent" || state === "confirmed"),
    [],
    "still in flight",
  );
  assert.deepEqual(
    outbox.filter(({ state }) => state === "failed").map(({ reason }) => reason),
    [],
    "failed on chain",
  );
  checkOncePerVoucher(report);
}

/** No voucher is in two transactions that landed: each fee bought something new. */
function checkOncePerVoucher({ outbox }: ChaosReport): void {
  const seen = new Map<string, number>();
  for (const { state, vouchers } of outbox) {
    if (state !== "finalized") continue;
    for (const { lane, cumulative } of vouchers) {
      const key = `${lane}/${cumulative}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
  }
  const twice = [...seen].filter(([, count]) => count > 1).map(([key]) => key);
  assert.deepEqual(twice, [], "settled in two transactions");
}

export function describeReport({ outbox, blows, undone, refusals, seconds, settled }: ChaosReport): string {
  const states = Object.entries(Object.groupBy(outbox, ({ state }) => state)).map(
    ([state, rows]) => `${rows?.length} ${state}`,
  );
  const total = settled.reduce((sum, amount) => sum + amount, 0n);
  return `${total} micro-IU in ${seconds.toFixed(0)} s; transactions: ${states.join(", ")}; undone by forks: ${undone}; refused by the gateway: ${JSON.stringify(refusals)}; blows: ${JSON.stringify(blows)}`;
}
