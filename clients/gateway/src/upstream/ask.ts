import { type Clock, DnsError, EDE, isAuthentic, type Question, type WireMessage } from "@tolldns/dns";
import type { Attention } from "@tolldns/policy/attention";
import type { Lineup } from "@tolldns/policy/board";
import { type Inquiry, newInquiry } from "@tolldns/policy/inquiry";
import { type Attempts, patienceOf } from "./attempts.ts";
import type { Board } from "./board.ts";
import type { Budget } from "./budget.ts";
import type { Member } from "./member.ts";
import type { Outcome } from "./outcome.ts";

/** An answer, read. */
export interface Answered {
  readonly message: Uint8Array;
  readonly parsed: WireMessage | null;
}

export type AskQuestion = (question: Question) => Promise<Answered>;

export interface AskerOptions {
  readonly board: Board;
  readonly attempts: Attempts;
  /** What users wait by. */
  readonly clock: Clock;
  /** What those asked are late by. */
  readonly attention: Attention;
  /** Bounds the questions asked twice for speed. */
  readonly hedges: Budget;
  /** Milliseconds for a question, all attempts together. */
  readonly timeoutMs: number;
  /** Told of each answer that settled a question. */
  readonly onAnswered: (question: Question, answered: Answered) => void;
}

export interface Asker {
  readonly ask: AskQuestion;
  close(): void;
}

type Good = Extract<Outcome, { kind: "good" }>;

interface Flight {
  readonly question: Question;
  readonly inquiry: Inquiry<Member>;
  readonly lineup: Lineup<Member>;
  /** By the clock: nobody waits longer because this process was busy. */
  readonly deadline: number;
  readonly resolve: (answered: Answered) => void;
  readonly reject: (error: unknown) => void;
  /** Place in the lineup of who is asked next. */
  next: number;
  /** Asked so far, in all and of the tier being asked. */
  tries: number;
  triesInTier: number;
  tier: number;
  underWay: number;
  /** By attention: when the next may be asked as a hedge, when it must be, and when the tier has had its time. */
  hedgeAt: number;
  nextAt: number;
  tierUntil: number;
  done: boolean;
  /** SERVFAIL and the like: answered if there is nothing better. */
  worse: Uint8Array | null;
  error: unknown;
  servfails: number;
  /** Who said SERVFAIL, and whether that was because the data fail validation. */
  doubter: Member | null;
  doubt: "none" | "open" | "bogus" | "no";
  /** An answer somebody else calls bogus, or may. */
  held: Good | null;
}

const MAX_TRIES = 6;
const MAX_TRIES_IN_TIER = 3;
/** Backends of one tier that say SERVFAIL before that is the answer. */
const SERVFAILS = 2;
/** Another of the tier is asked after twice the hedge's time in any case, within these bounds, milliseconds. */
const LEAST_WAIT = 60;
const MOST_WAIT = 1_000;
/** Longest a held answer waits for the doubt to be cleared, milliseconds. */
const DOUBT_MS = 1_000;

/**
 * Asks the backends in the board's order: the next as soon as one fails, is late (within the budget of hedges) or is silent for
 * several times its usual. A lower tier is asked only when the tiers above failed or have had their time. The first good answer
 * is taken, unless a backend says the data are bogus and who answered does not vouch for them.
 */
