import { CliError } from "../errors.ts";

/** The native token has nine decimals. */
const UNIT = 1_000_000_000n;

/** Base units of an amount such as `50000` or `0.5`. @throws CliError usage */
export function parseNative(text: string): bigint {
  const match = /^(\d{1,12})(?:\.(\d{1,9}))?$/.exec(text);
  const amount =
    match === null ? 0n : BigInt(match[1] as string) * UNIT + BigInt((match[2] ?? "").padEnd(9, "0"));
  if (amount > 0n) return amount;
  throw new CliError(
    "usage",
    `${JSON.stringify(text)} is not an amount`,
    "Write native tokens with at most nine decimals, such as 50000 or 0.5.",
  );
}

/** An amount as people read it. */
export function formatNative(units: bigint): string {
  const rest = (units % UNIT).toString().padStart(9, "0").replace(/0+$/, "");
  return `${units / UNIT}${rest === "" ? "" : `.${rest}`}`;
}
