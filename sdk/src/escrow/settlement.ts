import { type AddressLike, type Deployment, SYSTEM_PROGRAM, toAddress } from "../address.ts";
import { batchOf, RECORD_LENGTH } from "../record.ts";
import { computeBudgetInstructions, MAX_COMPUTE_UNITS, priorityFee } from "../transaction/budget.ts";
import {
  sizeLimitOf,
  type TransactionParts,
  type TransactionVersion,
  transactionSize,
} from "../transaction/transaction.ts";
import type { SignedVoucher } from "../voucher.ts";
import { settle } from "./ledger.ts";

/** Compute units a voucher costs at most, and a batch besides. */
export const SETTLE_UNITS_PER_VOUCHER = 14_500;
export const SETTLE_UNITS_BASE = 5_000;
/** Bytes of accounts and programs a settlement may load: a ledger of 65 535 rows (6 MiB) and the program. */
export const SETTLE_LOADED_LIMIT = 8 * 1024 * 1024;

/** How a settlement pays for its place. */
export interface SettleFee {
  /** Compute units; for a v1 transaction settleUnits of the batch if left out, for others the runtime's default. */
  readonly unitLimit?: number;
  /** Price of a unit in millionths of a lamport; 0 if left out. */
  readonly unitPrice?: bigint;
}

/** What a settlement transaction is made of. */
export interface SettleInput {
  readonly deployment: Pick<Deployment, "escrow">;
  readonly ledger: AddressLike;
  /** Vouchers of one ledger, in the order to settle; expiry days at most 255 apart. */
  readonly vouchers: readonly SignedVoucher[];
  readonly payer: AddressLike;
  readonly blockhash: AddressLike;
  readonly version: TransactionVersion;
  readonly fee?: SettleFee;
}

/** Compute units to ask for when settling `count` vouchers, before a simulation says better. */
export function settleUnits(count: number): number {
  return Math.min(MAX_COMPUTE_UNITS, SETTLE_UNITS_BASE + count * SETTLE_UNITS_PER_VOUCHER);
}

/**
 * The transaction that settles these vouchers, for signTransaction. In v1 the budget is part of the header, in other
 * versions it costs instructions, and so room.
 * @throws settle-empty, settle-span, amount errors, integer-range, address-invalid
 */
export function buildSettleTransaction(input: SettleInput): TransactionParts {
  const { deployment, ledger, vouchers, payer, blockhash, version, fee = {} } = input;
  const instruction = settle({ deployment, ledger, batch: batchOf(vouchers) });
  if (version !== 1)
    return { version, payer, blockhash, instructions: [...computeBudgetInstructions(fee), instruction] };
  const computeUnitLimit = fee.unitLimit ?? settleUnits(vouchers.length);
  const config = {
    computeUnitLimit,
    loadedAccountsLimit: SETTLE_LOADED_LIMIT,
    ...(fee.unitPrice === undefined ? {} : { priorityFee: priorityFee(computeUnitLimit, fee.unitPrice) }),
  };
  return { version, payer, blockhash, instructions: [instruction], config };
}

/**
 * How many vouchers one settlement transaction of this version holds, by size and by compute units.
 * @example vouchersPerTransaction('legacy') // 13
 * @example vouchersPerTransaction(1) // 52
 */
export function vouchersPerTransaction(version: TransactionVersion, fee: SettleFee = {}): number {
  const limit = sizeLimitOf(version);
  const estimate = Math.floor((limit - sizeOf(1, version, fee)) / RECORD_LENGTH) + 1;
  const bySize = sizeOf(estimate, version, fee) <= limit ? estimate : estimate - 1;
  const byUnits = Math.floor((MAX_COMPUTE_UNITS - SETTLE_UNITS_BASE) / SETTLE_UNITS_PER_VOUCHER);
  return Math.min(bySize, byUnits);
}

/** Cuts vouchers of one ledger, in their order, into batches that each fit one transaction. */
export function packVouchers(
  vouchers: readonly SignedVoucher[],
  version: TransactionVersion,
  fee: SettleFee = {},
): SignedVoucher[][] {
  const most = vouchersPerTransaction(version, fee);
  const batches: SignedVoucher[][] = [];
  let days: number[] = [];
  for (const voucher of vouchers) {
    const batch = batches.at(-1);
    days.push(voucher.expiryDay);
    if (batch === undefined || batch.length === most || Math.max(...days) - Math.min(...days) > 0xff) {
      batches.push([voucher]);
      days = [voucher.expiryDay];
    } else batch.push(voucher);
  }
  return batches;
}

function sizeOf(count: number, version: TransactionVersion, fee: SettleFee): number {
  // Any distinct addresses will do: only the length is asked for.
  const filler = (byte: number) => new Uint8Array(32).fill(byte);
  const vouchers = Array.from({ length: count }, () => ({
    ledger: filler(1),
    lane: 0,
    generation: 1,
    expiryDay: 0,
    cumulative: 0n,
    signature: new Uint8Array(64),
  }));
  return transactionSize(
    buildSettleTransaction({
      deployment: { escrow: filler(2) },
      ledger: filler(1),
      vouchers,
      payer: filler(3),
      blockhash: toAddress(SYSTEM_PROGRAM),
      version,
      fee,
    }),
  );
}
