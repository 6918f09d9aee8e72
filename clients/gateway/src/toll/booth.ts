import {
  decodeOpen,
  decodeVoucherMessage,
  encodeVoucher,
  MESSAGE,
  MESSAGE_LENGTH,
  readU16,
  readU32,
  type VoucherMessage,
} from "@tolldns/sdk";
import { checkVoucher } from "./checks.ts";
import {
  type BoothCounters,
  type BoothOptions,
  createCore,
  knownOf,
  type PaymentAnswer,
  refuse,
} from "./core.ts";
import { computeFingerprint } from "./fingerprint.ts";
import { createOpener } from "./opener.ts";
import { REFUSALS, type Refusal } from "./refusal.ts";
import { applyVoucher, consumedOf, type Session } from "./session.ts";
import { findSession, removeSession, type SessionTable, sweepSessions } from "./table.ts";
import { spendTick, TICK_AGAIN, TICK_ELSEWHERE, TICK_PAID } from "./tick.ts";

export type { BoothCounters, BoothOptions, PaymentAnswer } from "./core.ts";

/** What a voucher takes of its lane's rate: checking and keeping it costs as much as many queries. */
const VOUCHER_TOKENS = 20;

export interface Booth {
  readonly counters: BoothCounters;
  readonly table: SessionTable;
  /**
   * Spends the tick message in `bytes[at..at+length)` on the question in `question[from..to)` (wire form in lower case: name, type, class).
   * Returns TICK_PAID, TICK_AGAIN, TICK_ELSEWHERE or a refusal.
   */
  spend(
    bytes: Uint8Array,
    at: number,
    length: number,
    question: Uint8Array,
    from: number,
    to: number,
    cost: number,
  ): Refusal;
  /** Which worker a payment message is for: vouchers go where the session is, openings where the lane's sessions always are. */
  holderOf(bytes: Uint8Array): number;
  /** Answers an opening or a voucher message. Never rejects. */
  pay(bytes: Uint8Array): Promise<PaymentAnswer>;
  /** The chain changed these lanes. */
  lanesChanged(lanes: Iterable<number>): void;
  /** Removes expired sessions and records what they consumed. */
  sweep(): Promise<void>;
  /** Records what every session consumed. Call once no query arrives any more. */
  close(): Promise<void>;
}

/** Takes tolls on one ledger. */
export function createBooth(options: BoothOptions): Booth {
  const { ledger, terms, lanes, now } = options;
  const core = createCore(options);
  const opener = createOpener(core);
  const { table, counters, keep, countVoucher, acknowledge, judge, record } = core;
  const workers = options.workers ?? 1;

  function spend(
    bytes: Uint8Array,
    at: number,
    length: number,
    question: Uint8Array,
    from: number,
    to: number,
    cost: number,
  ): Refusal {
    if (length !== MESSAGE_LENGTH.tick || bytes[at] !== MESSAGE.tick) return REFUSALS.malformed;
    const session = findSession(table, bytes, at + 1);
    if (session === null) {
      const holder = bytes[at + 1] as number;
      return holder !== table.worker && holder < workers ? TICK_ELSEWHERE : REFUSALS.sessionUnknown;
    }
    const time = now();
    if (!takeTokens(session, 1, options.laneRate, options.laneBurst, time)) return REFUSALS.rateLimited;
    if (lanes.age(time) > options.maxServeAge) return REFUSALS.unavailable;
    computeFingerprint(options.fingerprintKey, question, from, to, from);
    const before = session.top;
    const result = spendTick(session, terms, readU32(bytes, at + 9), bytes, at + 13, cost, time);
    if (result === TICK_PAID) {
      counters.paid++;
      counters.units += session.top - before;
    } else if (result === TICK_AGAIN) counters.again++;
    return result;
  }

  async function pay(bytes: Uint8Array): Promise<PaymentAnswer> {
    try {
      if (bytes[0] === MESSAGE.voucher) return await voucher(decoded(decodeVoucherMessage, bytes));
      if (bytes[0] === MESSAGE.open) return await opener.open(decoded(decodeOpen, bytes));
      return refuse(REFUSALS.malformed);
    } catch (error) {
      if (error === MALFORMED) return refuse(REFUSALS.malformed);
      options.onStoreError?.(error);
      return refuse(REFUSALS.unavailable);
    }
  }

  async function voucher(message: VoucherMessage): Promise<PaymentAnswer> {
    const session = findSession(table, message.session, 0);
    if (session === null) return refuse(REFUSALS.sessionUnknown);
    if (!takeTokens(session, VOUCHER_TOKENS, options.laneRate, options.laneBurst, now()))
      return refuse(REFUSALS.rateLimited);
    const refusal = checkVoucher(message, session, lanes.readLane(session.lane), terms, now());
    if (refusal === REFUSALS.voucherStale) return { ok: false, refusal, known: knownOf(session) };
    if (refusal !== 0) return refuse(refusal);
    const signed = {
      ledger,
      lane: session.lane,
      generation: session.generation,
      expiryDay: message.expiryDay,
      cumulative: message.cumulative,
      signature: message.signature,
    };
    if (!session.verify(encodeVoucher(signed), message.signature)) return refuse(REFUSALS.voucherSignature);
    const result = await keep(signed, () => consumedOf(session), session.fence);
    if (result.result === "fenced") {
      session.refusal = REFUSALS.sessionUnknown;
      removeSession(table, session);
      return refuse(REFUSALS.sessionUnknown);
    }
    const kept = result.kept.voucher?.cumulative ?? 0n;
    countVoucher(result, kept - session.acknowledged);
    applyVoucher(session, kept);
    return acknowledge(session);
  }

  return {
    counters,
    table,
    spend,
    pay,
    holderOf(bytes) {
      if (bytes[0] === MESSAGE.voucher && (bytes[1] ?? 0) < workers) return bytes[1] as number;
      if (bytes[0] === MESSAGE.open && bytes.length === MESSAGE_LENGTH.open)
        return readU16(bytes, 33) % workers;
      return table.worker;
    },
    lanesChanged(changed) {
      for (const lane of changed) {
        const session = table.byLane.get(lane);
        if (session !== undefined) judge(session);
      }
    },
    async sweep() {
      await Promise.all(sweepSessions(table, now()).map(record));
    },
    async close() {
      await opener.settled();
      await Promise.all([...table.byLane.values()].map(record));
    },
  };
}

const MALFORMED = Symbol("malformed");

function decoded<T>(decode: (bytes: Uint8Array) => T, bytes: Uint8Array): T {
  try {
    return decode(bytes);
  } catch {
    throw MALFORMED;
  }
}

/** Takes from the lane's bucket. `now` in Unix seconds. */
function takeTokens(session: Session, count: number, rate: number, burst: number, now: number): boolean {
  const tokens = Math.min(burst, session.tokens + Math.max(0, now - session.tokensAt) * rate);
  session.tokensAt = now;
  session.tokens = tokens < count ? tokens : tokens - count;
  return tokens >= count;
}
