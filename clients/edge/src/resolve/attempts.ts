import type { Question } from "@tolldns/dns/wire/question";
import type { EdgeClock } from "../clock.ts";
import type { QueryBudget } from "../pay/policy.ts";
import type { Member } from "./member.ts";
import { judge, type Outcome } from "./outcome.ts";

/**
 * A question and who was asked it. Silence, SERVFAIL and the like are held against one only where another answers: a dead zone, or a line that is down, makes
 * everybody fail and puts nobody out.
 */
export interface Inquiry {
  isAnswered: boolean;
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

export function newInquiry(): Inquiry {
  return { isAnswered: false, attempts: [] };
}

/** Silence counts after two and a half times the usual worst, within these bounds, milliseconds. */
const TIMES = 2.5;
const LEAST_PATIENCE = 75;
const MOST_PATIENCE = 1_000;
/** Where nothing is known yet. */
const UNKNOWN_PATIENCE = 600;

export function patienceOf({ measured, gateway }: Member): number {
  if (measured.answers === 0 || gateway?.isOpening() === true) return UNKNOWN_PATIENCE;
  const usual = TIMES * Math.max(measured.p95Ms, measured.latencyMs);
  return Math.min(MOST_PATIENCE, Math.max(LEAST_PATIENCE, usual));
}

/** The longest anybody is waited for alone. */
export const LONGEST_WAIT = MOST_PATIENCE;

/**
 * Asks one. Never rejects. `onOverdue` is called once if nothing came within its patience; the attempt goes on. Its silence is watched for also after another was
 * faster, so that one that freezes is noticed by the questions that hedges saved.
 */
export function launch(
  inquiry: Inquiry,
  member: Member,
  ask: { readonly question: Question; readonly budget: QueryBudget; readonly signal: AbortSignal },
  clock: EdgeClock,
  onOverdue: (attempt: Attempt) => void,
): { readonly attempt: Attempt; readonly outcome: Promise<Outcome> } {
  const attempt: Attempt = {
    member,
    startedAt: clock.now(),
    patience: patienceOf(member),
    outcome: null,
    isOverdue: false,
    isBlamed: false,
  };
  const wasOpening = member.gateway?.isOpening() === true;
  inquiry.attempts.push(attempt);
  let hasSpoken = false;
  const due = () => {
    if (hasSpoken) return;
    const isWaiting = attempt.outcome === null;
    // Overtaken, and it said something since: it lives.
    if (!isWaiting && member.score.heardAt >= attempt.startedAt) return;
    attempt.isOverdue = true;
    if (!wasOpening) {
      if (member.score.heardAt < attempt.startedAt) member.doubt(attempt.startedAt);
      if (inquiry.isAnswered) blame(attempt);
    } else attempt.isBlamed = true;
    if (isWaiting) onOverdue(attempt);
  };
  // What came while this process was busy with something else is read before silence is called that.
  const cancel = clock.after(attempt.patience, () => setImmediate(due));
  const conclude = (outcome: Outcome, isHeard: boolean): Outcome => {
    attempt.outcome = outcome;
    hasSpoken = isHeard;
    if (isHeard) cancel();
    if (inquiry.isAnswered) blame(attempt);
    return outcome;
  };
  const outcome = member.ask(ask.question, ask.budget, ask.signal).then(
    (answered) => conclude(judge(answered), true),
    (error: unknown) => {
      // What was given up from here may still be silent; what failed by itself has spoken.
      return conclude({ kind: "none", error }, !ask.signal.aborted);
    },
  );
  return { attempt, outcome };
}

/** Somebody answered: who did not, or will not in time, is at fault. */
export function settle(inquiry: Inquiry): void {
  inquiry.isAnswered = true;
  for (const attempt of inquiry.attempts) blame(attempt);
}

function blame(attempt: Attempt): void {
  if (attempt.isBlamed) return;
  const { outcome, member, patience, isOverdue } = attempt;
  if (outcome?.kind === "poor") member.score.failed(outcome.what, false);
  else if (isOverdue && outcome?.kind !== "good")
    member.score.failed(`was silent for ${Math.round(patience)} ms where another answered`, true);
  else return;
  attempt.isBlamed = true;
}
