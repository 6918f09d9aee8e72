import { checkAmount } from "./amounts.ts";
import { type ErrorTable, errorsOf } from "./errors.ts";

/** Basis points of the whole. */
export const BASIS_POINTS = 10_000;

/** Who gets what of a credit, in basis points; they add up to 10 000. */
export interface Split {
  readonly operatorBps: number;
  readonly namesBps: number;
  readonly treasuryBps: number;
}

/** Shares of one distribution, micro-IU. They add up to what was distributed. */
export interface Shares {
  readonly operator: bigint;
  readonly names: bigint;
  readonly treasury: bigint;
}

/** Context of each split error. */
export interface SplitErrors {
  "split-sum": { sum: number };
}

/** Split errors, 160-169. */
export const SPLIT_ERRORS: ErrorTable<SplitErrors> = {
  "split-sum": {
    number: 160,
    message: "the split is not three whole shares of 10 000 basis points",
    hint: "Make the three shares add up to exactly 10 000.",
  },
};

const fail = /* #__PURE__ */ errorsOf(SPLIT_ERRORS);

/** Returns `split` if its shares are whole, not negative and add up to 10 000. @throws split-sum */
export function checkSplit(split: Split): Split {
  const shares = [split.operatorBps, split.namesBps, split.treasuryBps];
  const sum = shares.reduce((a, b) => a + b, 0);
  if (sum !== BASIS_POINTS || shares.some((bps) => !Number.isInteger(bps) || bps < 0))
    throw fail("split-sum", { sum });
  return split;
}

/** Splits `amount` as `distribute` does: floor to operator and names, the rest to the treasury. @throws split-sum, amount errors */
export function splitAmount(amount: bigint, split: Split): Shares {
  checkSplit(split);
  const share = (bps: number) => (checkAmount(amount) * BigInt(bps)) / BigInt(BASIS_POINTS);
  const operator = share(split.operatorBps);
  const names = share(split.namesBps);
  return { operator, names, treasury: amount - operator - names };
}
