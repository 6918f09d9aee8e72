import { EdgeError, type EdgeErrorCode } from "../errors.ts";
import type { SpendLimits } from "../options.ts";
import type { SpendWindows } from "./windows.ts";

/** What one question of a program has cost so far, all attempts and hedges together. */
export interface QueryBudget {
  spent: bigint;
}

export function createQueryBudget(): QueryBudget {
  return { spent: 0n };
}

/** The user's limits over what was spent. Touches nothing but the windows it is given. Amounts in micro-IU. */
export interface SpendPolicy {
  readonly limits: SpendLimits;
  /**
   * The limit that forbids a toll of `cost`, of which `fresh` was not counted before, or null. Equal to a limit is within it.
   */
  refusal(cost: bigint, fresh: bigint, budget: QueryBudget): EdgeErrorCode | null;
  /** Counts it. @throws EdgeError limit-query, limit-hour, limit-day; nothing is counted then */
  spend(cost: bigint, fresh: bigint, budget: QueryBudget): void;
  /** Is a unit at this price acceptable at all? */
  acceptsPrice(tickPrice: bigint): boolean;
}

export function createSpendPolicy(limits: SpendLimits, windows: SpendWindows): SpendPolicy {
  const refusal = (cost: bigint, fresh: bigint, budget: QueryBudget): EdgeErrorCode | null => {
    if (cost < 0n || fresh < 0n) throw new RangeError("a toll is never negative");
    if (budget.spent + cost > limits.perQuery) return "limit-query";
    if (fresh === 0n) return null;
    if (windows.hour() + fresh > limits.perHour) return "limit-hour";
    if (windows.day() + fresh > limits.perDay) return "limit-day";
    return null;
  };
  return {
    limits,
    refusal,
    spend(cost, fresh, budget) {
      const code = refusal(cost, fresh, budget);
      if (code !== null) throw new EdgeError(code, describeLimit(code, limits, windows));
      windows.add(fresh);
      budget.spent += cost;
    },
    acceptsPrice: (tickPrice) => tickPrice > 0n && tickPrice <= limits.priceCeiling,
  };
}

/** The limit and how much of it is used, in micro-IU, as text for status and EDE. */
export function describeLimit(code: EdgeErrorCode, limits: SpendLimits, windows: SpendWindows): string {
  if (code === "limit-hour") return `${windows.hour()} of ${limits.perHour} micro-IU spent this hour`;
  if (code === "limit-day") return `${windows.day()} of ${limits.perDay} micro-IU spent this day`;
  return `at most ${limits.perQuery} micro-IU a query`;
}
