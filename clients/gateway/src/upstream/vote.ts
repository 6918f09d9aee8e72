import { type Clock, DnsError, EDE, FLAG, type Question, type WireMessage } from "@tolldns/dns";
import { type Change, DEFAULT_SETTINGS, hedgeAfterOf } from "@tolldns/policy";
import type { Attention } from "@tolldns/policy/attention";
import { type Inquiry, newInquiry } from "@tolldns/policy/inquiry";
import type { Answered } from "./ask.ts";
import type { Attempts } from "./attempts.ts";
import { canonicalAnswer, lowestTtl } from "./canonical.ts";
import { countOperators, type Member } from "./member.ts";
import type { Outcome } from "./outcome.ts";

export interface VoteOptions {
  readonly attempts: Attempts;
  readonly clock: Clock;
  readonly attention: Attention;
  /** How many are asked at once. */
  readonly ask: number;
  /** How many operators must say the same. */
  readonly agree: number;
  readonly timeoutMs: number;
  readonly onChange: (member: Member, change: Change) => void;
  /** Told whenever answers differed. */
  readonly onDispute: () => void;
}

interface Ballot {
  readonly member: Member;
  readonly message: Uint8Array;
  readonly parsed: WireMessage;
}

interface Poll {
  readonly inquiry: Inquiry<Member>;
  readonly sides: Map<string, Ballot[]>;
  /** What enough of them said; null until then. */
  winner: string | null;
  next: number;
  underWay: number;
  done: boolean;
  /** By attention: when another is asked beside those that are silent. */
  lateAt: number;
  readonly launch: () => void;
}

/** Another is asked after twice a hedge's time, within these bounds, milliseconds. */
const LEAST_WAIT = 60;
const MOST_WAIT = 1_000;

/**
 * Asks several and answers only what enough operators say. One that fails, or is silent for several times its usual, is replaced by
 * another while there are any; what it still says counts.
 * Fails closed: rejects with an extended error when the number can't be reached any more.
 *
 * @param voters in the order they are asked
 */
export type Vote = (question: Question, voters: readonly Member[]) => Promise<Answered>;

export function createVote(options: VoteOptions): Vote {
  const { attempts, clock, attention, agree, timeoutMs, onChange } = options;

  const polls = new Set<Poll>();
  const watch = attention.watch((now) => {
    for (const poll of polls) {
      if (poll.done) polls.delete(poll);
      else if (now >= poll.lateAt) {
        poll.lateAt = Number.POSITIVE_INFINITY;
        poll.launch();
      }
    }
    return polls.size > 0;
  });

  const compare = (member: Member, agrees: boolean) =>
    onChange(member, member.measured.compared(agrees, clock.now(), false));

  /** Whoever was outvoted by at least two is told so, whenever it answers. */
  const judge = (poll: Poll, side: readonly Ballot[]) => {
    attempts.settle(poll.inquiry);
    if (poll.sides.size > 1) options.onDispute();
    if (operatorsOf(side) < 2) return;
    for (const [key, ballots] of poll.sides)
      for (const { member } of ballots) compare(member, key === poll.winner);
  };

  return (question, given) =>
    new Promise((resolve, reject) => {
      const voters = operatorsFirst(given);
      const deadline = clock.now() + timeoutMs;
      const poll: Poll = {
        inquiry: newInquiry(),
        sides: new Map(),
        winner: null,
        next: 0,
        underWay: 0,
        done: false,
        lateAt: Number.POSITIVE_INFINITY,
        launch: () => launch(),
      };
      const { sides } = poll;
      polls.add(poll);
      watch.wake();
      const most = () => Math.max(0, ...[...sides.values()].map(operatorsOf));
      const check = () => {
        if (poll.done || most() + poll.underWay + (voters.length - poll.next) >= agree) return;
        poll.done = true;
        if (sides.size > 1) options.onDispute();
        reject(disagreement(sides.size));
      };
      const failed = () => {
        launch();
        check();
      };
      const count = (member: Member, outcome: Outcome) => {
        poll.underWay--;
        // Only an answer can be agreed on: two broken servers that say SERVFAIL prove nothing.
        if (outcome.kind !== "good") return poll.done ? undefined : failed();
        const key = canonicalAnswer(outcome.parsed);
        if (poll.done) {
          if (poll.winner !== null && operatorsOf(sides.get(poll.winner) ?? []) >= 2)
            compare(member, key === poll.winner);
          return;
        }
        const side = sides.get(key) ?? [];
        side.push({ member, message: outcome.message, parsed: outcome.parsed });
        sides.set(key, side);
        if (operatorsOf(side) >= agree) {
          poll.done = true;
          poll.winner = key;
          judge(poll, side);
          return resolve(choose(side));
        }
        // Those asked first disagree: ask more while they could still decide it.
        if (most() + poll.underWay < agree) launch();
        check();
      };
      const launch = () => {
        for (;;) {
          const left = deadline - clock.now();
          if (left <= 0) poll.next = voters.length;
          const member = voters[poll.next];
          if (poll.done || member === undefined) return;
          poll.next++;
          const outcome = attempts.launch(poll.inquiry, member, question, left, false);
          if (outcome === null) continue;
          poll.underWay++;
          const wait = Math.max(LEAST_WAIT, 2 * hedgeAfterOf(member, DEFAULT_SETTINGS));
          poll.lateAt = attention.now() + Math.min(MOST_WAIT, wait);
          void outcome.then((one) => count(member, one));
          return;
        }
      };
      for (let i = 0; i < options.ask; i++) launch();
      check();
    });
}

/** One of each operator, then the rest: two machines of one operator are no two opinions. */
function operatorsFirst(members: readonly Member[]): Member[] {
  const seen = new Set<string>();
  const first = members.filter(({ operator }) => !seen.has(operator) && seen.add(operator));
  return [...first, ...members.filter((one) => !first.includes(one))];
}

function operatorsOf(side: readonly Ballot[]): number {
  return countOperators(side.map(({ member }) => member));
}

function disagreement(sides: number): DnsError {
  const text = sides > 1 ? "upstreams disagree" : "too few upstreams answered";
  return new DnsError("resolution-failed", text, {
    ede: { code: sides > 1 ? EDE.OTHER : EDE.NO_REACHABLE_AUTHORITY, text },
  });
}

/** Of those that agree, the one that lives shortest; authentic only if all of them say so. */
function choose(side: readonly Ballot[]): Answered {
  const [first, ...others] = side as [Ballot, ...Ballot[]];
  const best = others.reduce((a, b) => (lowestTtl(b.parsed) < lowestTtl(a.parsed) ? b : a), first);
  if (side.every(({ parsed }) => (parsed.flags & FLAG.AD) !== 0)) return best;
  const message = best.message.slice();
  message[3] = (message[3] as number) & ~FLAG.AD;
  return { message, parsed: best.parsed };
}
