import {
  createSigner,
  createTickChain,
  dayOf,
  decodeAcknowledgement,
  encodeOpen,
  encodeTick,
  encodeVoucher,
  encodeVoucherMessage,
  type OpenTerms,
  revealTick,
  type Signer,
  signOpen,
  type TickChain,
} from "@tolldns/sdk";
import { hashTickNode } from "@tolldns/sdk/node";

/** The paying side, as a client does it: one lane, one session at a time. Amounts micro-IU, times Unix seconds. */
export interface Payer {
  readonly signer: Signer;
  readonly ledger: Uint8Array;
  readonly lane: number;
  generation: number;
  chain: TickChain;
  /** 8 bytes, once a session is open. */
  session: Uint8Array;
  /** Next index to reveal. */
  next: number;
  acknowledged: bigint;
  price: bigint;
}

export function createPayer(given: {
  ledger: Uint8Array;
  lane: number;
  generation?: number;
  price: bigint;
  seed?: number;
  units?: number;
}): Payer {
  const signer = createSigner(new Uint8Array(32).fill(given.seed ?? given.lane + 1));
  return {
    signer,
    ledger: given.ledger,
    lane: given.lane,
    generation: given.generation ?? 1,
    chain: newChain(given.units ?? 1024),
    session: new Uint8Array(8),
    next: 1,
    acknowledged: 0n,
    price: given.price,
  };
}

let chains = 0;

/** A chain of a seed no other test chain has. */
export function newChain(units: number): TickChain {
  const seed = new Uint8Array(32);
  new DataView(seed.buffer).setUint32(0, ++chains);
  return createTickChain(seed, units, hashTickNode);
}

export function openTerms(payer: Payer, now: number, changes: Partial<OpenTerms> = {}): OpenTerms {
  return {
    ledger: payer.ledger,
    lane: payer.lane,
    generation: payer.generation,
    openedAt: BigInt(Math.floor(now)),
    anchor: payer.chain.anchor,
    units: payer.chain.units,
    tickPrice: payer.price,
    expiryDay: dayOf(Math.floor(now)) + 7,
    cumulative: payer.acknowledged,
    ...changes,
  };
}

/** The 227 bytes that open a session. */
export function openBytes(payer: Payer, now: number, changes: Partial<OpenTerms> = {}): Uint8Array {
  return encodeOpen(signOpen(openTerms(payer, now, changes), payer.signer));
}

/** Takes what the gateway acknowledged. */
export function entered(payer: Payer, acknowledgement: Uint8Array): void {
  const message = decodeAcknowledgement(acknowledgement);
  payer.session = message.session;
  payer.acknowledged = message.acknowledged;
  payer.next = 1;
}

/** The 45 bytes of tick `index`; the next one if none is named. */
export function tickBytes(payer: Payer, index = payer.next++): Uint8Array {
  return encodeTick({ session: payer.session, index, tick: revealTick(payer.chain, index) });
}

/** The 83 bytes of a voucher over `cumulative`. */
export function voucherBytes(payer: Payer, now: number, cumulative: bigint, days = 7): Uint8Array {
  const expiryDay = dayOf(Math.floor(now)) + days;
  const { ledger, lane, generation } = payer;
  const signature = payer.signer.sign(encodeVoucher({ ledger, lane, generation, expiryDay, cumulative }));
  return encodeVoucherMessage({ session: payer.session, expiryDay, cumulative, signature });
}

/** A question in wire form, without compression. */
export function question(name: string, type = 1): Uint8Array {
  const labels = name.split(".").filter((label) => label !== "");
  const out = Buffer.alloc(name.endsWith(".") || labels.length === 0 ? name.length + 5 : name.length + 6);
  let at = 0;
  for (const label of labels) {
    out[at++] = label.length;
    at += out.write(label, at, "latin1");
  }
  out[at++] = 0;
  out.writeUInt16BE(type, at);
  out.writeUInt16BE(1, at + 2);
  return out.subarray(0, at + 4);
}
