import {
  type Acknowledgement,
  encodeOpen,
  fromBase58,
  fromHex,
  signOpen,
  type TollDiscovery,
  toBase64Url,
  toHex,
} from "@tolldns/sdk";
import { EdgeError } from "../errors.ts";
import type { LaneAccount, SavedSession } from "./account.ts";
import { TollRefused } from "./link.ts";
import type { PayerOptions } from "./payer.ts";
import { REMEDIES } from "./remedies.ts";
import { chainOf, checkAcknowledgement, type LiveSession, larger, startSession } from "./session.ts";
import { forgive, mostConsumed, type Trust } from "./trust.ts";
import { expiryDayOf, signerOf, tell, tellVoucher } from "./voucher.ts";

/** Units of a chain: made in a few milliseconds, and rarely used up within a day. */
const CHAIN_UNITS = 8_192;

/**
 * Goes on with the session the disk knows of, or opens a new one over the lane.
 * @throws EdgeError stopped, lane-spent, price-ceiling, gateway-lied, gateway-timeout; TollRefused
 */
export async function openSession(
  options: PayerOptions,
  lane: LaneAccount,
  terms: TollDiscovery,
  trust: Trust,
): Promise<LiveSession> {
  return (await resumeSession(options, lane, terms)) ?? (await newSession(options, lane, terms, trust));
}

/** Hands the best voucher in again: the acknowledgement says how many ticks the gateway has seen. Costs nothing. */
async function resumeSession(
  options: PayerOptions,
  lane: LaneAccount,
  terms: TollDiscovery,
): Promise<LiveSession | null> {
  const { session: saved } = lane;
  const { clock, link } = options;
  if (saved === null || saved.id === null) return null;
  if (saved.expiresAt - 5 <= clock.wall() || saved.tickPrice !== terms.tickPrice) return null;
  const id = fromHex(saved.id);
  let ack: Acknowledgement;
  try {
    ack = await tellVoucher(options, lane, id, expiryDayOf(terms, clock.wall()), lane.promised, link);
  } catch (error) {
    if (error instanceof TollRefused && REMEDIES[error.slug].remedy === "open") return null;
    throw error;
  }
  checkAcknowledgement(ack, { id, promised: lane.promised, revealed: lane.authorised, now: clock.wall() });
  const ahead = ack.consumed - saved.base;
  if (ahead < 0n || ahead % saved.tickPrice !== 0n)
    throw new EdgeError("gateway-lied", `${ack.consumed} is no number of units from ${saved.base}`);
  options.onEvent?.("session-resumed", "");
  return startSession(lane, { ...saved, id: saved.id }, chainOf(saved), ack);
}

async function newSession(
  options: PayerOptions,
  lane: LaneAccount,
  terms: TollDiscovery,
  trust: Trust,
): Promise<LiveSession> {
  const { book, clock } = options;
  if (!book.policy.acceptsPrice(terms.tickPrice))
    throw new EdgeError("price-ceiling", `${terms.tickPrice} a unit`);
  const affordable = (lane.reserve - lane.promised) / terms.tickPrice;
  const units = Number(affordable < BigInt(CHAIN_UNITS) ? affordable : BigInt(CHAIN_UNITS));
  if (units < 1) {
    options.lanes.wantMore(lane);
    throw new EdgeError("lane-spent", `${lane.reserve - lane.promised} micro-IU left`);
  }
  const openedAt = Math.max(Math.floor(clock.wall()), lane.lastOpened + 1);
  const saved: SavedSession = {
    id: null,
    seed: toBase64Url(options.randomBytes(32)),
    units: Math.min(units, terms.maxUnits),
    tickPrice: terms.tickPrice,
    openedAt,
    base: 0n,
    expiresAt: 0,
  };
  const chain = chainOf(saved);
  lane.session = saved;
  lane.lastOpened = openedAt;
  const opening = { lane, saved, anchor: chain.anchor, terms, trust };
  const ack = await offer(options, opening).catch((error: unknown) => offerMore(options, opening, error));
  checkAcknowledgement(ack, {
    id: null,
    promised: lane.promised,
    revealed: lane.promised,
    now: clock.wall(),
  });
  if (ack.acknowledged < lane.promised)
    throw new EdgeError("gateway-lied", `acknowledges ${ack.acknowledged} of the opening's ${lane.promised}`);
  const id = toHex(ack.session);
  Object.assign(saved, { id, base: ack.consumed, expiresAt: Number(ack.expiresAt) });
  await book.saveLane(lane);
  options.onEvent?.("session-opened", "");
  return startSession(lane, { ...saved, id }, chain, ack);
}

interface Opening {
  readonly lane: LaneAccount;
  readonly saved: SavedSession;
  readonly anchor: Uint8Array;
  readonly terms: TollDiscovery;
  readonly trust: Trust;
}

/** Puts the opening on disk, signs and sends it. */
async function offer(options: PayerOptions, opening: Opening): Promise<Acknowledgement> {
  const { book, clock, link } = options;
  const { lane, saved, anchor, terms } = opening;
  await book.promise(lane, lane.promised);
  const message = signOpen(
    {
      ledger: fromBase58(lane.ledger),
      lane: lane.lane,
      generation: lane.generation,
      openedAt: BigInt(saved.openedAt),
      anchor,
      units: saved.units,
      tickPrice: saved.tickPrice,
      expiryDay: expiryDayOf(terms, clock.wall()),
      cumulative: lane.promised,
    },
    signerOf(lane),
  );
  return tell(options, link, encodeOpen(message));
}

/**
 * The opening must cover what was consumed before. Ticks of an ended session count: the promise may rise to what they bought, which
 * was within the limits when they were revealed, and no further.
 */
async function offerMore(options: PayerOptions, opening: Opening, error: unknown): Promise<Acknowledgement> {
  if (!(error instanceof TollRefused) || (error.slug !== "voucher-due" && error.slug !== "voucher-stale"))
    throw error;
  const { lane } = opening;
  const { known } = error;
  const most = mostConsumed(opening.trust, opening.terms.tickPrice, lane.authorised);
  const needed = known === null ? most : larger(known.consumed, known.acknowledged);
  if (needed > most) throw new EdgeError("gateway-lied", `wants ${needed}, but at most ${most} was used`);
  if (needed <= lane.promised) throw error;
  await options.book.promise(lane, needed);
  const ack = await offer(options, opening);
  forgive(opening.trust);
  return ack;
}
