/** Twin of programs/core/src/policy/terms.rs, held to it by tests/vectors/policy.json. Terms and bounds: docs/reference/policy.md. */

const DAY = 86_400;
/** Seats of a roster, at most: one bit each of a round's masks. */
export const MAX_SEATS = 64;
const WHOLE_BPS = 10_000;

/** What the policy program's authority sets. Durations in seconds, `...Bps` in basis points, `...After` in windows in a row. */
export interface PolicyTerms {
  readonly window: number;
  /** For so long after a window's end reports are taken. */
  readonly report: number;
  readonly dwell: number;
  readonly roster: number;
  readonly enrol: number;
  /** For so long after the time of reports they may be challenged. */
  readonly evidence: number;
  readonly strike: number;
  readonly quorumBps: number;
  readonly poorBps: number;
  readonly badBps: number;
  readonly operators: number;
  readonly regions: number;
  readonly networks: number;
  readonly degradeAfter: number;
  readonly disableAfter: number;
  readonly recoverAfter: number;
  readonly restoreAfter: number;
  readonly leastProbes: number;
  readonly seats: number;
}

/** What a new cluster begins with. */
export const DEFAULT_POLICY_TERMS: PolicyTerms = {
  window: 300,
  report: 300,
  dwell: 600,
  roster: DAY,
  enrol: 3_600,
  evidence: 5 * DAY,
  strike: 30 * DAY,
  quorumBps: 6_700,
  poorBps: 9_500,
  badBps: 7_500,
  operators: 3,
  regions: 3,
  networks: 3,
  degradeAfter: 2,
  disableAfter: 5,
  recoverAfter: 3,
  restoreAfter: 10,
  leastProbes: 20,
  seats: MAX_SEATS,
};

/** Numbers of the core's refusals; the program's error is 6000 more. */
export const POLICY_REFUSALS = {
  window: 335,
  report: 336,
  dwell: 337,
  roster: 338,
  evidence: 339,
  strike: 340,
  quorum: 341,
  marks: 342,
  distinct: 343,
  runs: 344,
  probes: 345,
  seats: 346,
  state: 347,
  unaligned: 348,
  passed: 349,
} as const;
export type PolicyRefusal = (typeof POLICY_REFUSALS)[keyof typeof POLICY_REFUSALS];

/** Why the program would refuse these terms; undefined if it takes them. */
export function findBadTerm(terms: PolicyTerms): PolicyRefusal | undefined {
  const { window, report, dwell, roster, enrol, evidence, strike, quorumBps, poorBps, badBps } = terms;
  const { operators, regions, networks, leastProbes, seats } = terms;
  const { degradeAfter, disableAfter, recoverAfter, restoreAfter } = terms;
  const r = POLICY_REFUSALS;
  if (!isWithin(window, 1, DAY)) return r.window;
  if (!isWithin(report, 1, window)) return r.report;
  if (!isWithin(dwell, window, 7 * DAY)) return r.dwell;
  if (!isWithin(roster, 10, 6 * DAY) || !isWithin(enrol, 1, Math.floor(roster / 2))) return r.roster;
  if (!isWithin(evidence, report, 30 * DAY)) return r.evidence;
  if (!isWithin(strike, roster, 365 * DAY)) return r.strike;
  if (!isWithin(quorumBps, 5_001, WHOLE_BPS)) return r.quorum;
  if (!isWithin(badBps, 1, poorBps - 1) || !isWithin(poorBps, 1, WHOLE_BPS)) return r.marks;
  if (![operators, regions, networks].every((least) => isWithin(least, 2, 16))) return r.distinct;
  const runs = [degradeAfter, disableAfter, recoverAfter, restoreAfter];
  if (!runs.every((run) => isWithin(run, 1, 250))) return r.runs;
  if (degradeAfter > disableAfter || recoverAfter >= restoreAfter) return r.runs;
  if (!isWithin(leastProbes, 1, 4_096)) return r.probes;
  return isWithin(seats, operators, MAX_SEATS) ? undefined : r.seats;
}

/** Why the program would not judge a window that begins then, under terms set at `from` (Unix seconds); undefined if it does. */
export function findBadWindow(terms: PolicyTerms, begin: bigint, from: bigint): PolicyRefusal | undefined {
  if (begin % BigInt(terms.window) !== 0n) return POLICY_REFUSALS.unaligned;
  return begin < from ? POLICY_REFUSALS.passed : undefined;
}

/** When the window of this second began. Unix seconds. */
export function windowOf(terms: PolicyTerms, time: bigint): bigint {
  return time - (time % BigInt(terms.window));
}

/** Times of the window that begins then, Unix seconds; each is the first second after. */
export function timesOfWindow(
  terms: PolicyTerms,
  begin: bigint,
): {
  /** From here on reports are taken. */
  readonly end: bigint;
  /** From here on none is, and the window may be judged. */
  readonly reportsUntil: bigint;
  /** From here on none may be challenged, and the Round may be closed. */
  readonly evidenceUntil: bigint;
} {
  const end = begin + BigInt(terms.window);
  const reportsUntil = end + BigInt(terms.report);
  return { end, reportsUntil, evidenceUntil: reportsUntil + BigInt(terms.evidence) };
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
