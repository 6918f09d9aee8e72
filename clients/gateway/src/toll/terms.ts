import { MAX_UNITS } from "@tolldns/sdk";
import { gatewayError } from "../errors.ts";
import type { TollTerms } from "../options.ts";

/** Terms with every default filled in. */
export interface Terms {
  readonly tickPrice: bigint;
  readonly classes: { readonly standard: number; readonly dnssec?: number };
  readonly k: number;
  readonly t: number;
  readonly maxUnits: number;
  readonly expiryDays: { readonly min: number; readonly max: number };
  readonly sessionSeconds: number;
}

/** Fills in defaults. @throws option-range */
export function completeTerms(given: TollTerms): Terms {
  const terms: Terms = {
    tickPrice: given.tickPrice,
    classes: given.classes ?? { standard: 1 },
    k: given.k ?? 256,
    t: given.t ?? 60,
    maxUnits: given.maxUnits ?? 65_536,
    expiryDays: given.expiryDays ?? { min: 2, max: 30 },
    sessionSeconds: given.sessionSeconds ?? 86_400,
  };
  if (typeof terms.tickPrice !== "bigint" || terms.tickPrice < 1n || terms.tickPrice > 1n << 40n)
    throw gatewayError("option-range", "terms.tickPrice is 1 to 2^40 micro-IU");
  checkWhole("terms.k", terms.k, 1, 4096);
  checkWhole("terms.t", terms.t, 1, 86_400);
  checkWhole("terms.maxUnits", terms.maxUnits, 1, MAX_UNITS);
  checkWhole("terms.sessionSeconds", terms.sessionSeconds, 1, 30 * 86_400);
  checkWhole("terms.expiryDays.min", terms.expiryDays.min, 0, 3650);
  checkWhole("terms.expiryDays.max", terms.expiryDays.max, terms.expiryDays.min, 3650);
  // A class dearer than the debt allowed, or than the window is wide, could never be paid.
  for (const [name, units] of Object.entries(terms.classes))
    checkWhole(`terms.classes.${name}`, units as number, 1, Math.min(terms.k, 64));
  return terms;
}

function checkWhole(name: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max)
    throw gatewayError("option-range", `${name} is a whole number from ${min} to ${max}`);
}
