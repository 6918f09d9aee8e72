import type { Clock, Question } from "@tolldns/dns";
import type { Change } from "@tolldns/policy";
import type { Attention } from "@tolldns/policy/attention";
import {
  type Attempt,
  createInquiries,
  type Inquiry,
  patienceOf as usualPatience,
} from "@tolldns/policy/inquiry";
import type { Member } from "./member.ts";
import { judgeAnswer, judgeFailure, type Outcome } from "./outcome.ts";

export interface Attempts {
  /** Asks one and keeps its measurements. Never rejects; null if its quota allows no question. `isTrial`: a question of the router's own. */
  launch(
    inquiry: Inquiry<Member>,
    member: Member,
    question: Question,
    timeoutMs: number,
    isTrial: boolean,
  ): Promise<Outcome> | null;
  /** The question was answered: who failed to answer it, or still will, is at fault. */
  settle(inquiry: Inquiry<Member>): void;
  close(): void;
}

export interface AttemptsOptions {
  readonly clock: Clock;
  /** What patience and latency are taken by. */
  readonly attention: Attention;
  /** Its standing changed. */
  readonly onChange: (member: Member, change: Change) => void;
}

/** Silence counts after three times the usual worst, within these bounds, milliseconds. */
const PATIENCE = { times: 3, least: 300, most: 1_500 };

export function patienceOf({ measured }: Member): number {
  return usualPatience(measured, PATIENCE);
}

export function createAttempts({ clock, attention, onChange }: AttemptsOptions): Attempts {
  const inquiries = createInquiries<Member>(attention, (member, { what, isTimeout }) =>
    onChange(member, member.measured.failed(what, clock.now(), isTimeout)),
  );
  const doubt = ({ member }: Attempt<Member>) => {
    member.doubted = true;
    return true;
  };
  const conclude = (attempt: Attempt<Member>, question: Question, outcome: Outcome, isTrial: boolean) => {
    const { member } = attempt;
    if (outcome.kind === "good") {
      const now = clock.now();
      member.heardAt = now;
      member.proven ??= question;
      inquiries.answered(attempt);
      onChange(member, member.measured.answered(attention.now() - attempt.startedAt, now, isTrial));
    } else {
      member.doubted = true;
      if (outcome.kind === "poor") inquiries.failed(attempt, `${outcome.what} where others answer`);
      else inquiries.failed(attempt, outcome.isOurs ? null : outcome.what, outcome.isHard);
    }
    return outcome;
  };

  return {
    launch(inquiry, member, question, timeoutMs, isTrial) {
      if (!member.quota.take(clock.now())) return null;
      member.asked++;
      const attempt = inquiries.begin(inquiry, member, patienceOf(member), doubt);
      return member.ask(question, timeoutMs).then(
        (message) => conclude(attempt, question, judgeAnswer(message), isTrial),
        (error: unknown) => conclude(attempt, question, judgeFailure(error), isTrial),
      );
    },
    settle: inquiries.settle,
    close: inquiries.close,
  };
}
