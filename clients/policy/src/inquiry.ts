import type { Attention } from "./attention.ts";
import type { Measured } from "./types.ts";

/**
 * A question and who was asked it. Silence, SERVFAIL and the like are somebody's fault only where the question can be answered: a dead zone, a bogus one, or a line
 * that is down makes everybody fail, and puts nobody out.
 */
export interface Inquiry<Member> {
  /** Somebody answered it, or it was known to have an answer. */
  isAnswerable: boolean;
  readonly attempts: Attempt<Member>[];
}

/** One that is asked. Times are milliseconds of attention. */
export interface Attempt<Member> {
  readonly inquiry: Inquiry<Member>;
  readonly member: Member;
  readonly startedAt: number;
  /** Milliseconds after which its silence counts. */
  readonly patience: number;
  /** Somebody waits for it. */
  isWaiting: boolean;
  isOverdue: boolean;
  /** What it did wrong if the question can be answered; null for nothing. */
  fault: Fault | null;
  isBlamed: boolean;
}

export interface Fault {
  /** A clause: "answered SERVFAIL where others answer". */
  readonly what: string;
  readonly isTimeout: boolean;
}

/** Who is asked what, and whose fault it is where nothing good comes of it. */
export interface Inquiries<Member> {
  /**
   * Begins to wait for one. `onOverdue` is called once if it said nothing within its patience, also if nobody waits for it any more (so that one that freezes is
   * noticed by questions that others answered), and says whether that counts.
   */
  begin(
    inquiry: Inquiry<Member>,
    member: Member,
    patience: number,
    onOverdue: (attempt: Attempt<Member>) => boolean,
  ): Attempt<Member>;
  /** A good answer: neither that nor its silence until then is a fault. */
  answered(attempt: Attempt<Member>): void;
  /** No good answer, and none will come. `what`: its fault, `isSure` whatever was asked; null where that can't be said. */
  failed(attempt: Attempt<Member>, what: string | null, isSure?: boolean): void;
  /** Nobody waits for it any more. */
  left(attempt: Attempt<Member>): void;
  /** The question was answered: who failed to answer it, or still will, is at fault. */
  settle(inquiry: Inquiry<Member>): void;
  close(): void;
}

export function newInquiry<Member>(isAnswerable = false): Inquiry<Member> {
  return { isAnswerable, attempts: [] };
}

export function createInquiries<Member>(
  attention: Attention,
  blame: (member: Member, fault: Fault) => void,
): Inquiries<Member> {
  /** Those whose silence doesn't count yet, and whom to tell when it does. */
  const quiet = new Map<Attempt<Member>, (attempt: Attempt<Member>) => boolean>();
  let isClosed = false;

  const judge = (attempt: Attempt<Member>) => {
    if (attempt.fault === null || attempt.isBlamed || isClosed) return;
    attempt.isBlamed = true;
    blame(attempt.member, attempt.fault);
  };
  const end = (attempt: Attempt<Member>) => {
    attempt.isWaiting = false;
    quiet.delete(attempt);
  };
  const watch = attention.watch((now) => {
    for (const [attempt, onOverdue] of quiet) {
      if (now - attempt.startedAt < attempt.patience) continue;
      quiet.delete(attempt);
      attempt.isOverdue = true;
      if (!onOverdue(attempt)) continue;
      attempt.fault = { what: `was silent for ${Math.round(attempt.patience)} ms`, isTimeout: true };
      if (attempt.inquiry.isAnswerable) judge(attempt);
    }
    return quiet.size > 0;
  });

  return {
    begin(inquiry, member, patience, onOverdue) {
      const attempt: Attempt<Member> = {
        inquiry,
        member,
        startedAt: attention.now(),
        patience,
        isWaiting: true,
        isOverdue: false,
        fault: null,
        isBlamed: false,
      };
      inquiry.attempts.push(attempt);
      quiet.set(attempt, onOverdue);
      watch.wake();
      return attempt;
    },
    answered(attempt) {
      end(attempt);
      attempt.fault = null;
    },
    failed(attempt, what, isSure = false) {
      end(attempt);
      if (what !== null) attempt.fault = { what, isTimeout: false };
      if (isSure || attempt.inquiry.isAnswerable) judge(attempt);
    },
    left(attempt) {
      attempt.isWaiting = false;
    },
    settle(inquiry) {
      if (inquiry.isAnswerable) return;
      inquiry.isAnswerable = true;
      for (const attempt of inquiry.attempts) judge(attempt);
    },
    close() {
      isClosed = true;
      quiet.clear();
      watch.close();
    },
  };
}

/** How long one is waited for: so many times its usual worst, within bounds. Milliseconds. */
export interface PatienceSettings {
  readonly times: number;
  readonly least: number;
  readonly most: number;
}

/** Milliseconds for one of which nothing is known. */
export const UNKNOWN_PATIENCE = 600;

/** Milliseconds after which one's silence counts. */
export function patienceOf({ answers, p95Ms, latencyMs }: Measured, settings: PatienceSettings): number {
  if (answers === 0) return UNKNOWN_PATIENCE;
  return Math.min(settings.most, Math.max(settings.least, settings.times * Math.max(p95Ms, latencyMs)));
}
