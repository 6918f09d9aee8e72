import type { TargetSnapshot, TargetState, TransitionSnapshot } from "../../policy-snapshot.ts";

/** A stretch of time in one state. */
export interface Band {
  readonly state: TargetState;
  /** Unix seconds; the first band is cut at the beginning of what is shown. */
  readonly from: number;
  readonly to: number;
  /** What began it; null if that was before, or never. */
  readonly begunBy: TransitionSnapshot | null;
}

/**
 * The states of a target between two moments, without a gap, oldest first. `transitions` may hold those of other targets, in any order.
 * Before its first known transition a target is in the state that one left.
 */
export function bandsOf(
  target: Pick<TargetSnapshot, "id" | "state">,
  transitions: readonly TransitionSnapshot[],
  from: number,
  to: number,
): Band[] {
  const own = transitions.filter((one) => one.target === target.id).sort((a, b) => a.at - b.at);
  const bands: Band[] = [];
  let state = own[0]?.from ?? target.state;
  let begin = from;
  let begunBy: TransitionSnapshot | null = null;
  for (const transition of own) {
    if (transition.at >= to) break;
    if (transition.at > begin) {
      bands.push({ state, from: begin, to: transition.at, begunBy });
      begin = transition.at;
    }
    state = transition.to;
    // One that began before what is shown is not drawn as a change.
    begunBy = transition.at >= from ? transition : null;
  }
  if (begin < to) bands.push({ state, from: begin, to, begunBy });
  return bands;
}

/** Seconds in each state. */
export function timeIn(bands: readonly Band[]): Readonly<Record<TargetState, number>> {
  const sum = { healthy: 0, recovering: 0, degraded: 0, disabled: 0 };
  for (const { state, from, to } of bands) sum[state] += to - from;
  return sum;
}
