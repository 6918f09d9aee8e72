import { batchOf } from "@tolldns/sdk";
import { settle, settleUnits, vouchersPerTransaction } from "@tolldns/sdk/escrow";
import { type Instruction, MAX_COMPUTE_UNITS } from "@tolldns/sdk/transaction";
import type { Lease } from "@tolldns/store";
import { fail } from "../errors.ts";
import { priorityOf, SIGNATURE_FEE } from "../runtime/fees.ts";
import { feeOf, type Simulation, type WireVersion } from "../runtime/signing.ts";
import { type Candidate, fillBatches, lamportsOf } from "./batches.ts";
import { bisectRows } from "./bisect.ts";
import { dispatch, type LedgerContext, simulateFor } from "./context.ts";
import type { RefusalReason } from "./judge.ts";
import { reasonOf } from "./reasons.ts";

/** Puts what is due into transactions and sends them, as many as `room`; returns how many. `now` is the chain's time. */
export async function settleDue(
  context: LedgerContext,
  lease: Lease,
  candidates: readonly Candidate[],
  now: bigint,
  price: number,
  room: number,
  signal: AbortSignal,
): Promise<number> {
  const version = await context.wireVersion();
  const fits = vouchersPerTransaction(version, { unitLimit: MAX_COMPUTE_UNITS, unitPrice: BigInt(price) });
  const maxRows = Math.min(context.policy.maxRows, fits);
  const fee = (rows: number) => SIGNATURE_FEE + priorityOf(settleUnits(rows), price);
  const plan = fillBatches(candidates, now, { ...context.policy, maxRows }, fee, room);
  for (const batch of plan.batches) {
    if (signal.aborted) break;
    await settleBatch(context, lease, version, batch, price);
  }
  return plan.batches.length;
}

async function settleBatch(
  context: LedgerContext,
  lease: Lease,
  version: WireVersion,
  batch: readonly Candidate[],
  price: number,
): Promise<void> {
  const { store, clock, log, policy } = context;
  const { passed, refused } = await bisectRows<
    Candidate,
    Simulation,
    { reason: RefusalReason; text: string }
  >(batch, async (rows) => {
    const simulation = await simulateFor(context, version, instructionsOf(context, rows));
    const { error } = simulation;
    if (error === null) return { ok: true, good: simulation };
    const reason = reasonOf(error);
    if (reason === null) throw fail("simulation-failed", { error: error.text });
    return { ok: false, bad: { reason, text: error.text } };
  });
  for (const { row, bad } of refused) {
    log("warn", "voucher quarantined", { lane: row.voucher.lane, reason: bad.reason });
    await store.addQuarantine({ ...row.voucher, reason: bad.reason, detail: bad.text }, lease, clock.now());
  }
  if (passed === null) return;
  const amount = passed.rows.reduce((sum, row) => sum + row.worth, 0n);
  if (lamportsOf(amount, policy) < feeOf(passed.good, price)) {
    log("info", "not worth the fee", { payers: passed.rows.length, amount });
    return;
  }
  const vouchers = passed.rows.map((row) => row.voucher);
  const what = { kind: "settle", vouchers, amount };
  await dispatch(context, lease, what, version, instructionsOf(context, passed.rows), passed.good, price);
}

function instructionsOf(context: LedgerContext, rows: readonly Candidate[]): Instruction[] {
  const { escrow, ledger } = context;
  return [settle({ deployment: { escrow }, ledger, batch: batchOf(rows.map((row) => row.voucher)) })];
}
