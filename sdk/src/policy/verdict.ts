/** Twin of programs/core/src/policy/quorum.rs, held to it by tests/vectors/policy.json. */
import { MAX_SEATS, type PolicyTerms } from "./terms.ts";
import type { Verdict } from "./transition.ts";

const WHOLE_BPS = 10_000n;

/** What a verdict needs to know of a seat. Region and network are the ordinals of theirs among the roster's. */
export interface VerdictSeat {
  readonly weight: bigint;
  readonly region: number;
  readonly network: number;
  readonly struck: boolean;
}

/** Who reported what, a bit a seat; no seat is in two. `poor` is without the bad ones. */
export interface Masks {
  readonly clean: bigint;
  readonly poor: bigint;
  readonly bad: bigint;
}

/** A window's verdict and the weights behind it; `poor` is with the bad ones, `total` is the roster's without struck seats. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly clean: bigint;
  readonly poor: bigint;
  readonly bad: bigint;
  readonly total: bigint;
}

/**
 * What one report says: `ok` of `total` probes succeeded. A report of too few probes, or of more successes than probes, says nothing.
 *
 * @example
 * gradeReport(20, 19, DEFAULT_POLICY_TERMS); // "clean"
 */
export function gradeReport(total: number, ok: number, terms: PolicyTerms): Verdict {
  if (total === 0 || total < terms.leastProbes || ok > total) return "unknown";
  if (ok * 10_000 < total * terms.badBps) return "bad";
  return ok * 10_000 < total * terms.poorBps ? "poor" : "clean";
}

/** Judges a window by the reports of a roster, seats in their order: what `judge` of the program would say. */
export function judgeReports(seats: readonly VerdictSeat[], masks: Masks, terms: PolicyTerms): Judgement {
  const counted = seats
    .slice(0, MAX_SEATS)
    .map((seat, place) => ({ ...seat, said: saidBy(masks, BigInt(place)) }))
    .filter(({ struck, weight }) => !struck && weight !== 0n);
  const total = weigh(counted);
  const clean = counted.filter(({ said }) => said === "clean");
  const poor = counted.filter(({ said }) => said === "poor" || said === "bad");
  const bad = counted.filter(({ said }) => said === "bad");
  const isQuorum = (side: readonly VerdictSeat[]): boolean =>
    weigh(side) * WHOLE_BPS >= total * BigInt(terms.quorumBps) &&
    side.length >= terms.operators &&
    differ(side.map(({ region }) => region)) >= terms.regions &&
    differ(side.map(({ network }) => network)) >= terms.networks;
  const verdict = isQuorum(bad) ? "bad" : isQuorum(poor) ? "poor" : isQuorum(clean) ? "clean" : "unknown";
  return { verdict, clean: weigh(clean), poor: weigh(poor), bad: weigh(bad), total };
}

function saidBy(masks: Masks, place: bigint): Verdict {
  const said = (["clean", "poor", "bad"] as const).filter((side) => (masks[side] >> place) & 1n);
  return said.length === 1 ? (said[0] as Verdict) : "unknown";
}

function weigh(seats: readonly VerdictSeat[]): bigint {
  return seats.reduce((sum, { weight }) => sum + weight, 0n);
}

function differ(ordinals: readonly number[]): number {
  return new Set(ordinals.filter((ordinal) => ordinal < MAX_SEATS)).size;
}
