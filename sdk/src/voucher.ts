import { checkAmount } from "./amounts.ts";
import { bytesEqual, checkBytes, copyBytes, readU16, readU64, writeU16, writeU64 } from "./bytes.ts";
import { type Signer, type VerifyEd25519, verifyEd25519 } from "./ed25519.ts";
import { type ErrorTable, errorsOf } from "./errors.ts";

/** Bytes of an encoded voucher. With key and `R` it fills one SHA-512 block, which is what keeps settlement cheap. */
export const VOUCHER_LENGTH = 47;
/** First byte of a voucher. */
export const VOUCHER_TAG = 0x54;
/** Seconds of an expiry day. */
export const SECONDS_PER_DAY = 86_400;

/** A payer's promise of everything one lane has ever owed in one generation. */
export interface Voucher {
  /** Address of the ledger, 32 bytes. It is derived with the cluster's genesis hash, so it names the cluster too. */
  readonly ledger: Uint8Array;
  /** Row of the ledger, u16. */
  readonly lane: number;
  /** How often the row was opened, u16. */
  readonly generation: number;
  /** Last day the voucher is good, in days since 1970-01-01 UTC, u16. */
  readonly expiryDay: number;
  /** All promised so far, in micro-IU, at most MAX_AMOUNT. */
  readonly cumulative: bigint;
}

/** A voucher and the 64-byte signature of its session key. */
export interface SignedVoucher extends Voucher {
  readonly signature: Uint8Array;
}

/** Context of each voucher error. */
export interface VoucherErrors {
  "voucher-length": { got: number };
  "voucher-tag": { got: number };
}

/** Voucher errors, 120-129. */
export const VOUCHER_ERRORS: ErrorTable<VoucherErrors> = {
  "voucher-length": {
    number: 120,
    message: "a voucher has 47 bytes",
    hint: "Pass the encoded voucher alone, without its signature.",
  },
  "voucher-tag": {
    number: 121,
    message: "a voucher begins with 0x54",
    hint: "These bytes are something else; look at what was passed in.",
  },
};

const fail = /* #__PURE__ */ errorsOf(VOUCHER_ERRORS);

/**
 * The 47 bytes that are signed: `0x54 | ledger 32 | lane u16 | generation u16 | expiry_day u16 | cumulative u64`.
 * @throws amount-not-bigint, amount-range, bytes-type, bytes-length, integer-range
 */
export function encodeVoucher(voucher: Voucher): Uint8Array {
  const out = new Uint8Array(VOUCHER_LENGTH);
  out[0] = VOUCHER_TAG;
  out.set(checkBytes(voucher.ledger, 32, "ledger"), 1);
  writeU16(out, 33, voucher.lane, "lane");
  writeU16(out, 35, voucher.generation, "generation");
  writeU16(out, 37, voucher.expiryDay, "expiryDay");
  writeU64(out, 39, checkAmount(voucher.cumulative, "cumulative"), "cumulative");
  return out;
}

/** Reads the 47 bytes. The ledger is a copy. @throws voucher-length, voucher-tag, amount-range */
export function decodeVoucher(bytes: Uint8Array): Voucher {
  if (bytes.length !== VOUCHER_LENGTH) throw fail("voucher-length", { got: bytes.length });
  if (bytes[0] !== VOUCHER_TAG) throw fail("voucher-tag", { got: bytes[0] as number });
  return {
    ledger: copyBytes(bytes, 1, 33),
    lane: readU16(bytes, 33),
    generation: readU16(bytes, 35),
    expiryDay: readU16(bytes, 37),
    cumulative: checkAmount(readU64(bytes, 39), "cumulative"),
  };
}

/** Signs with the lane's session key. @throws what encodeVoucher throws */
export function signVoucher(voucher: Voucher, signer: Signer): SignedVoucher {
  return { ...voucher, signature: signer.sign(encodeVoucher(voucher)) };
}

/**
 * Does the lane's session key stand behind this voucher? Says nothing about reserve, expiry or state of the lane.
 * Hand in `verify` of `@tolldns/sdk/node` where speed matters.
 * @throws what encodeVoucher throws
 */
export function verifyVoucher(
  voucher: SignedVoucher,
  sessionKey: Uint8Array,
  verify: VerifyEd25519 = verifyEd25519,
): boolean {
  return verify(sessionKey, encodeVoucher(voucher), voucher.signature);
}

/** Same ledger, lane and generation, so that the cumulatives may be compared? */
export function isSameLane(a: Voucher, b: Voucher): boolean {
  return a.lane === b.lane && a.generation === b.generation && bytesEqual(a.ledger, b.ledger);
}

/** Day since 1970-01-01 UTC of a time in Unix seconds. */
export function dayOf(unixSeconds: number | bigint): number {
  return Number(BigInt(unixSeconds) / BigInt(SECONDS_PER_DAY));
}

/** Expiry day of a voucher that is good for the rest of today and `days` more. `unixSeconds` is now. */
export function expiryDayAfter(unixSeconds: number | bigint, days: number): number {
  return dayOf(unixSeconds) + days;
}

/** First second (Unix) at which a voucher of that expiry day is worthless. */
export function expiresAt(expiryDay: number): bigint {
  return BigInt(expiryDay + 1) * BigInt(SECONDS_PER_DAY);
}

/** Is it too late for a voucher of that expiry day? The program asks the same: `now / 86 400 <= expiry_day`. */
export function isExpired(expiryDay: number, unixSeconds: number | bigint): boolean {
  return dayOf(unixSeconds) > expiryDay;
}
