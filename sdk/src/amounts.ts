import { type ErrorTable, errorsOf } from "./errors.ts";

/** Digits after the point of an Index Unit: 1 IU = 1 000 000 micro-IU. */
export const IU_DECIMALS = 6;
/** Micro-IU in one Index Unit. */
export const MICRO_PER_IU = 1_000_000n;
/** Largest amount anything in the protocol may hold, in micro-IU: what fits the 7 bytes of a settlement record. */
export const MAX_AMOUNT = (1n << 56n) - 1n;

/** Context of each amount error. */
export interface AmountErrors {
  "amount-not-bigint": { field: string; got: string };
  "amount-range": { field: string; got: bigint };
  "amount-text": { text: string };
  "amount-units": { got: number };
}

/** Amount errors, 100-109. */
export const AMOUNT_ERRORS: ErrorTable<AmountErrors> = {
  "amount-not-bigint": {
    number: 100,
    message: "money is not a bigint",
    hint: "Pass micro-IU as a bigint (1_000_000n is one IU); numbers lose units above 2^53.",
  },
  "amount-range": {
    number: 101,
    message: "amount is out of range",
    hint: "Amounts are 0 to 2^56 - 1 micro-IU (about 72 thousand million IU).",
  },
  "amount-text": {
    number: 102,
    message: "text is not an amount of IU",
    hint: "Write digits with at most six after the point, such as 12 or 0.000015.",
  },
  "amount-units": {
    number: 103,
    message: "a count of units is not a whole number",
    hint: "Pass a safe integer or a bigint.",
  },
};

const fail = /* #__PURE__ */ errorsOf(AMOUNT_ERRORS);

/**
 * Returns `value` if it is an amount, else throws.
 * @throws amount-not-bigint, amount-range
 */
export function checkAmount(value: bigint, field = "amount"): bigint {
  if (typeof value !== "bigint") throw fail("amount-not-bigint", { field, got: typeof value });
  if (value < 0n || value > MAX_AMOUNT) throw fail("amount-range", { field, got: value });
  return value;
}

/** Sum of amounts in micro-IU. @throws amount-not-bigint, amount-range when it exceeds MAX_AMOUNT */
export function addAmounts(...values: readonly bigint[]): bigint {
  let sum = 0n;
  for (const value of values) sum = checkAmount(sum + checkAmount(value), "sum");
  return sum;
}

/** `a - b` in micro-IU. @throws amount-not-bigint, amount-range when it would be negative */
export function subtractAmounts(a: bigint, b: bigint): bigint {
  return checkAmount(checkAmount(a) - checkAmount(b), "difference");
}

/** `price * units` in micro-IU; `units` is a count, so a safe integer. @throws amount-not-bigint, amount-range, amount-units */
export function multiplyAmount(price: bigint, units: number | bigint): bigint {
  if (typeof units === "number" && !Number.isSafeInteger(units)) throw fail("amount-units", { got: units });
  return checkAmount(checkAmount(price) * BigInt(units), "product");
}

/**
 * Reads IU as people write them into micro-IU. No sign, no exponent, no grouping.
 * @throws amount-text, amount-range
 * @example parseIu('0.000015') // 15n
 */
export function parseIu(text: string): bigint {
  const match = /^(\d{1,17})(?:\.(\d{1,6}))?$/.exec(text);
  if (match === null) throw fail("amount-text", { text: text.slice(0, 64) });
  const fraction = (match[2] ?? "").padEnd(IU_DECIMALS, "0");
  return checkAmount(BigInt(match[1] as string) * MICRO_PER_IU + BigInt(fraction), "amount");
}

/**
 * Writes micro-IU as IU without trailing zeros.
 * @throws amount-not-bigint, amount-range
 * @example formatIu(15n) // '0.000015'
 */
export function formatIu(micro: bigint): string {
  checkAmount(micro);
  const fraction = (micro % MICRO_PER_IU).toString().padStart(IU_DECIMALS, "0").replace(/0+$/, "");
  const whole = (micro / MICRO_PER_IU).toString();
  return fraction === "" ? whole : `${whole}.${fraction}`;
}
