/*
 * What `decide` looks at and says: docs/reference/router.md. Times are milliseconds of a clock that never goes back, unless a
 * name says otherwise.
 */

import type { PolicyFacts } from "./view/types.ts";

/** In order of fallback. */
export const TIER = { BACKEND: 0, QUORUM: 1, CENTRAL: 2, STALE: 3 } as const;
export type Tier = (typeof TIER)[keyof typeof TIER];

/** Why a candidate is out on own evidence. */
export type EjectionCause = "dead" | "failing" | "disagrees" | "slow";

/** Own measurements of a candidate, as `createMeasure` keeps them. Read in place: no copy is made per question. */
export interface Measured {
  /** `in`; `out` while ejected; `back` while its ramp after an ejection lasts. */
  readonly standing: "in" | "out" | "back";
  /** Set while `out`. */
  readonly cause: EjectionCause | null;
  /** Why it is out, with numbers, as a clause: "answered none of 3 questions in a row". */
  readonly because: string;
  /** Basis points of questions it may take: 0 while out, rising while back, else 10 000. */
  readonly shareBps: number;
  /** Smoothed milliseconds of an answer; 0 before the first. */
  readonly latencyMs: number;
  /** Upper bounds of the quantiles' buckets, milliseconds; 0 before the first answer. */
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** Smoothed share of questions answered well, 0 to 1. */
  readonly success: number;
  /** Smoothed share of comparisons with others that it lost, 0 to 1. */
  readonly disagreement: number;
  readonly failuresInRow: number;
  /** Good answers in the last minute, about. */
  readonly goodPerMinute: number;
  /** Answers, failures, timeouts and lost comparisons since the start. */
  readonly answers: number;
  readonly failures: number;
  readonly timeouts: number;
  readonly disagreements: number;
}

/** One that could be asked. */
export interface Candidate {
  readonly name: string;
  readonly tier: Tier;
  /** Null: the chain says nothing about it. */
  readonly policy: PolicyFacts | null;
  readonly measured: Measured;
  /** Micro-IU a question costs; 0n for nothing. */
  readonly price: bigint;
  /** Seconds until it may be asked again under its quota; 0 while it may. */
  readonly quotaWait: number;
}

/** What was chosen before: hand in the last decision's `choice`. */
export interface Choice {
  readonly name: string;
  /** Since when. */
  readonly since: number;
  /** Who has been better by the margin, and since when. */
  readonly rival: { readonly name: string; readonly since: number } | null;
}

/** Which rule put the first where it is. */
export type Rule =
  | "first"
  | "kept"
  | "better"
  | "ejected"
  | "disabled"
  | "degraded"
  | "ramp"
  | "quota"
  | "tier"
  | "last-resort";

export interface Decision {
  /** All candidates by name, the one to ask first first; empty only if none were given. */
  readonly order: readonly string[];
  /** How many at the head of `order` can be used. After them come those that policy disables, the stale cache, and those that are ejected. */
  readonly usable: number;
  /** To hand in next time; null without candidates. Its name differs from `order[0]` where only this question goes elsewhere (ramp, quota). */
  readonly choice: Choice | null;
  /** The tier of the first; null without candidates. */
  readonly tier: Tier | null;
  /** Milliseconds of silence after which the next in order may be asked too, within the caller's budget. */
  readonly hedgeAfter: number;
  readonly rule: Rule;
  /** One sentence: who was left, who is taken, the rule and its numbers. */
  readonly reason: string;
  /** Does it hold for any random number, so that it may be used until a fact changes? */
  readonly steady: boolean;
}

export interface Settings {
  /** How much better another must be, as a share of the score: 0.2 is a fifth. */
  readonly margin: number;
  /** Seconds it must be better for. */
  readonly dwell: number;
  /** Seconds after which a policy state is stale. */
  readonly staleAfter: number;
  /** Good answers a minute of one's own that outweigh DISABLED. */
  readonly trusted: number;
  /** Milliseconds that a question is worth waiting to save a micro-IU. */
  readonly msPerMicroIu: number;
  /** Milliseconds a failed question costs. */
  readonly failureMs: number;
  /** Bounds of `hedgeAfter`, milliseconds. */
  readonly minHedgeMs: number;
  readonly maxHedgeMs: number;
}

export type Decide = (
  candidates: readonly Candidate[],
  previous: Choice | null,
  now: number,
  settings: Settings,
  /** 0 to 1, drawn for this question: who ramps up takes it if the number is below its share. */
  random: number,
) => Decision;
