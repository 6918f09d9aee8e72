import { randomInt } from "node:crypto";
import {
  bytesEqual,
  decodeOpen,
  decodeVoucherMessage,
  encodeAcknowledgement,
  encodeVoucher,
  MESSAGE,
  MESSAGE_LENGTH,
  type OpenMessage,
  readU16,
  readU32,
  type VoucherMessage,
  verifyOpen,
} from "@tolldns/sdk";
import { createVerifier, verifyEd25519Node } from "@tolldns/sdk/node";
import type { LaneRecord, Store, StoredVoucher, VoucherResult } from "@tolldns/store";
import { isStoreError } from "@tolldns/store";
import { checkOpening, checkOpeningAmount, checkVoucher, consumedOfRecord, judgeLane } from "./checks.ts";
import { computeFingerprint, type FingerprintKey } from "./fingerprint.ts";
import type { LaneSource } from "./lanes.ts";
import { isPlayedAgain, type LastOpening, readOpening, writeOpening } from "./openings.ts";
import { REFUSALS, type Refusal } from "./refusal.ts";
import { applyReserve, applyVoucher, consumedOf, createSession, type Session } from "./session.ts";
import {
  createTable,
  findSession,
  nameOf,
  putSession,
  removeSession,
  type SessionTable,
  sweepSessions,
  takeSlot,
} from "./table.ts";
import type { Terms } from "./terms.ts";
import { spendTick, TICK_AGAIN, TICK_ELSEWHERE, TICK_PAID } from "./tick.ts";

/** Openings of one lane that may wait for the one before. */
const MAX_WAITING = 4;

export interface BoothOptions {
  readonly ledger: Uint8Array;
  readonly terms: Terms;
  readonly store: Store;
  readonly lanes: LaneSource;
  /** Unix seconds. */
  readonly now: () => number;
  readonly fingerprintKey: FingerprintKey;
  readonly maxSessions: number;
  readonly laneRate: number;
  readonly laneBurst: number;
  /** Seconds; see TollOptions. */
  readonly maxChainAge: number;
  readonly maxServeAge: number;
  /** Which worker this is, of how many; at most 256. Default 0 of 1. */
  readonly worker?: number;
  readonly workers?: number;
  readonly onVoucher?: (voucher: StoredVoucher, added: bigint) => void;
  /** The store failed; `error` says how. */
  readonly onStoreError?: (error: unknown) => void;
}

/** What a payment message is answered with: 33 bytes, or a refusal; `known` helps the payer to go on after 8 and 11. */
export type PaymentAnswer =
  | { readonly ok: true; readonly acknowledgement: Uint8Array }
  | {
      readonly ok: false;
      readonly refusal: Refusal;
      readonly known?: { readonly acknowledged: bigint; readonly consumed: bigint };
    };

export interface BoothCounters {
  paid: number;
  again: number;
  /** Units. */
  units: number;
  vouchers: number;
  /** Micro-IU by which vouchers rose. */
  promised: bigint;
  openings: number;
}

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

const refuse = (refusal: Refusal): PaymentAnswer => ({ ok: false, refusal });

