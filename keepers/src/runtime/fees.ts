import { MAX_COMPUTE_UNITS, priorityFee } from "@tolldns/sdk/transaction";

/** Lamports the cluster takes for a signature. */
export const SIGNATURE_FEE = 5_000n;
/** Compute limit for what a simulation used: a tenth above, since the chain moves on until it lands. */
export function chooseComputeLimit(unitsConsumed: number): number {
  return Math.min(MAX_COMPUTE_UNITS, Math.ceil((unitsConsumed * 11) / 10) + 500);
}

/**
 * Price to offer, whole micro-lamports a compute unit: that percentile of what was recently paid for the same accounts, capped.
 * `recent` as `getRecentPrioritizationFees` answers it; empty means nobody pays anything.
 */
export function choosePrice(
  recent: readonly { readonly prioritizationFee: number }[],
  percentile: number,
  maxPrice: number,
): number {
  const sorted = recent.map((row) => row.prioritizationFee).sort((a, b) => a - b);
  const index = Math.min(sorted.length - 1, Math.floor(sorted.length * percentile));
  return Math.ceil(Math.min(maxPrice, Math.max(0, sorted[index] ?? 0)));
}

/** Lamports beyond the signature's. `price` in micro-lamports a compute unit. */
export function priorityOf(computeLimit: number, price: number): bigint {
  return priorityFee(computeLimit, BigInt(price));
}
