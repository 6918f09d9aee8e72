import type { Question } from "@tolldns/dns/wire/question";
import type { Attention } from "@tolldns/policy/attention";
import {
  type Attempt,
  createInquiries,
  type Inquiry,
  UNKNOWN_PATIENCE,
  patienceOf as usualPatience,
} from "@tolldns/policy/inquiry";
import type { QueryBudget } from "../pay/policy.ts";
import type { Member } from "./member.ts";
import { judge, type Outcome } from "./outcome.ts";

/** The longest anybody is waited for alone, milliseconds. */
export const LONGEST_WAIT = 1_000;
/** Silence counts after two and a half times the usual worst, within these bounds, milliseconds. */
const PATIENCE = { times: 2.5, least: 75, most: LONGEST_WAIT };

export function patienceOf({ measured, gateway }: Member): number {
  return gateway?.isOpening() === true ? UNKNOWN_PATIENCE : usualPatience(measured, PATIENCE);
}

export interface Attempts {
  /** Asks one. Never rejects. `onOverdue` is called once if nothing came within its patience and it is waited for still; the attempt goes on. */
  launch(
    inquiry: Inquiry<Member>,
    member: Member,
    ask: { readonly question: Question; readonly budget: QueryBudget; readonly signal: AbortSignal },
    onOverdue: (attempt: Attempt<Member>) => void,
  ): { readonly attempt: Attempt<Member>; readonly outcome: Promise<Outcome> };
  /** Somebody answered: who did not, or will not in time, is at fault. */
  settle(inquiry: Inquiry<Member>): void;
}

export function createAttempts(attention: Attention): Attempts {
  const inquiries = createInquiries<Member>(attention, ({ score }, { what, isTimeout }) =>
    score.failed(what, isTimeout),
  );
  return {
    launch(inquiry, member, { question, budget, signal }, onOverdue) {
      const wasOpening = member.gateway?.isOpening() === true;
      const attempt = inquiries.begin(inquiry, member, patienceOf(member), ({ isWaiting, startedAt }) => {
        const isHeard = member.score.heardAt >= startedAt;
        // Overtaken, and it said something since: it lives.
        if (!isWaiting && isHeard) return false;
        if (!wasOpening && !isHeard) member.doubt(startedAt);
        if (isWaiting) onOverdue(attempt);
        return !wasOpening;
      });
      const outcome = member.ask(question, budget, signal).then(
        (answered) => {
          const found = judge(answered);
          if (found.kind === "good") inquiries.answered(attempt);
          else inquiries.failed(attempt, found.kind === "poor" ? `${found.what} where others answer` : null);
          return found;
        },
        (error: unknown): Outcome => {
          // What was given up from here may still be silent; what failed by itself has spoken.
          if (signal.aborted) inquiries.left(attempt);
          else inquiries.failed(attempt, null);
          return { kind: "none", error };
        },
      );
      return { attempt, outcome };
    },
    settle: inquiries.settle,
  };
}
