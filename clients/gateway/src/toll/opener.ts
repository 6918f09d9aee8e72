import { randomInt } from "node:crypto";
import { bytesEqual, type OpenMessage, verifyOpen } from "@tolldns/sdk";
import { createVerifier, verifyEd25519Node } from "@tolldns/sdk/node";
import type { LaneRecord } from "@tolldns/store";
import { checkOpening, checkOpeningAmount, consumedOfRecord } from "./checks.ts";
import { type BoothCore, knownOf, type PaymentAnswer, refuse } from "./core.ts";
import { isPlayedAgain, type LastOpening, readOpening, writeOpening } from "./openings.ts";
import { REFUSALS } from "./refusal.ts";
import { consumedOf, createSession, type Session } from "./session.ts";
import { putSession, removeSession, sweepSessions, takeSlot } from "./table.ts";

/** Openings of one lane that may wait for the one before. */
const MAX_WAITING = 4;

/** Opens sessions. */
export interface Opener {
  /** Rejects as the store does. */
  open(message: OpenMessage): Promise<PaymentAnswer>;
  /** Resolves when no opening is under way. */
  settled(): Promise<void>;
}

export function createOpener(core: BoothCore): Opener {
  const { options, table, counters } = core;
  const { ledger, terms, store, lanes, now } = options;
  const opening = new Map<number, { waiting: number; last: Promise<unknown> }>();
  const openings = new WeakMap<Session, LastOpening>();

  async function open(message: OpenMessage): Promise<PaymentAnswer> {
    const lane = lanes.readLane(message.lane);
    const refusal = checkOpening(message, ledger, lane, terms, now());
    if (refusal !== 0) return refuse(refusal);
    if (lanes.age(now()) > options.maxChainAge) return refuse(REFUSALS.unavailable);
    const key = lane?.sessionKey as Uint8Array;
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
      if (same && before.refusal === 0) return core.acknowledge(before);
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
    const result = await core.keep(signed, () => base, record.fence);
    const kept = result.kept.voucher?.cumulative ?? 0n;
    if (result.result === "fenced" || kept < cumulative) return refuse(REFUSALS.unavailable);
    await writeOpening(store, ledger, message.lane, message);
    core.countVoucher(result, kept - best);
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
    core.judge(session);
    return session.refusal === 0 ? core.acknowledge(session) : refuse(session.refusal);
  }

  function roomFor(time: number): number {
    const slot = takeSlot(table);
    if (slot >= 0) return slot;
    for (const session of sweepSessions(table, time)) void core.record(session);
    return takeSlot(table);
  }

  return {
    open,
    async settled() {
      await Promise.all([...opening.values()].map((queue) => queue.last));
    },
  };
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
