import {
  decodeAcknowledgement,
  encodeVoucherMessage,
  expiryDayAfter,
  fromBase58,
  fromBase64Url,
  type Signer,
  signVoucher,
  type TollDiscovery,
} from "@tolldns/sdk";
import { createSignerNode } from "@tolldns/sdk/node";
import { EdgeError } from "../errors.ts";
import type { LaneAccount } from "./account.ts";
import type { GatewayLink } from "./link.ts";
import type { PayerOptions } from "./payer.ts";
import { applyAcknowledgement, checkAcknowledgement, type LiveSession, larger, worthOf } from "./session.ts";
import { abortable } from "./wait.ts";

/** Acknowledgements in a row below what was sent after which the gateway is taken for a liar. */
const MAX_WITHHELD = 3;

/** Shortest expiry the gateway takes, and a day more so that midnight may pass on the way. */
export function expiryDayOf(terms: TollDiscovery, wall: number): number {
  return expiryDayAfter(Math.floor(wall), Math.min(terms.expiryDays.max, terms.expiryDays.min + 1));
}

/** The lane's session key. */
export function signerOf(lane: LaneAccount): Signer {
  return createSignerNode(fromBase64Url(lane.seed));
}

/**
 * Promises `upTo`, micro-IU on the lane's scale: on disk, then signed, then sent.
 * @throws EdgeError stopped, gateway-lied, gateway-timeout; TollRefused
 */
export async function sendVoucher(
  options: PayerOptions,
  session: LiveSession,
  terms: TollDiscovery,
  upTo: bigint,
): Promise<void> {
  const { book, clock, link } = options;
  const { lane } = session;
  const target = larger(upTo, lane.promised);
  if (target <= session.acknowledged) return;
  await book.promise(lane, target);
  const ack = await tellVoucher(options, lane, session.id, expiryDayOf(terms, clock.wall()), target, link);
  checkAcknowledgement(ack, {
    id: session.id,
    promised: lane.promised,
    revealed: worthOf(session, session.next),
    now: clock.wall(),
  });
  if (!applyAcknowledgement(session, ack, target)) {
    const text = `acknowledges ${ack.acknowledged} after a voucher of ${target}`;
    throw new EdgeError(session.withheld >= MAX_WITHHELD ? "gateway-lied" : "gateway-timeout", text);
  }
  options.onEvent?.("voucher", `${target}`);
}

/** Signs and sends a voucher that is on disk already. The gate is asked last: nothing is signed after a stop. */
export async function tellVoucher(
  options: PayerOptions,
  lane: LaneAccount,
  id: Uint8Array,
  expiryDay: number,
  cumulative: bigint,
  link: GatewayLink,
): Promise<ReturnType<typeof decodeAcknowledgement>> {
  options.book.checkGate();
  const { lane: row, generation } = lane;
  const voucher = { ledger: fromBase58(lane.ledger), lane: row, generation, expiryDay, cumulative };
  const { signature } = signVoucher(voucher, signerOf(lane));
  return tell(options, link, encodeVoucherMessage({ session: id, expiryDay, cumulative, signature }));
}

/** Sends a message and reads the acknowledgement. @throws EdgeError gateway-timeout, gateway-lied; TollRefused */
export async function tell(
  options: PayerOptions,
  link: GatewayLink,
  message: Uint8Array,
): Promise<ReturnType<typeof decodeAcknowledgement>> {
  const controller = new AbortController();
  const cancel = options.clock.after(options.timeoutMs, () =>
    controller.abort(new EdgeError("gateway-timeout", "no acknowledgement")),
  );
  try {
    const bytes = await abortable(link.tell(message, controller.signal), controller.signal);
    try {
      return decodeAcknowledgement(bytes);
    } catch (cause) {
      throw new EdgeError("gateway-lied", "what it sent is no acknowledgement", { cause });
    }
  } finally {
    cancel();
  }
}