/** Takes tolls on one ledger. */
export function createBooth(options: BoothOptions): Booth {
  const { ledger, terms, store, lanes, now } = options;
  const table = createTable(options.maxSessions, options.worker);
  const workers = options.workers ?? 1;
  const counters: BoothCounters = { paid: 0, again: 0, units: 0, vouchers: 0, promised: 0n, openings: 0 };
  const opening = new Map<number, { waiting: number; last: Promise<unknown> }>();
  const openings = new WeakMap<Session, LastOpening>();

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
    if (!takeToken(session, options.laneRate, options.laneBurst, time)) return REFUSALS.rateLimited;
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
      if (bytes[0] === MESSAGE.open) return await open(decoded(decodeOpen, bytes));
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

  async function open(message: OpenMessage): Promise<PaymentAnswer> {
    const refusal = checkOpening(message, ledger, lanes.readLane(message.lane), terms, now());
    if (refusal !== 0) return refuse(refusal);
    if (lanes.age(now()) > options.maxChainAge) return refuse(REFUSALS.unavailable);
    const key = (lanes.readLane(message.lane) as NonNullable<ReturnType<LaneSource["readLane"]>>).sessionKey;
    if (!verifyOpen(message, key, verifyEd25519Node)) return refuse(REFUSALS.voucherSignature);
    return oneAtATime(message.lane, () => openVerified(message, key));
  }

  /** Two openings of one lane never interleave; a third party can't queue any, since they are verified. */
  async function oneAtATime(lane: number, run: () => Promise<PaymentAnswer>): Promise<PaymentAnswer> {
    const queue = opening.get(lane) ?? { waiting: 0, last: Promise.resolve() };
    if (queue.waiting >= MAX_WAITING) return refuse(REFUSALS.rateLimited);
    opening.set(lane, queue);
    queue.waiting++;
    const mine = queue.last.then(run);
    queue.last = mine.catch(() => {});
    try {
      return await mine;
    } finally {
      queue.waiting--;
      if (queue.waiting === 0) opening.delete(lane);
    }
  }

  async function openVerified(message: OpenMessage, sessionKey: Uint8Array): Promise<PaymentAnswer> {
    const asked: LastOpening = message;
    const before = table.byLane.get(message.lane);
    if (before !== undefined) {
      const last = openings.get(before) as LastOpening;
      const same = last.openedAt === asked.openedAt && bytesEqual(last.anchor, asked.anchor);
      if (same && before.refusal === 0) return acknowledge(before);
      const known = knownOf(before);
      const refusal =
        before.generation === message.generation
          ? checkOpeningAmount(message.cumulative, known.acknowledged, known.consumed)
          : 0;
      if (refusal !== 0) return { ok: false, refusal, known };
    }
    const last = await readOpening(store, ledger, message.lane);
    if (isPlayedAgain(last, asked)) return refuse(REFUSALS.sessionClock);
    // From here on the session before is over, whatever becomes of this one: no tick may slip in between.
    if (before !== undefined) before.refusal = REFUSALS.sessionExpired;
    const record = await store.takeLane({ ledger, lane: message.lane, generation: message.generation });
    return enter(message, sessionKey, record, before);
  }

  async function enter(
    message: OpenMessage,
    sessionKey: Uint8Array,
    record: LaneRecord,
    before: Session | undefined,
  ): Promise<PaymentAnswer> {
    // Read again: the chain may have changed while the disk was busy.
    const lane = lanes.readLane(message.lane);
    const gone = checkOpening(message, ledger, lane, terms, now());
    if (gone !== 0 || lane === null) return refuse(gone || REFUSALS.laneUnknown);
    const live = before?.generation === message.generation ? consumedOf(before) : 0n;
    const base = max(live, consumedOfRecord(record, lane));
    const best = max(record.voucher?.cumulative ?? 0n, lane.settled);
    if (before !== undefined) removeSession(table, before);
    const refusal = checkOpeningAmount(message.cumulative, best, base);
    if (refusal !== 0) return { ok: false, refusal, known: { acknowledged: best, consumed: base } };
    const { generation, expiryDay, cumulative } = message;
    const signed = {
      ledger,
      lane: message.lane,
      generation,
      expiryDay,
      cumulative,
      signature: message.voucherSignature,
    };
    const result = await keep(signed, () => base, record.fence);
    const kept = result.kept.voucher?.cumulative ?? 0n;
    if (result.result === "fenced" || kept < cumulative) return refuse(REFUSALS.unavailable);
    await writeOpening(store, ledger, message.lane, message);
    countVoucher(result, kept - best);
    const slot = roomFor(now());
    if (slot < 0) return refuse(REFUSALS.rateLimited);
    const startedAt = now();
    const session = createSession({
      slot,
      nonce: randomInt(-(2 ** 31), 2 ** 31),
      lane: message.lane,
      generation,
      units: message.units,
      price: terms.tickPrice,
      base,
      openedAt: Number(message.openedAt),
      startedAt,
      expiresAt: Math.floor(startedAt) + terms.sessionSeconds,
      fence: record.fence,
      sessionKey: sessionKey.slice(),
      verify: createVerifier(sessionKey),
      anchor: message.anchor,
      acknowledged: kept,
      reserve: lane.reserve,
      k: terms.k,
      burst: options.laneBurst,
    });
    putSession(table, session);
    openings.set(session, { generation, openedAt: message.openedAt, anchor: message.anchor });
    counters.openings++;
    judge(session);
    return session.refusal === 0 ? acknowledge(session) : refuse(session.refusal);
  }

  /** A commit whose outcome is unknown may have been made: asking again is how to know. */
  async function keep(signed: StoredVoucher, consumed: () => bigint, fence: bigint): Promise<VoucherResult> {
    const offer = () => store.acceptVouchers([{ ...signed, consumed: consumed(), fence }], Math.floor(now()));
    const results = await offer().catch((error: unknown) => {
      if (isStoreError(error, "outcome-unknown")) return offer();
      throw error;
    });
    return results[0] as VoucherResult;
  }

  function countVoucher(result: VoucherResult, added: bigint): void {
    if (added <= 0n || result.kept.voucher === null) return;
    counters.vouchers++;
    counters.promised += added;
    options.onVoucher?.(result.kept.voucher, added);
  }

  function roomFor(time: number): number {
    const slot = takeSlot(table);
    if (slot >= 0) return slot;
    for (const session of sweepSessions(table, time)) void record(session);
    return takeSlot(table);
  }

  function acknowledge(session: Session): PaymentAnswer {
    const { acknowledged, consumed } = knownOf(session);
    const acknowledgement = encodeAcknowledgement({
      session: nameOf(table, session),
      acknowledged,
      consumed,
      expiresAt: BigInt(session.expiresAt),
    });
    return { ok: true, acknowledgement };
  }

  function judge(session: Session): void {
    const lane = lanes.readLane(session.lane);
    const refusal = judgeLane(session, session.sessionKey, lane);
    if (lane !== null) applyReserve(session, lane.reserve);
    // A close may be rolled back with its slot; an ended session stays ended.
    if (session.refusal === 0 || session.refusal === REFUSALS.laneClosing) session.refusal = refusal;
  }

  async function record(session: Session): Promise<void> {
    const { lane, generation, fence } = session;
    await store
      .recordConsumed({ ledger, lane, generation }, fence, consumedOf(session))
      .catch((error: unknown) => options.onStoreError?.(error));
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
      await Promise.all([...opening.values()].map((queue) => queue.last));
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

function knownOf(session: Session): { acknowledged: bigint; consumed: bigint } {
  return { acknowledged: session.acknowledged, consumed: consumedOf(session) };
}

function takeToken(session: Session, rate: number, burst: number, now: number): boolean {
  const tokens = Math.min(burst, session.tokens + Math.max(0, now - session.tokensAt) * rate);
  session.tokensAt = now;
  session.tokens = tokens < 1 ? tokens : tokens - 1;
  return tokens >= 1;
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
