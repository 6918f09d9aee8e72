import { type AddressLike, toAddress } from "../address.ts";
import { checkAmount } from "../amounts.ts";
import { writeU16, writeU32, writeU64 } from "../bytes.ts";
import { encoderOf, tail, u64 } from "../encode.ts";
import { hashName } from "./hash.ts";

/** First byte of each instruction's data. */
export const DISCRIMINATOR = {
  initialize: 0,
  proposeAuthority: 1,
  acceptAuthority: 2,
  setGuardian: 3,
  setPaused: 4,
  setTerms: 5,
  setTreasury: 6,
  commit: 10,
  register: 11,
  renew: 12,
  cancelCommitment: 13,
  openAuction: 20,
  bid: 21,
  withdrawBid: 22,
  settleAuction: 23,
  offerControl: 30,
  acceptControl: 31,
  withdrawOffer: 32,
  appointDelegate: 33,
  dismissDelegate: 34,
  closeDelegate: 35,
  recordAuthority: 36,
  postRoute: 40,
  issuePassport: 50,
  setHint: 51,
} as const;

/** Name of an instruction. */
export type NamesInstruction = keyof typeof DISCRIMINATOR;

/** What the authority decides. Prices in micro-IU a term, durations in seconds. */
export interface NamesTerms {
  /** For labels of 1, 2, 3, 4 and 5 or more bytes. */
  readonly prices: readonly [bigint, bigint, bigint, bigint, bigint];
  readonly term: number;
  readonly grace: number;
  readonly commitMin: number;
  readonly commitMax: number;
  readonly auction: number;
  readonly extension: number;
  readonly incrementBps: number;
}

/** What a delegate may do. */
export const ROLE_ROUTES = 1;

/** Kinds of `dyndns_hint`, by their number. */
export const HINT_KINDS = ["none", "key", "relay", "rendezvous"] as const;
export type HintKind = (typeof HINT_KINDS)[number];

/** `discriminator | parts`. */
export const encode = /* #__PURE__ */ encoderOf(DISCRIMINATOR);

export const amount = (value: bigint) => u64(checkAmount(value), "amount");
export const address = (value: AddressLike) => toAddress(value);

/** A label's hash, what lies between, and the label itself. @throws label-invalid */
export function encodeLabel(
  name: "register" | "openAuction",
  label: string,
  ...parts: Uint8Array[]
): Uint8Array {
  return encode(name, hashName(label), ...parts, tail(new TextEncoder().encode(label)));
}

/** `prices u64 x 5 | times u32 x 6 | increment u16`. @throws amount errors, integer-range */
export function encodeTerms(terms: NamesTerms): Uint8Array {
  const bytes = new Uint8Array(66);
  terms.prices.forEach((price, i) => {
    writeU64(bytes, 8 * i, checkAmount(price), "price");
  });
  const times = ["term", "grace", "commitMin", "commitMax", "auction", "extension"] as const;
  times.forEach((field, i) => {
    writeU32(bytes, 40 + 4 * i, terms[field], field);
  });
  writeU16(bytes, 64, terms.incrementBps, "incrementBps");
  return bytes;
}
