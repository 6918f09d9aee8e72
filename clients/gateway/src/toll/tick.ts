import { hash } from "node:crypto";
import { TICK_LENGTH, TICK_WINDOW } from "@tolldns/sdk";
import { fingerprint } from "./fingerprint.ts";
import { REFUSALS, type Refusal } from "./refusal.ts";
import type { Session } from "./session.ts";

/** How far ahead of the highest known tick one may be: bounds what one query can make the gateway hash. */
export const MAX_AHEAD = 256;
/** Seconds in which the same tick with the same question is taken for a retransmission. */
export const RETRANSMIT_SECONDS = 30;

/** The tick bought this query. */
export const TICK_PAID = 0;
/** The tick had bought the same question a moment ago: answer again, charge nothing. */
export const TICK_AGAIN = -1;

/** Another worker holds the session: ask there. */
export const TICK_ELSEWHERE = -2;

/** Limits a tick is held to. */
export interface TickTerms {
  /** Units of debt. */
  readonly k: number;
  /** Seconds a unit may stay unpaid. */
  readonly t: number;
}

const scratch = Buffer.alloc(TICK_LENGTH);
/** The ticks between a new one and the highest known, from the second on. */
const walked = Buffer.alloc((MAX_AHEAD + 1) * TICK_LENGTH);

/**
 * Spends tick `index` on the question in `fingerprint` (computed just before by the caller) at `cost` units.
 * Pure over `session` and `now` (Unix seconds); changes the session only when the answer is TICK_PAID.
 * In order it costs one SHA-256; never more than MAX_AHEAD + 1.
 *
 * @param bytes holds the 32 bytes of the tick at `at`.
 * @returns TICK_PAID, TICK_AGAIN or a refusal number.
 */
export function spendTick(
  session: Session,
  terms: TickTerms,
  index: number,
  bytes: Uint8Array,
  at: number,
  cost: number,
  now: number,
): Refusal {
  if (session.refusal !== 0) return session.refusal;
  if (now >= session.expiresAt) return REFUSALS.sessionExpired;
  if (index === 0) return REFUSALS.tickWrong;
  if (index > session.units) return REFUSALS.chainExhausted;
  for (let i = 0; i < TICK_LENGTH; i++) scratch[i] = bytes[at + i] as number;
  const { top } = session;
  return index <= top
    ? spendKnown(session, index, cost, now)
    : spendNew(session, terms, index, cost, now, index - top);
}

/** A tick within the window: it was hashed when a later one came, so comparing is enough. */
function spendKnown(session: Session, index: number, cost: number, now: number): Refusal {
  const slot = index % TICK_WINDOW;
  if (index <= session.top - TICK_WINDOW) return REFUSALS.tickReplayed;
  const known = slot * TICK_LENGTH;
  for (let i = 0; i < TICK_LENGTH; i++)
    if (session.ticks[known + i] !== scratch[i]) return REFUSALS.tickWrong;
  if (session.spent[slot] === 0) {
    if (!areUnspent(session, index - cost + 1, index)) return REFUSALS.tickReplayed;
    spend(session, index - cost + 1, index);
    return TICK_PAID;
  }
  const same =
    session.spent[slot] === 1 &&
    session.questionLow[slot] === fingerprint.low &&
    session.questionHigh[slot] === fingerprint.high;
  const first = session.revealed[index & (session.revealed.length - 1)] as number;
  if (!same || millisecondsOf(session, now) - first > RETRANSMIT_SECONDS * 1000) return REFUSALS.tickReplayed;
  session.retransmissions++;
  return TICK_AGAIN;
}

/** A tick beyond the highest known: debt first, since that costs nothing to check, then the hashes. */
function spendNew(
  session: Session,
  terms: TickTerms,
  index: number,
  cost: number,
  now: number,
  ahead: number,
): Refusal {
  if (ahead > MAX_AHEAD) return REFUSALS.tickWrong;
  if (index > session.covered) return REFUSALS.laneExhausted;
  if (index > session.paid + terms.k) return REFUSALS.voucherDue;
  if (session.top > session.paid && ageOfDebt(session, now) > terms.t * 1000) return REFUSALS.voucherDue;
  const { top } = session;
  if (!areUnspent(session, index - cost + 1, top)) return REFUSALS.tickReplayed;
  if (ahead > 1) walked.set(scratch, ahead * TICK_LENGTH);
  // As text, since a string is cheaper to make than a buffer.
  let value = hash("sha256", scratch, "binary");
  for (let step = ahead - 1; step > 0; step--) {
    scratch.write(value, "latin1");
    walked.set(scratch, step * TICK_LENGTH);
    value = hash("sha256", scratch, "binary");
  }
  const { ticks } = session;
  const known = (top % TICK_WINDOW) * TICK_LENGTH;
  for (let i = 0; i < TICK_LENGTH; i++)
    if (ticks[known + i] !== value.charCodeAt(i)) return REFUSALS.tickWrong;
  const from = ahead > 1 ? walked : scratch;
  // Only the last 64 of a long walk are still in the window.
  for (let step = Math.max(1, ahead - TICK_WINDOW + 1); step <= ahead; step++) {
    const slot = (top + step) % TICK_WINDOW;
    const source = ahead > 1 ? step * TICK_LENGTH : 0;
    for (let i = 0; i < TICK_LENGTH; i++) ticks[slot * TICK_LENGTH + i] = from[source + i] as number;
    session.spent[slot] = 0;
  }
  const revealedAt = millisecondsOf(session, now);
  const mask = session.revealed.length - 1;
  for (let step = 1; step <= ahead; step++) session.revealed[(top + step) & mask] = revealedAt;
  session.top = index;
  spend(session, index - cost + 1, index);
  return TICK_PAID;
}

/** Since the session began; 0 if the clock went back before that. */
function millisecondsOf(session: Session, now: number): number {
  return Math.max(0, Math.floor((now - session.startedAt) * 1000));
}

/** Milliseconds since the oldest unpaid unit was revealed. Debt never exceeds k, and the record holds at least k + 1 units. */
function ageOfDebt(session: Session, now: number): number {
  return (
    millisecondsOf(session, now) -
    (session.revealed[(session.paid + 1) & (session.revealed.length - 1)] as number)
  );
}

/** Are all of `from..to` in the window and unspent? True for an empty range that begins at 1 or later. */
function areUnspent(session: Session, from: number, to: number): boolean {
  if (from < 1) return false;
  if (from > to) return true;
  if (from <= session.top - TICK_WINDOW) return false;
  for (let i = from; i <= to; i++) if (session.spent[i % TICK_WINDOW] !== 0) return false;
  return true;
}

function spend(session: Session, from: number, index: number): void {
  const oldest = session.top - TICK_WINDOW;
  for (let i = Math.max(from, oldest + 1); i < index; i++) session.spent[i % TICK_WINDOW] = 2;
  const slot = index % TICK_WINDOW;
  session.spent[slot] = 1;
  session.questionLow[slot] = fingerprint.low;
  session.questionHigh[slot] = fingerprint.high;
}
