/** Lamports the cluster takes for a signature. */
export const SIGNATURE_FEE = 5_000n;
/** Compute units a transaction may use at most. */
export const MAX_COMPUTE_UNITS = 1_400_000;

/** Compute limit for what a simulation used: a tenth above, since the chain moves on until it lands. */
export function chooseComputeLimit(unitsConsumed: number): number {
  return Math.min(MAX_COMPUTE_UNITS, Math.ceil(unitsConsumed * 1.1) + 500);
}

/**
 * Price to offer, micro-lamports a compute unit: that percentile of what was recently paid for the same accounts, capped.
 * `recent` as `getRecentPrioritizationFees` answers it; empty means nobody pays anything.
 */
export function choosePrice(
  recent: readonly { readonly prioritizationFee: number }[],
  percentile: number,
  maxPrice: number,
): number {
  const sorted = recent.map((row) => row.prioritizationFee).sort((a, b) => a - b);
  const index = Math.min(sorted.length - 1, Math.floor(sorted.length * percentile));
  return Math.min(maxPrice, Math.max(0, sorted[index] ?? 0));
}

/** Lamports of a transaction with one signature. `price` in micro-lamports a compute unit. */
export function transactionFee(computeLimit: number, price: number): bigint {
  const micro = BigInt(computeLimit) * BigInt(Math.ceil(price));
  return SIGNATURE_FEE + (micro + 999_999n) / 1_000_000n;
}
