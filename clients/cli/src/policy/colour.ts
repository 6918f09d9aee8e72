import { styleText } from "node:util";
import type { DecisionKind } from "@tolldns/policy/log/types";
import type { TargetState } from "@tolldns/sdk/policy";

/** Columns that a state or a kind of decision takes. */
const WIDTH = 10;

const STATES = { healthy: "green", recovering: "blue", degraded: "yellow", disabled: "red" } as const;

const KINDS: Partial<Record<DecisionKind, "green" | "blue" | "yellow" | "red">> = {
  eject: "red",
  fallback: "red",
  switch: "yellow",
  policy: "yellow",
  return: "blue",
  restore: "green",
  ramp: "green",
};

/** A state in its column; coloured on a terminal, unless NO_COLOR is set. */
export const stateColumn = (state: TargetState): string => styleText(STATES[state], state.padEnd(WIDTH));

/** Same for a kind of decision: red for what went wrong, blue for who is on the way back, green for what is whole again. */
export function kindColumn(kind: DecisionKind): string {
  const colour = KINDS[kind];
  const text = kind.padEnd(WIDTH);
  return colour === undefined ? text : styleText(colour, text);
}
