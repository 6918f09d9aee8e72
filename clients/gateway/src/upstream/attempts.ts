import type { Clock, Question } from "@tolldns/dns";
import type { Change } from "@tolldns/policy";
import type { Member } from "./member.ts";
import { judgeAnswer, judgeFailure, type Outcome } from "./outcome.ts";
import { createWatch } from "./watch.ts";

/**
 * A question and who was asked it. Silence, SERVFAIL and the like are a backend's fault only where the question can be answered:
 * a dead zone or a bogus one makes every backend fail, and puts none out.
 */
export interface Inquiry {
  /** Somebody answered it, or it was known to have an answer. */
  isAnswerable: boolean;
  readonly attempts: Attempt[];
}

export interface Attempt {
  readonly member: Member;
  readonly startedAt: number;
  /** Milliseconds after which its silence counts. */
  readonly patience: number;
  outcome: Outcome | null;
  isOverdue: boolean;
  isBlamed: boolean;
}

export interface Attempts {
  /** Asks one and keeps its measurements. Never rejects; null if its quota allows no question. `isTrial`: a question of the router's own. */
  launch(
    inquiry: Inquiry,
    member: Member,
    question: Question,
    timeoutMs: number,
    isTrial: boolean,
  ): Promise<Outcome> | null;
  /** The question was answered: who failed to answer it, or still will, is at fault. */
  settle(inquiry: Inquiry): void;
  /** Questions under way. */
  readonly size: number;
  close(): void;
}

export interface AttemptsOptions {
  readonly clock: Clock;
  /** Its standing changed. */
  readonly onChange: (member: Member, change: Change) => void;
}

const SCAN_MS = 10;
/** Silence counts after three times the usual worst, within these bounds, milliseconds. */
const LEAST_PATIENCE = 300;
const MOST_PATIENCE = 1_500;
const UNKNOWN_PATIENCE = 600;

export function newInquiry(isAnswerable = false): Inquiry {
  return { isAnswerable, attempts: [] };
}

export function patienceOf({ measured }: Member): number {
  if (measured.answers === 0) return UNKNOWN_PATIENCE;
  const usual = 3 * Math.max(measured.p95Ms, measured.latencyMs);
  return Math.min(MOST_PATIENCE, Math.max(LEAST_PATIENCE, usual));
}

export function createAttempts({ clock, onChange }: AttemptsOptions): Attempts {
  /** Those whose silence doesn't count yet, and what they belong to. */
  const waiting = new Map<Attempt, Inquiry>();

  let isClosed = false;

  const blame = (attempt: Attempt, what: string, isTimeout: boolean) => {
    if (attempt.isBlamed || isClosed) return;
    attempt.isBlamed = true;
    onChange(attempt.member, attempt.member.measured.failed(what, clock.now(), isTimeout));
  };
  const blameIfFailed = (attempt: Attempt) => {
    const { outcome } = attempt;
    if (outcome === null) {
      if (attempt.isOverdue) blame(attempt, `was silent for ${Math.round(attempt.patience)} ms`, true);
    } else if (outcome.kind === "none" && !outcome.isOurs) blame(attempt, outcome.what, false);
    else if (outcome.kind === "poor") blame(attempt, `${outcome.what} where others answer`, false);
  };
  const watch = createWatch(clock, SCAN_MS, () => {
    const now = clock.now();
    for (const [attempt, inquiry] of waiting) {
      if (now - attempt.startedAt < attempt.patience) continue;
      waiting.delete(attempt);
      attempt.isOverdue = true;
      attempt.member.doubted = true;
      if (inquiry.isAnswerable) blameIfFailed(attempt);
    }
    return waiting.size > 0;
  });
  const conclude = (
    inquiry: Inquiry,
    attempt: Attempt,
    question: Question,
    outcome: Outcome,
    isTrial: boolean,
  ): Outcome => {
    const { member } = attempt;
    const now = clock.now();
    attempt.outcome = outcome;
    waiting.delete(attempt);
    if (outcome.kind === "good") {
      member.heardAt = now;
      member.proven ??= question;
      onChange(member, member.measured.answered(now - attempt.startedAt, now, isTrial));
    } else {
      if (outcome.kind === "none" && outcome.isHard) blame(attempt, outcome.what, false);
      member.doubted = true;
      if (inquiry.isAnswerable) blameIfFailed(attempt);
    }
    return outcome;
  };

  return {
    get size() {
      return waiting.size;
    },
    launch(inquiry, member, question, timeoutMs, isTrial) {
      const startedAt = clock.now();
      if (!member.quota.take(startedAt)) return null;
      member.asked++;
      const patience = patienceOf(member);
      const attempt: Attempt = {
        member,
        startedAt,
        patience,
        outcome: null,
        isOverdue: false,
        isBlamed: false,
      };
      inquiry.attempts.push(attempt);
      waiting.set(attempt, inquiry);
      watch.wake();
      return member.ask(question, timeoutMs).then(
        (message) => conclude(inquiry, attempt, question, judgeAnswer(message), isTrial),
        (error: unknown) => conclude(inquiry, attempt, question, judgeFailure(error), isTrial),
      );
    },
    settle(inquiry) {
      if (inquiry.isAnswerable) return;
      inquiry.isAnswerable = true;
      for (const attempt of inquiry.attempts) blameIfFailed(attempt);
    },
    close() {
      isClosed = true;
      waiting.clear();
      watch.close();
    },
  };
}
