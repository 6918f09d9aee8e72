import {
  type Acknowledgement,
  bytesEqual,
  createTickChain,
  fromBase64Url,
  fromHex,
  type TickChain,
} from "@tolldns/sdk";
import { hashTickNode } from "@tolldns/sdk/node";
import { EdgeError } from "../errors.ts";
import type { LaneAccount, SavedSession } from "./account.ts";

/** A session in use. Indices are units of its chain; amounts micro-IU on the lane's scale. */
export interface LiveSession {
  readonly lane: LaneAccount;
  readonly id: Uint8Array;
  readonly chain: TickChain;
  readonly price: bigint;
  /** What index 0 is worth. */
  readonly base: bigint;
  /** Unix second. */
  readonly expiresAt: number;
  /** Highest index drawn. */
  next: number;
  /** Highest index whose query was answered, or given up by choice: what a voucher covers. */
  answered: number;
  inFlight: number;
  acknowledged: bigint;
  /** Acknowledgements in a row that were too low. */
  withheld: number;
  /** Monotonic milliseconds at which indices not yet paid for were revealed, oldest first. */
  readonly reveals: { readonly index: number; readonly at: number }[];
  over: boolean;
}

/** The chain of a saved session. Costs one hash a unit. */
export function chainOf(saved: SavedSession): TickChain {
  return createTickChain(fromBase64Url(saved.seed), saved.units, hashTickNode);
}

/** A session as the acknowledgement of its opening, or of a voucher after a restart, describes it. */
export function startSession(
  lane: LaneAccount,
  saved: SavedSession & { id: string },
  chain: TickChain,
  ack: Acknowledgement,
): LiveSession {
  const next = Number((ack.consumed - saved.base) / saved.tickPrice);
  return {
    lane,
    id: fromHex(saved.id),
    chain,
    price: saved.tickPrice,
    base: saved.base,
    expiresAt: saved.expiresAt,
    next,
    answered: next,
    inFlight: 0,
    acknowledged: ack.acknowledged,
    withheld: 0,
    reveals: [],
    over: false,
  };
}

/** What all ticks up to `index` bring the lane to. */
export function worthOf(session: LiveSession, index: number): bigint {
  return session.base + BigInt(index) * session.price;
}

/**
 * Is this acknowledgement possible? It may lag behind, but can't know of more than was signed or revealed.
 * @throws EdgeError gateway-lied
 */
export function checkAcknowledgement(
  ack: Acknowledgement,
  limits: {
    readonly id: Uint8Array | null;
    readonly promised: bigint;
    readonly revealed: bigint;
    readonly now: number;
  },
): void {
  if (limits.id !== null && !bytesEqual(ack.session, limits.id))
    throw new EdgeError("gateway-lied", "an acknowledgement of another session");
  if (ack.acknowledged > limits.promised)
    throw new EdgeError(
      "gateway-lied",
      `acknowledges ${ack.acknowledged}, but ${limits.promised} was promised`,
    );
  if (ack.consumed > limits.revealed)
    throw new EdgeError(
      "gateway-lied",
      `claims ${ack.consumed} consumed, but ${limits.revealed} was revealed`,
    );
  if (ack.expiresAt <= BigInt(Math.floor(limits.now)))
    throw new EdgeError("gateway-lied", "the session it acknowledges is over");
}

/** Takes in what the gateway has on disk. Returns false if it is less than what was sent. */
export function applyAcknowledgement(session: LiveSession, ack: Acknowledgement, sent: bigint): boolean {
  if (ack.acknowledged > session.acknowledged) session.acknowledged = ack.acknowledged;
  while (
    session.reveals[0] !== undefined &&
    worthOf(session, session.reveals[0].index) <= session.acknowledged
  )
    session.reveals.shift();
  const whole = ack.acknowledged >= sent;
  session.withheld = whole ? 0 : session.withheld + 1;
  return whole;
}

/** The larger of two amounts; Math.max takes no bigint. */
export function larger(a: bigint, b: bigint): bigint {
  if (a < b) return b;
  return a;
}
