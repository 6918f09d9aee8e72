import type { PolicyState } from "../scenario/scenario.ts";

/** Transitions of targets during a run, from the program's events. */
export interface OnChain {
  readonly transitions: readonly {
    readonly target: string;
    readonly from: PolicyState;
    readonly to: PolicyState;
    /** Milliseconds from the fault to the end of the window that decided it. */
    readonly afterMs: number;
  }[];
  /** Where they are not those expected. */
  readonly missed: readonly string[];
}
