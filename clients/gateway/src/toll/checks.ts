import { bytesEqual, dayOf, type OpenMessage, type VoucherMessage } from "@tolldns/sdk";
import type { LaneRecord } from "@tolldns/store";
import type { LaneTerms } from "./lanes.ts";
import { REFUSALS, type Refusal } from "./refusal.ts";
import type { Session } from "./session.ts";
import type { Terms } from "./terms.ts";

/** How far a payer's clock may be off, seconds. */
export const CLOCK_SKEW = 300;

/** What an opening is held to before anything is verified: cheap, and in the order of what costs least. 0 if all is well. */
export function checkOpening(
  message: OpenMessage,
  ledger: Uint8Array,
  lane: LaneTerms | null,
  terms: Terms,
  now: number,
): Refusal {
  if (!bytesEqual(message.ledger, ledger)) return REFUSALS.voucherForeign;
  if (message.tickPrice !== terms.tickPrice) return REFUSALS.priceWrong;
  if (message.units < 1 || message.units > terms.maxUnits) return REFUSALS.malformed;
  if (Math.abs(Number(message.openedAt) - now) > CLOCK_SKEW) return REFUSALS.sessionClock;
  if (!isExpiryPublished(message.expiryDay, terms, now)) return REFUSALS.voucherExpiry;
  if (lane === null || lane.state === "free" || lane.generation !== message.generation)
    return REFUSALS.laneUnknown;
  if (lane.state !== "open") return REFUSALS.laneClosing;
  if (message.cumulative > lane.reserve) return REFUSALS.laneExhausted;
  return 0;
}

/** What has been consumed on a lane without a session, micro-IU. A record without a voucher knows nothing: what was settled was earned. */
export function consumedOfRecord(record: LaneRecord, lane: LaneTerms): bigint {
  if (record.voucher !== null || record.consumed > lane.settled) return record.consumed;
  return lane.settled;
}

/** Does the opening voucher take up where the lane stands? All micro-IU. */
export function checkOpeningAmount(cumulative: bigint, best: bigint, consumed: bigint): Refusal {
  if (cumulative < best) return REFUSALS.voucherStale;
  if (cumulative < consumed) return REFUSALS.voucherDue;
  return 0;
}

/** What a voucher is held to before its signature. A lane about to close still pays what it owes. */
export function checkVoucher(
  message: VoucherMessage,
  session: Session,
  lane: LaneTerms | null,
  terms: Terms,
  now: number,
): Refusal {
  if (session.refusal !== 0 && session.refusal !== REFUSALS.laneClosing) return session.refusal;
  if (now >= session.expiresAt) return REFUSALS.sessionExpired;
  if (lane === null || lane.state === "free" || lane.generation !== session.generation)
    return REFUSALS.laneUnknown;
  if (lane.state !== "open" && now >= lane.deadline) return REFUSALS.laneClosing;
  if (message.cumulative < session.acknowledged) return REFUSALS.voucherStale;
  if (!isExpiryPublished(message.expiryDay, terms, now)) return REFUSALS.voucherExpiry;
  if (message.cumulative > lane.reserve) return REFUSALS.laneExhausted;
  return 0;
}

/** What a change on chain means for a session: 0 to serve on, or why not. */
export function judgeLane(session: Session, sessionKey: Uint8Array, lane: LaneTerms | null): Refusal {
  if (lane === null || lane.state === "free" || lane.generation !== session.generation)
    return REFUSALS.laneUnknown;
  if (lane.state !== "open") return REFUSALS.laneClosing;
  return bytesEqual(lane.sessionKey, sessionKey) ? 0 : REFUSALS.sessionUnknown;
}

function isExpiryPublished(day: number, terms: Terms, now: number): boolean {
  const today = dayOf(Math.floor(now));
  return day >= today + terms.expiryDays.min && day <= today + terms.expiryDays.max;
}
