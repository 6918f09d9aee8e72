import type { Operator } from "./account.ts";

const WHOLE_BPS = 10_000n;

/** What shares are worth in a pool, base units, rounded down. */
export function worthOf(operator: Pick<Operator, "pool" | "shares">, shares: bigint): bigint {
  return operator.shares === 0n ? 0n : (shares * operator.pool) / operator.shares;
}

/** Shares that a deposit gets, rounded down; undefined if the pool was slashed to nothing and takes none. */
export function sharesFor(operator: Pick<Operator, "pool" | "shares">, amount: bigint): bigint | undefined {
  if (operator.shares === 0n) return amount;
  return operator.pool === 0n ? undefined : (amount * operator.shares) / operator.pool;
}

/** What a position's shares count in a tier of `weightBps`, rounded down. */
export function weightedOf(shares: bigint, weightBps: number): bigint {
  return (shares * BigInt(weightBps)) / WHOLE_BPS;
}

/** What an operator weighs now: what a sync would write into the tree. `leastSelfStake` is the configuration's. */
export function weightOf(
  operator: Pick<Operator, "pool" | "shares" | "weighted" | "selfShares" | "jailed" | "retired" | "witness">,
  leastSelfStake: bigint,
): bigint {
  const { pool, shares, weighted, selfShares, jailed, retired, witness } = operator;
  if (jailed || retired || witness === undefined || shares === 0n) return 0n;
  return worthOf(operator, selfShares) < leastSelfStake ? 0n : (pool * weighted) / shares;
}
