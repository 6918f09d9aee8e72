import * as policy from "@tolldns/sdk/policy";
import { expect } from "chai";
import fc from "fast-check";
import { type Books, KINDS, play, read, type Step } from "./play.ts";
import { apart, openPolicy, type PolicyWorld } from "./world.ts";

export const SEED = Number(process.env.TOLLDNS_SEED ?? 20_261_121);
/** Steps of a sequence. */
export const STEPS = 100;

export interface Moment {
  readonly step: Step;
  readonly before: Books;
  readonly after: Books;
  /** Windows judged up to and with this step, of this sequence. */
  readonly judged: readonly Judged[];
}
interface Judged {
  readonly begin: bigint;
  readonly verdict: policy.Verdict;
  readonly terms: policy.PolicyTerms;
  readonly from: bigint;
}

/** The begin of the window that a step judged; undefined if it judged none. */
const judgedBy = ({ before, after }: Moment): bigint | undefined =>
  before.target.standing.judged === after.target.standing.judged ? undefined : after.target.standing.judged;
const roundAt = (books: Books, begin: bigint): policy.Round | undefined =>
  books.rounds.find((round) => round.begin === begin);
const rosterOf = (books: Books, number: bigint): policy.Roster =>
  books.rosters.find((roster) => roster.number === number) as policy.Roster;

/** Laws, by the row they are of; each throws where it is broken. */
export const LAWS = {
  "two verdicts"(moment: Moment) {
    // The twin of the rules tells every state from the reports, the roster and the terms.
    const { before, after, step } = moment;
    const begin = judgedBy(moment);
    if (begin === undefined) {
      expect(after.target.standing).eql(before.target.standing);
      return;
    }
    expect(step.kind).equal("judge");
    const round = roundAt(before, begin) as policy.Round;
    const { seats } = rosterOf(before, round.roster);
    const votes = seats.map(({ weight, regionOrdinal, networkOrdinal, struck }) => {
      return { weight, region: regionOrdinal, network: networkOrdinal, struck };
    });
    const { terms, termsFrom } = before.config;
    const { verdict } = policy.judgeReports(votes, round.masks, terms);
    const from = termsFrom > before.target.registeredAt ? termsFrom : before.target.registeredAt;
    const result = policy.stepTarget(before.target.standing, begin, verdict, terms, from);
    expect("standing" in result && result.standing).eql(after.target.standing);
    expect(roundAt(after, begin)?.verdict).equal(verdict);
  },
  "one operator"(moment: Moment) {
    // Counted from the operators, regions and networks that the seats have, not from ordinals or masks.
    const begin = judgedBy(moment);
    const { before, after } = moment;
    const { verdict } = after.target.standing;
    if (begin === undefined || verdict === "unknown") return;
    const round = roundAt(before, begin) as policy.Round;
    const { seats } = rosterOf(before, round.roster);
    const { terms } = before.config;
    const says = verdict === "poor" ? ["poor", "bad"] : [verdict];
    const side = round.reports
      .filter(({ total, ok }) => says.includes(policy.gradeReport(total, ok, terms)))
      .map(({ seat }) => seats[seat] as policy.Seat)
      .filter(({ struck }) => !struck);
    const live = seats.filter(({ struck }) => !struck);
    const weigh = (of: readonly policy.Seat[]) => of.reduce((sum, { weight }) => sum + weight, 0n);
    expect(weigh(side) * 10_000n >= weigh(live) * BigInt(terms.quorumBps)).equal(true);
    expect(new Set(side.map(({ operator }) => operator.join())).size).least(terms.operators);
    expect(new Set(side.map(({ region }) => region)).size).least(terms.regions);
    expect(new Set(side.map(({ asn }) => asn)).size).least(terms.networks);
  },
  "disabled for ever"({ before, after, judged }: Moment) {
    const { state } = before.target.standing;
    if (state !== "disabled" || after.target.standing.state === "disabled") return;
    const { terms, termsFrom } = before.config;
    const last = judged.slice(-terms.recoverAfter);
    expect(last.length).equal(terms.recoverAfter);
    last.forEach(({ begin, verdict, from }, i) => {
      expect(verdict).equal("clean");
      expect(from).equal(termsFrom);
      if (i > 0) expect(begin).equal((last[i - 1] as Judged).begin + BigInt(terms.window));
    });
  },
  unknown({ before, after }: Moment) {
    const moved = before.target.standing.transitions !== after.target.standing.transitions;
    if (!moved) return;
    expect(after.target.standing.verdict).not.equal("unknown");
    const { since } = before.target.standing;
    expect(after.target.standing.since >= since + BigInt(before.config.terms.dwell)).equal(true);
  },
  watermark({ before, after }: Moment) {
    const risen = after.target.standing.transitions - before.target.standing.transitions;
    expect(risen === 0n || risen === 1n).equal(true);
    expect(after.target.standing.judged >= before.target.standing.judged).equal(true);
    expect(after.config.roster - before.config.roster <= 1n).equal(true);
    for (const round of before.rounds) {
      const later = roundAt(after, round.begin);
      // It is only ever closed, which takes its evidence's time.
      if (later === undefined) expect(before.now >= round.evidenceUntil).equal(true);
      else expect(later.reports.slice(0, round.reports.length)).eql(round.reports);
    }
  },
  stale({ before, after }: Moment) {
    for (const round of after.rounds) {
      const known = roundAt(before, round.begin)?.reports.length ?? 0;
      if (round.reports.length === known) continue;
      expect(after.now >= round.end && after.now < round.reportsUntil).equal(true);
      expect(round.begin >= before.config.termsFrom).equal(true);
      const roster = rosterOf(before, round.roster);
      expect(round.begin >= roster.enrolmentEnds).equal(true);
      expect(roster.supersededAt === undefined || round.begin < roster.supersededAt).equal(true);
      const seat = roster.seats[round.reports.at(-1)?.seat as number] as policy.Seat;
      expect(seat.struck).equal(false);
      expect(before.barred.includes(seat.index), "in jail").equal(false);
    }
  },
  struck({ step, before, after }: Moment) {
    for (const roster of after.rosters) {
      const live = roster.seats.filter(({ struck }) => !struck);
      expect(roster.weight).equal(live.reduce((sum, { weight }) => sum + weight, 0n));
      const earlier = before.rosters.find(({ number }) => number === roster.number);
      roster.seats.forEach(({ struck, index }, seat) => {
        const was = earlier?.seats[seat];
        if (!struck || was?.struck === true) return;
        expect(["challenge", "strike"]).include(step.kind);
        // Only who lied is struck.
        expect(index % 2, "an honest one was struck").equal(1);
      });
      const operators = roster.seats.map(({ operator }) => operator.join());
      expect(new Set(operators).size).equal(operators.length);
    }
  },
  "nobody gains"({ before, after, step }: Moment) {
    expect(after.wealth - before.wealth, `lamports come from nowhere in ${step.kind}`).equal(0n);
    expect(after.stranger).equal(before.stranger);
  },
} as const;

