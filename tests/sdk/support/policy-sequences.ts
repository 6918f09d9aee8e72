import {
  DEFAULT_POLICY_TERMS,
  gradeReport,
  judgeReports,
  newStanding,
  type PolicyTerms,
  type Standing,
  shareOf,
  stepTarget,
  TARGET_STATES,
  VERDICTS,
  type Verdict,
  type VerdictSeat,
} from "@tolldns/sdk/policy";

/*
 * Random sequences of reports, drawn the same way in programs/core/tests/policy/sequence.rs: a change here is a change there.
 * Runs in Node and in browsers.
 */

/** A counter through the finalizer of MurmurHash3. */
class Draws {
  #state: number;

  constructor(state: number) {
    this.#state = state >>> 0;
  }

  static of(seed: number, sequence: number): Draws {
    return new Draws(new Draws(seed + Math.imul(sequence, 0x85ebca77)).next());
  }

  next(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let hash = this.#state;
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) >>> 0;
  }

  below(bound: number): number {
    return this.next() % bound;
  }

  oneIn(bound: number): boolean {
    return this.below(bound) === 0;
  }
}

/** The bytes of every window of the sequences from `first` on: verdict, state, runs, share, was there a transition, refusal. */
export function playSequences(seed: number, first: number, count: number): Uint8Array {
  const windows: number[][] = [];
  for (let sequence = first; sequence < first + count; sequence++) playSequence(seed, sequence, windows);
  return Uint8Array.from(windows.flat());
}

function playSequence(seed: number, sequence: number, windows: number[][]): void {
  const draws = Draws.of(seed, sequence);
  let terms = drawTerms(draws);
  const count = 2 + draws.below(12);
  const seats = Array.from({ length: count }, () => drawSeat(draws));
  let begin = BigInt(terms.window) * BigInt(10 + draws.below(1_000));
  let from = 0n;
  let standing = newStanding(begin - BigInt(draws.below(terms.window * 10)));
  let mood = draws.below(4);
  const rounds = 8 + draws.below(32);
  for (let round = 0; round < rounds; round++) {
    if (draws.oneIn(6)) mood = draws.below(4);
    if (draws.oneIn(24)) strike(seats, draws.below(count));
    if (draws.oneIn(48)) {
      from = begin + BigInt(draws.below(terms.window));
      terms = drawTerms(draws);
      const window = BigInt(terms.window);
      begin = ((from + window - 1n) / window) * window;
    }
    const masks = { unknown: 0n, clean: 0n, poor: 0n, bad: 0n };
    for (let seat = 0; seat < count; seat++) {
      const grade = drawReport(draws, mood, terms);
      if (grade !== undefined) masks[grade] |= 1n << BigInt(seat);
    }
    const asked = drawBegin(draws, begin, BigInt(terms.window));
    const { verdict } = judgeReports(seats, masks, terms);
    const result = stepTarget(standing, asked, verdict, terms, from);
    const after = "refused" in result ? standing : result.standing;
    const moved = "refused" in result || result.transition === undefined ? 0 : 1;
    windows.push(bytesOfWindow(verdict, after, terms, moved, "refused" in result ? result.refused : 0));
    if (!("refused" in result)) begin = asked + BigInt(terms.window);
    standing = after;
  }
}

function bytesOfWindow(
  verdict: Verdict,
  { state, runs }: Standing,
  terms: PolicyTerms,
  moved: number,
  refused: number,
): number[] {
  const share = shareOf(runs.clean, terms);
  const numbers = [VERDICTS.indexOf(verdict), TARGET_STATES.indexOf(state), runs.poor, runs.bad, runs.clean];
  return [...numbers, share & 0xff, share >> 8, moved, refused & 0xff];
}

function drawTerms(draws: Draws): PolicyTerms {
  const window = 1 + draws.below(300);
  const report = 1 + draws.below(window);
  const dwell = window * (1 + draws.below(4)) + draws.below(window);
  const quorumBps = 5_001 + draws.below(3_000);
  const poorBps = 2 + draws.below(9_999);
  const badBps = 1 + draws.below(poorBps - 1);
  const operators = 2 + draws.below(3);
  const regions = 2 + draws.below(3);
  const networks = 2 + draws.below(3);
  const degradeAfter = 1 + draws.below(3);
  const disableAfter = degradeAfter + draws.below(4);
  const recoverAfter = 1 + draws.below(4);
  const restoreAfter = recoverAfter + 1 + draws.below(6);
  const leastProbes = 1 + draws.below(30);
  const times = { window, report, dwell };
  const shares = { quorumBps, poorBps, badBps, operators, regions, networks };
  const runs = { degradeAfter, disableAfter, recoverAfter, restoreAfter };
  return { ...DEFAULT_POLICY_TERMS, ...times, ...shares, ...runs, leastProbes };
}

function drawSeat(draws: Draws): VerdictSeat {
  const isHigh = draws.oneIn(4);
  const low = BigInt(draws.next());
  const weight = draws.oneIn(10) ? 0n : low << (isHigh ? 32n : 8n);
  const region = draws.below(9);
  const network = draws.below(9);
  return { weight, region, network, struck: draws.oneIn(10) };
}

function strike(seats: VerdictSeat[], place: number): void {
  seats[place] = { ...(seats[place] as VerdictSeat), struck: true };
}

/** What most of a window's verifiers see: clean, poor, bad, or everybody something else. */
function drawReport(draws: Draws, mood: number, terms: PolicyTerms): Verdict | undefined {
  if (draws.oneIn(12)) return undefined;
  const total = terms.leastProbes + draws.below(40);
  const seen = mood === 3 || draws.oneIn(16) ? draws.below(4) : mood;
  if (seen === 0) return gradeReport(total, total, terms);
  if (seen === 1) return gradeReport(total, Math.ceil((total * terms.poorBps) / 10_000) - 1, terms);
  return gradeReport(total, seen === 2 ? 0 : draws.below(total + 2), terms);
}

/** Mostly the next window; now and then one that is over, that is none, or one too far. */
function drawBegin(draws: Draws, begin: bigint, window: bigint): bigint {
  const drawn = draws.below(24);
  if (drawn === 0) return begin < window ? 0n : begin - window;
  if (drawn === 1) return begin + 1n;
  return drawn === 2 ? begin + window : begin;
}
