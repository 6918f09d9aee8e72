import { DEFAULT_EJECTION, DEFAULT_SETTINGS, type EjectionSettings, type Settings } from "@tolldns/policy";
import { gatewayError } from "../errors.ts";
import type { ConfirmOptions, FallbackOptions, RouterOptions } from "../options.ts";

/** What the router decides and ejects by. */
export interface RouterSettings {
  readonly decision: Settings;
  readonly ejection: EjectionSettings;
  /** Share of questions that may be asked twice. */
  readonly hedge: number;
}

/** Options with every default filled in. @throws option-range */
export function completeRouter(given: RouterOptions = {}): RouterSettings {
  const { margin, dwell, staleAfter, trusted, ramp, hedge = 0.1, canary } = given;
  const decision = { ...DEFAULT_SETTINGS, ...defined({ margin, dwell, staleAfter, trusted }) };
  for (const [name, value] of Object.entries({ margin, dwell, staleAfter, trusted, ramp }))
    if (value !== undefined && !(Number.isFinite(value) && value >= 0))
      throw gatewayError("option-range", `router.${name} is a number of at least 0`);
  if (!(hedge >= 0 && hedge <= 1)) throw gatewayError("option-range", "router.hedge is a share, 0 to 1");
  if (canary?.intervalMs !== undefined && !(canary.intervalMs >= 100))
    throw gatewayError("option-range", "router.canary.intervalMs is at least 100");
  // A ramp shorter than the dwell would end in a jump from nothing to everything.
  const rampMs = Math.max(ramp ?? DEFAULT_EJECTION.rampMs / 1000, decision.dwell) * 1000;
  return { decision, ejection: { ...DEFAULT_EJECTION, rampMs }, hedge };
}

function defined<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}

/** @throws option-range */
export function checkConfirm(confirm: ConfirmOptions | undefined, operators: number): void {
  if (confirm === undefined) return;
  const { ask, agree, share = 1 } = confirm;
  if (!(1 <= agree && agree <= ask && ask <= operators))
    throw gatewayError("option-range", "confirm: 1 <= agree <= ask <= number of operators");
  if (!(share > 0 && share <= 1))
    throw gatewayError("option-range", "confirm.share is above 0 and at most 1");
}

/** @throws option-range */
export function checkFallback(fallback: FallbackOptions | undefined): void {
  const quorum = fallback?.quorum;
  if (quorum === undefined) return;
  if (!(1 <= quorum.agree && quorum.agree <= quorum.ask && quorum.ask <= quorum.upstreams.length))
    throw gatewayError("option-range", "fallback.quorum: 1 <= agree <= ask <= number of its upstreams");
}
