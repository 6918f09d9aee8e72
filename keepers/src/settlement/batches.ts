import type { UnsettledVoucher } from "@tolldns/store";
import type { SettlementPolicy } from "./options.ts";

/** A voucher that can be settled. */
export interface Candidate {
  readonly voucher: UnsettledVoucher;
  /** Micro-IU it adds. */
  readonly worth: bigint;
  /** A close or revocation is pending on its lane. */
  readonly pending: boolean;
  /** Unix seconds at which it becomes worthless. */
  readonly until: bigint;
}

export type BatchPolicy = Pick<
  SettlementPolicy,
  "maxAgeSeconds" | "minWorth" | "expiryMarginSeconds" | "lamportsPerIndexUnit" | "maxRows"
>;

export interface BatchPlan {
  readonly batches: readonly (readonly Candidate[])[];
  /** Rows that would have gone but aren't worth the fee of a transaction. */
  readonly notWorthIt: readonly Candidate[];
}

/** The span of expiry days one batch can express. */
const MAX_SPAN = 255;

/** Smaller is more pressing; what is only rich enough to ride along never makes a transaction by itself. */
const PENDING = 0;
const EXPIRING = 1;
const DUE = 2;
const RIDING = 3;

function pressOf(row: Candidate, now: bigint, policy: BatchPolicy): number {
  if (row.pending) return PENDING;
  if (row.until - now <= BigInt(Math.ceil(policy.expiryMarginSeconds))) return EXPIRING;
  const age = now - BigInt(row.voucher.since);
  if (row.worth >= policy.minWorth || age >= BigInt(Math.ceil(policy.maxAgeSeconds))) return DUE;
  return RIDING;
}

/** What micro-IU are worth in lamports, rounded down. */
export function lamportsOf(amount: bigint, policy: Pick<SettlementPolicy, "lamportsPerIndexUnit">): bigint {
  return (amount * policy.lamportsPerIndexUnit) / 1_000_000n;
}

/**
 * Which vouchers go into which transaction, most pressing first, at most `room` transactions of `policy.maxRows`. Places left
 * over go to the richest of the rest, which then cost no transaction of their own. A batch that is worth less than `fee` of its
 * size is left out. `now` is the chain's time in Unix seconds. Pure.
 */
export function fillBatches(
  candidates: readonly Candidate[],
  now: bigint,
  policy: BatchPolicy,
  fee: (rows: number) => bigint,
  room: number,
): BatchPlan {
  const byWorth = (a: Candidate, b: Candidate) => compare(b.worth, a.worth);
  const press = new Map(candidates.map((row) => [row, pressOf(row, now, policy)]));
  const pressing = candidates
    .filter((row) => press.get(row) !== RIDING)
    .sort((a, b) => {
      const [left = 0, right = 0] = [press.get(a), press.get(b)];
      if (left !== right) return left - right;
      return (left === DUE ? 0 : compare(a.until, b.until)) || byWorth(a, b);
    });

  const batches: Candidate[][] = [];
  const notWorthIt: Candidate[] = [];
  let rest = pressing;
  while (rest.length > 0 && batches.length < room) {
    const batch = takeBatch(rest, policy.maxRows);
    const taken = new Set(batch);
    rest = rest.filter((row) => !taken.has(row));
    // The last one may be worth its fee only with riders, so it is judged after they are on.
    if (rest.length === 0) {
      const riders = [...notWorthIt, ...candidates.filter((row) => press.get(row) === RIDING)].sort(byWorth);
      const filled = takeBatch([...batch, ...riders], policy.maxRows);
      for (const row of filled) {
        const index = notWorthIt.indexOf(row);
        if (index >= 0) notWorthIt.splice(index, 1);
      }
      batch.splice(0, batch.length, ...filled);
    }
    const worth = batch.reduce((sum, row) => sum + row.worth, 0n);
    if (lamportsOf(worth, policy) < fee(batch.length)) {
      notWorthIt.push(...batch.filter((row) => press.get(row) !== RIDING));
    } else {
      batches.push(batch);
    }
  }
  return { batches, notWorthIt };
}

/** The first rows, in order, whose expiry days one transaction can express. */
function takeBatch(rows: readonly Candidate[], maxRows: number): Candidate[] {
  const batch: Candidate[] = [];
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    if (batch.length === maxRows) break;
    const day = row.voucher.expiryDay;
    if (Math.max(last, day) - Math.min(first, day) > MAX_SPAN) continue;
    first = Math.min(first, day);
    last = Math.max(last, day);
    batch.push(row);
  }
  return batch;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
