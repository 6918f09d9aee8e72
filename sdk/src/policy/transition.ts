/** Twin of programs/core/src/policy/transition.rs, held to it by tests/vectors/policy.json. Told in docs/reference/policy.md. */
import { findBadWindow, POLICY_REFUSALS, type PolicyRefusal, type PolicyTerms } from "./terms.ts";

/** States by number; 0 is none. */
export const TARGET_STATES = [undefined, "healthy", "degraded", "disabled", "recovering"] as const;
/** May it be asked? */
export type TargetState = Exclude<(typeof TARGET_STATES)[number], undefined>;

/** Verdicts by number. */
export const VERDICTS = ["unknown", "clean", "poor", "bad"] as const;
/** What a quorum said of a window. */
export type Verdict = (typeof VERDICTS)[number];

/** Windows in a row, up to now. `poor` counts the bad ones too. */
export interface Runs {
  readonly poor: number;
  readonly bad: number;
  readonly clean: number;
}

/** What is kept of a target. Times in Unix seconds. */
export interface Standing {
  readonly state: TargetState;
  /** When it came into this state: the end of the window that moved it, or its registration. */
  readonly since: bigint;
  readonly runs: Runs;
  /** Begin of the last window judged; 0 before the first. */
  readonly judged: bigint;
  readonly verdict: Verdict;
  /** How often the state has changed. */
  readonly transitions: bigint;
}

/** A change of state, at the end of the window that made it. */
export interface Transition {
  readonly from: TargetState;
  readonly to: TargetState;
  readonly at: bigint;
}

/** A way from states to a state. */
export interface TransitionRow {
  readonly from: readonly TargetState[];
  readonly to: TargetState;
  readonly run: keyof Runs;
  readonly after: "degradeAfter" | "disableAfter" | "recoverAfter" | "restoreAfter";
}

/** Every way there is; the first row that fits is taken, once `dwell` is over. */
export const TRANSITIONS: readonly TransitionRow[] = [
  { from: ["healthy", "degraded", "recovering"], to: "disabled", run: "bad", after: "disableAfter" },
  { from: ["healthy", "recovering"], to: "degraded", run: "poor", after: "degradeAfter" },
  { from: ["degraded", "disabled"], to: "recovering", run: "clean", after: "recoverAfter" },
  { from: ["recovering"], to: "healthy", run: "clean", after: "restoreAfter" },
];

const NO_RUNS: Runs = { poor: 0, bad: 0, clean: 0 };
/** A run is counted in a byte. */
const MOST = 255;

/** A target nobody has judged yet, registered at this second. */
export function newStanding(now: bigint): Standing {
  return { state: "healthy", since: now, runs: NO_RUNS, judged: 0n, verdict: "unknown", transitions: 0n };
}

/** Counts a window that follows the last one: its runs grow, the others end. */
export function countRuns({ poor, bad, clean }: Runs, verdict: Verdict): Runs {
  const more = (run: number): number => Math.min(run + 1, MOST);
  switch (verdict) {
    case "unknown":
      return NO_RUNS;
    case "clean":
      return { ...NO_RUNS, clean: more(clean) };
    case "poor":
      return { ...NO_RUNS, poor: more(poor) };
    case "bad":
      return { ...NO_RUNS, poor: more(poor), bad: more(bad) };
  }
}

/**
 * Judges the window that began at `begin` under terms set at `from`, Unix seconds: what `judge` of the program does to a target. Windows are judged in order; one that was
 * left out ends all runs, as new terms do.
 *
 * @example
 * const result = stepTarget(newStanding(now), begin, "bad", DEFAULT_POLICY_TERMS, 0n);
 * if ("standing" in result) console.log(result.standing.state, result.transition);
 */
export function stepTarget(
  standing: Standing,
  begin: bigint,
  verdict: Verdict,
  terms: PolicyTerms,
  from: bigint,
):
  | { readonly standing: Standing; readonly transition: Transition | undefined }
  | { readonly refused: PolicyRefusal } {
  const { state, since, judged, transitions } = standing;
  const bad = findBadWindow(terms, begin, from);
  if (bad !== undefined) return { refused: bad };
  if (begin <= judged) return { refused: POLICY_REFUSALS.passed };
  const isInARow = judged >= from && judged + BigInt(terms.window) === begin;
  const runs = countRuns(isInARow ? standing.runs : NO_RUNS, verdict);
  const at = begin + BigInt(terms.window);
  const hasDwelt = at >= since + BigInt(terms.dwell);
  const row = TRANSITIONS.find((row) => row.from.includes(state) && runs[row.run] >= terms[row.after]);
  const stays: Standing = { state, since, runs, judged: begin, verdict, transitions };
  if (!hasDwelt || row === undefined) return { standing: stays, transition: undefined };
  return {
    standing: { ...stays, state: row.to, since: at, transitions: transitions + 1n },
    transition: { from: state, to: row.to, at },
  };
}

/**
 * What part of its questions a RECOVERING target gets after so many clean windows in a row, basis points: one step at first, all at `restoreAfter`.
 *
 * @example
 * shareOf(5, DEFAULT_POLICY_TERMS); // 3750
 */
export function shareOf(clean: number, terms: Pick<PolicyTerms, "recoverAfter" | "restoreAfter">): number {
  const step = (after: number): number => Math.max(after - terms.recoverAfter, 0) + 1;
  return Math.floor((10_000 * step(Math.min(clean, terms.restoreAfter))) / step(terms.restoreAfter));
}
