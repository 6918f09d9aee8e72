import type { Run } from "../scenario/play.ts";
import type { PolicyState } from "../scenario/scenario.ts";
import type { World } from "../world/world.ts";

/** Transitions of targets during a run, from the program's events. */
export interface OnChain {
  readonly transitions: readonly {
    /** Name as the lab has it. */
    readonly target: string;
    readonly from: PolicyState;
    readonly to: PolicyState;
    /** Milliseconds from the fault (back to HEALTHY and RECOVERING: from the mending) until the lab heard of it. */
    readonly afterMs: number;
  }[];
  /** Where they are not those expected. */
  readonly missed: readonly string[];
}

/** What the chain said from the fault on; null in a world without verifiers. */
export function onChainOf(world: World, run: Run): OnChain | null {
  if (world.policy === null) return null;
  const { scenario, preferred, faultAt, healedAt, endedAt } = run;
  const moved = world.policy.moved.filter(({ heardAt }) => heardAt >= faultAt && heardAt <= endedAt);
  const transitions = moved.map(({ backend, from, to, heardAt }) => {
    const isBack = (to === "HEALTHY" || to === "RECOVERING") && heardAt >= healedAt;
    return { target: backend, from, to, afterMs: heardAt - (isBack ? healedAt : faultAt) };
  });
  const { transitions: expected } = scenario.expect;
  if (expected === undefined) return { transitions, missed: [] };
  const nameOf = (target: string) => {
    const name = target.slice("backend:".length);
    return name === "preferred" ? preferred.backend : name;
  };
  const want = expected.map(({ target, to }) => `${nameOf(target)} ${to}`).join(", ");
  const got = transitions.map(({ target, to }) => `${target} ${to}`).join(", ");
  return { transitions, missed: want === got ? [] : [`on chain "${got}" instead of "${want}"`] };
}
