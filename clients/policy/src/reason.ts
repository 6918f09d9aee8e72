import type { Ranked } from "./decide.ts";
import { type Settings, TIER } from "./types.ts";

/** `12 %`, `0.5 %`. */
export function percent(share: number): string {
  const value = share * 100;
  return `${value >= 10 || Number.isInteger(value) ? Math.round(value) : value.toFixed(1)} %`;
}

/** `1.5 s` from milliseconds. */
export function seconds(ms: number): string {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}

/** `12 ms`, `0.4 ms`. */
export function millis(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

const WHERE = ["", ", the upstream quorum", ", a centralised upstream", ", the stale cache"] as const;

/** How one does, in numbers. */
export function describe({ candidate, score }: Ranked): string {
  const { measured, tier } = candidate;
  if (tier === TIER.STALE) return "expired answers are kept for this";
  const where = WHERE[tier];
  if (measured.answers === 0) return `not asked yet${where}`;
  const lost = measured.disagreement > 0.005 ? `, ${percent(measured.disagreement)} contradicted` : "";
  return `${millis(measured.latencyMs)}, ${percent(measured.success)} good${lost}, score ${Math.round(score)}${where}`;
}

/** Why one is the last resort, as a clause. */
export function aboutLastResort(one: Ranked): string {
  return one.rule === "disabled" ? aboutLeft(one) : `it ${one.candidate.measured.because}`;
}

/** Why one isn't taken any more, as a clause. */
export function aboutLeft({ candidate, rule, shareBps }: Ranked, settings?: Settings): string {
  const { policy, measured } = candidate;
  const age =
    policy === null || !Number.isFinite(policy.age) ? "of unknown age" : `${Math.round(policy.age)} s old`;
  switch (rule) {
    case "ejected":
      return `it ${measured.because}`;
    case "disabled":
      return `policy calls it DISABLED (${age}), and ${Math.round(measured.goodPerMinute)} good answers a minute here are too few against that${settings === undefined ? "" : ` (${settings.trusted})`}`;
    case "degraded":
      return `policy calls it ${policy?.state ?? "DEGRADED"} (${age})`;
    case "quota":
      return `it is over its quota for ${seconds(candidate.quotaWait * 1000)} more`;
    case "ramp":
      return `its ramp leaves it ${percent(shareBps / 10_000)} of questions`;
    default:
      return "another comes before it";
  }
}
