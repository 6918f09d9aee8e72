import { gatewayError } from "../errors.ts";
import type { AbuseLimits } from "../options.ts";

const DEFAULTS: Required<AbuseLimits> = {
  clientRate: 1_000,
  clientBurst: 2_000,
  laneRate: 50_000,
  laneBurst: 100_000,
  freeRate: 20,
  paymentRate: 20,
  responseRate: 20,
  slip: 2,
  maxSessions: 20_000,
  maxInFlight: 4_096,
  maxInFlightPerClient: 256,
  maxConnections: 10_000,
};

/** Limits with every default filled in. @throws option-range */
export function completeLimits(given: AbuseLimits): Required<AbuseLimits> {
  const limits = { ...DEFAULTS, ...given };
  for (const [name, value] of Object.entries(limits))
    if (!Number.isFinite(value) || value < (name === "slip" ? 0 : 1))
      throw gatewayError("option-range", `limits.${name} is a number of at least 1`);
  return limits;
}
