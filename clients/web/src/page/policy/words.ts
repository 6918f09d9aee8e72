import type { DecisionSnapshot, TargetSnapshot, TargetState } from "../../policy-snapshot.ts";

export const STATES: readonly TargetState[] = ["healthy", "recovering", "degraded", "disabled"];

/** What a state means to who routes by it. */
export const MEANING: Readonly<Record<TargetState, string>> = {
  healthy: "asked as usual",
  recovering: "asked a growing share",
  degraded: "asked after the healthy ones",
  disabled: "asked last",
};

/** Class of its chip. */
export const toneOf = (state: TargetState): string =>
  ({ healthy: "good", recovering: "recovering", degraded: "busy", disabled: "bad" })[state];

/** Class of a decision's chip: what went wrong, who is left, who is on the way back, what is whole again. */
export function toneOfDecision({ kind, to }: Pick<DecisionSnapshot, "kind" | "to">): string {
  if (kind === "policy") return toneOf(STATES.find((state) => state === to) ?? "degraded");
  if (kind === "eject" || kind === "fallback") return "bad";
  if (kind === "switch") return "busy";
  if (kind === "return") return "recovering";
  return kind === "ramp" || kind === "restore" ? "good" : "plain";
}

/** `https://dns.example.org` as `dns.example.org`, `udp://192.0.2.1:53` as it is. */
export const shortName = ({ kind, name }: Pick<TargetSnapshot, "kind" | "name">): string =>
  kind === "gateway" ? name.replace(/^https:\/\//, "") : name;

/** `3 min 20 s`, `2 h 5 min`, `4 d`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts: readonly (readonly [string, number])[] = [
    ["d", 86_400],
    ["h", 3_600],
    ["min", 60],
    ["s", 1],
  ];
  const first = parts.findIndex(([, size]) => whole >= size);
  if (first === -1) return "0 s";
  const [unit, size] = parts[first] as readonly [string, number];
  const second = parts[first + 1];
  const rest = second === undefined ? 0 : Math.floor((whole % size) / second[1]);
  return `${Math.floor(whole / size)} ${unit}${rest === 0 ? "" : ` ${rest} ${second?.[0]}`}`;
}
