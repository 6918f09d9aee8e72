import { TICK_LENGTH, TICK_WINDOW } from "@tolldns/sdk";
import type { Refusal } from "./refusal.ts";

/** What one session has paid and may still spend. Amounts in `number` are units; only vouchers count in micro-IU. */
export interface Session {
  /** Row of the session table; the second to fourth byte of the session's name. */
  readonly slot: number;
  /** Last four bytes of its name, random. */
  readonly nonce: number;
  readonly lane: number;
  readonly generation: number;
  /** Length of the announced chain. */
  readonly units: number;
  /** Micro-IU a unit. */
  readonly price: bigint;
  /** What the lane had consumed when the session opened, micro-IU: the worth of tick 0. */
  readonly base: bigint;
  /** As the payer's opening said it, Unix seconds. */
  readonly openedAt: number;
  /** Gateway's clock at the opening, Unix seconds; what `revealed` counts from. */
  readonly startedAt: number;
  /** Unix seconds. */
  readonly expiresAt: number;
  /** From the store: only the newest holder of a lane may write. */
  readonly fence: bigint;
  /** 32 bytes: the lane's key when the session opened. */
  readonly sessionKey: Uint8Array;
  /** Does a signature of that key hold? The key is imported once. */
  readonly verify: (message: Uint8Array, signature: Uint8Array) => boolean;

  /** Why nothing is served on it any more, or 0. */
  refusal: Refusal | 0;
  /** Highest tick known. */
  top: number;
  /** Units the best durable voucher pays for in this session. */
  paid: number;
  /** Units the reserve on chain can pay for in this session. */
  covered: number;
  /** Best durable voucher, micro-IU. */
  acknowledged: bigint;
  /** `w[i]` for the last 64 indices, 32 bytes each, at `i % 64`. */
  readonly ticks: Uint8Array;
  /** 0: unspent. 1: bought the question of that fingerprint. 2: spent as part of a dearer query. */
  readonly spent: Uint8Array;
  readonly questionLow: Int32Array;
  readonly questionHigh: Int32Array;
  /** Milliseconds after `startedAt` at which an index was first known, at `i & (length - 1)`. */
  readonly revealed: Uint32Array;
  /** Queries answered that bought nothing: bounded by the lane's rate like any other. */
  retransmissions: number;
  /** Token bucket of the lane. */
  tokens: number;
  tokensAt: number;
}

export interface NewSession {
  readonly slot: number;
  readonly nonce: number;
  readonly lane: number;
  readonly generation: number;
  readonly units: number;
  readonly price: bigint;
  readonly base: bigint;
  readonly openedAt: number;
  readonly startedAt: number;
  readonly expiresAt: number;
  readonly fence: bigint;
  readonly sessionKey: Uint8Array;
  readonly verify: (message: Uint8Array, signature: Uint8Array) => boolean;
  /** 32 bytes. */
  readonly anchor: Uint8Array;
  /** Micro-IU. */
  readonly acknowledged: bigint;
  readonly reserve: bigint;
  /** Units of debt allowed; sizes the record of when units were revealed. */
  readonly k: number;
  readonly burst: number;
}

/** A session that has seen its anchor and nothing else. */
export function createSession(given: NewSession): Session {
  const { anchor, acknowledged, reserve, k, burst, ...kept } = given;
  const ticks = new Uint8Array(TICK_WINDOW * TICK_LENGTH);
  ticks.set(anchor, 0);
  let times = TICK_WINDOW;
  while (times < k + 1) times *= 2;
  return {
    ...kept,
    refusal: 0,
    top: 0,
    paid: unitsOf(acknowledged - kept.base, kept.price, kept.units),
    covered: unitsOf(reserve - kept.base, kept.price, kept.units),
    acknowledged,
    ticks,
    spent: new Uint8Array(TICK_WINDOW),
    questionLow: new Int32Array(TICK_WINDOW),
    questionHigh: new Int32Array(TICK_WINDOW),
    revealed: new Uint32Array(times),
    retransmissions: 0,
    tokens: burst,
    tokensAt: kept.startedAt,
  };
}

/** What the ticks so far are worth on the lane, micro-IU. */
export function consumedOf(session: Session): bigint {
  return session.base + BigInt(session.top) * session.price;
}

/** A better voucher is on disk. */
export function applyVoucher(session: Session, cumulative: bigint): void {
  if (cumulative <= session.acknowledged) return;
  session.acknowledged = cumulative;
  session.paid = unitsOf(cumulative - session.base, session.price, session.units);
}

/** The reserve on chain is now this much, micro-IU. */
export function applyReserve(session: Session, reserve: bigint): void {
  session.covered = unitsOf(reserve - session.base, session.price, session.units);
}

/** Whole units that `amount` pays for, at most `units`. */
function unitsOf(amount: bigint, price: bigint, units: number): number {
  if (amount <= 0n) return 0;
  const whole = amount / price;
  return whole > BigInt(units) ? units : Number(whole);
}