export function createAsker(options: AskerOptions): Asker {
  const { board, attempts, clock, attention, hedges, timeoutMs } = options;
  const flights = new Set<Flight>();

  const end = (flight: Flight): boolean => {
    if (flight.done) return false;
    flight.done = true;
    flights.delete(flight);
    return true;
  };
  const accept = (flight: Flight, good: Good) => {
    if (!end(flight)) return;
    attempts.settle(flight.inquiry);
    options.onAnswered(flight.question, good);
    flight.resolve(good);
  };
  const giveUp = (flight: Flight) => {
    if (!end(flight)) return;
    if (flight.worse !== null) flight.resolve({ message: flight.worse, parsed: null });
    else flight.reject(flight.error);
  };

  /** Who is asked next: none of a lower tier while `sameTier`, and not more of one tier than make sense. */
  const findNext = (flight: Flight, sameTier: boolean): Member | null => {
    const { members, usable } = flight.lineup;
    for (; flight.next < members.length; flight.next++) {
      const member = members[flight.next] as Member;
      const isOther = member.tier !== flight.tier || (flight.next === usable && usable > 0);
      if (sameTier && isOther && flight.tries > 0) return null;
      if (!isOther && flight.triesInTier >= MAX_TRIES_IN_TIER && flight.next < usable) continue;
      flight.next++;
      if (isOther) flight.triesInTier = 0;
      flight.tier = member.tier;
      return member;
    }
    return null;
  };

  const launchNext = (flight: Flight, sameTier: boolean): boolean => {
    for (;;) {
      const left = flight.deadline - clock.now();
      if (flight.done || left <= 0 || flight.tries >= MAX_TRIES) return false;
      const member = findNext(flight, sameTier);
      if (member === null) return false;
      const outcome = attempts.launch(flight.inquiry, member, flight.question, left, false);
      if (outcome === null) continue;
      flight.tries++;
      flight.triesInTier++;
      flight.underWay++;
      const now = attention.now();
      const lateAfter = board.lateAfter(member);
      flight.hedgeAt = now + lateAfter;
      flight.nextAt = now + Math.min(MOST_WAIT, Math.max(LEAST_WAIT, 2 * lateAfter));
      flight.tierUntil = now + patienceOf(member);
      void outcome.then((one) => receive(flight, member, one));
      return true;
    }
  };

  const receive = (flight: Flight, member: Member, outcome: Outcome) => {
    flight.underWay--;
    if (flight.done) return;
    if (outcome.kind === "good") return weigh(flight, member, outcome);
    if (outcome.kind === "poor") {
      flight.worse ??= outcome.message;
      if (outcome.isServfail && !flight.question.unchecked) {
        flight.servfails++;
        flight.doubter ??= member;
        if (outcome.isBogus) flight.doubt = "bogus";
        else if (flight.doubt === "none") flight.doubt = "open";
      }
    } else flight.error = outcome.error;
    goOn(flight);
  };

  /** One failed: another, or a lower tier, or what there is. */
  const goOn = (flight: Flight): void => {
    if (flight.done || flight.held !== null) return;
    const isSettled = flight.servfails >= SERVFAILS;
    if (!isSettled && (launchNext(flight, true) || flight.underWay > 0)) return;
    const isMore = flight.next < flight.lineup.usable;
    // What is bogus to one who validates isn't asked of those who may not; with an answer of sorts in hand, those at rest needn't be waited for.
    if (isSettled || flight.doubt === "bogus" || (flight.worse !== null && !isMore)) giveUp(flight);
    else if (flight.doubt === "open") clear(flight);
    else if (!launchNext(flight, false)) giveUp(flight);
  };

  /** A good answer: taken, unless it could be one that fails validation elsewhere. */
  const weigh = (flight: Flight, member: Member, good: Good) => {
    if (flight.doubt === "none" || flight.doubt === "no" || isAuthentic(good.message))
      return accept(flight, good);
    if (flight.held !== null) return;
    flight.held = good;
    if (flight.doubt === "open") clear(flight);
    else vouch(flight, member);
  };

  /** Does whoever said SERVFAIL have the data, if only it needn't validate them? */
  const clear = (flight: Flight) => {
    const { doubter, question } = flight;
    flight.doubt = "open";
    const probe =
      doubter === null
        ? null
        : attempts.launch(newInquiry(), doubter, { ...question, unchecked: true }, doubtTime(doubter), true);
    const conclude = (isBogus: boolean) => {
      if (flight.done) return;
      flight.doubt = isBogus ? "bogus" : "no";
      if (flight.held === null) goOn(flight);
      else if (isBogus) giveUp(flight);
      else accept(flight, flight.held);
    };
    if (probe === null) conclude(false);
    else void probe.then((outcome) => conclude(outcome.kind === "good"));
  };

  /** Somebody says the data are bogus: does whoever answered vouch for them when asked for signatures too? */
  const vouch = (flight: Flight, member: Member) => {
    const { question } = flight;
    if (question.dnssecOk) return giveUp(flight);
    const again = attempts.launch(
      newInquiry(),
      member,
      { ...question, dnssecOk: true },
      doubtTime(member),
      true,
    );
    if (again === null) return giveUp(flight);
    void again.then((outcome) => {
      if (outcome.kind === "good" && isAuthentic(outcome.message)) accept(flight, flight.held as Good);
      else giveUp(flight);
    });
  };

  const late = (flight: Flight, now: number) => {
    if (now >= flight.hedgeAt) {
      flight.hedgeAt = Number.POSITIVE_INFINITY;
      if (flight.next < flight.lineup.usable && hedges.take()) launchNext(flight, true);
    } else if (now >= flight.nextAt) {
      flight.nextAt = Number.POSITIVE_INFINITY;
      launchNext(flight, true);
    } else if (now >= flight.tierUntil) {
      // Silent for several times the usual: the tier below is asked, though late answers still count.
      flight.tierUntil = Number.POSITIVE_INFINITY;
      if (flight.worse !== null) giveUp(flight);
      else launchNext(flight, false);
    }
  };
  const watch = attention.watch((now) => {
    const time = clock.now();
    for (const flight of flights) {
      if (time >= flight.deadline) giveUp(flight);
      else if (flight.held === null) late(flight, now);
    }
    return flights.size > 0;
  });

  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        hedges.asked();
        const flight: Flight = {
          question,
          inquiry: newInquiry(),
          lineup: board.lineup(),
          deadline: clock.now() + timeoutMs,
          resolve,
          reject,
          next: 0,
          tries: 0,
          triesInTier: 0,
          tier: -1,
          underWay: 0,
          hedgeAt: 0,
          nextAt: 0,
          tierUntil: 0,
          done: false,
          worse: null,
          error: NOBODY,
          servfails: 0,
          doubter: null,
          doubt: "none",
          held: null,
        };
        flights.add(flight);
        watch.wake();
        if (!launchNext(flight, false)) giveUp(flight);
      }),
    close: watch.close,
  };
}

function doubtTime(member: Member): number {
  return Math.min(DOUBT_MS, patienceOf(member));
}

const NOBODY = new DnsError("exchange-timeout", "no upstream answered", {
  ede: { code: EDE.NO_REACHABLE_AUTHORITY },
});