export const sequences = fc.array(
  fc.record({ kind: fc.constantFrom(...KINDS), at: fc.nat({ max: 4_095 }) }),
  {
    minLength: STEPS,
    maxLength: STEPS,
  },
);
/** Liars have odd places in the stake tree. */
export const open = (): PolicyWorld => openPolicy(apart(300n, 310n, 320n, 330n, 340n, 350n));

/** Every step of so many sequences, with what was before and after it. */
export function playSequences(seed: number, runs: number): Moment[] {
  return fc.sample(sequences, { seed, numRuns: runs }).flatMap((sequence) => {
    const world = open();
    let judged: Judged[] = [];
    let before = read(world);
    return sequence.map((step) => {
      play(world, step);
      const after = read(world);
      const moment = { step, before, after, judged };
      const begin = judgedBy(moment);
      if (begin !== undefined) {
        const { terms, termsFrom: from } = before.config;
        judged = [...judged, { begin, verdict: after.target.standing.verdict, terms, from }];
      }
      before = after;
      return { ...moment, judged };
    });
  });
}

/** Have the steps come into every state, by every verdict, with strikes and new rosters? */
export function checkVariety(history: readonly Moment[]): void {
  const states = new Set(history.map(({ after }) => after.target.standing.state));
  expect([...states].sort()).eql(["degraded", "disabled", "healthy", "recovering"]);
  const verdicts = new Set(history.flatMap(({ judged }) => judged.map(({ verdict }) => verdict)));
  expect([...verdicts].sort()).eql(["bad", "clean", "poor", "unknown"]);
  const strikes = history.some(({ after }) =>
    after.rosters.some(({ seats }) => seats.some(({ struck }) => struck)),
  );
  expect(strikes).equal(true);
  expect(history.some(({ after }) => after.config.roster > 2n)).equal(true);
}
