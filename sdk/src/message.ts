import { checkAmount } from "./amounts.ts";
import {
  checkBytes,
  checkInteger,
  checkU64,
  copyBytes,
  readU16,
  readU32,
  readU64,
  writeU16,
  writeU32,
  writeU64,
} from "./bytes.ts";
import { type ErrorTable, errorsOf } from "./errors.ts";

/** EDNS option that carries a toll message: the first of the local range (RFC 6891) this protocol uses. */
export const EDNS_OPTION_TOLL = 65_312;
/** Request header that carries a tick on DoH, in base64url without padding. */
export const TOLL_HEADER = "toll";
/** Media type of toll messages in HTTP bodies. */
export const TOLL_MEDIA_TYPE = "application/octet-stream";
/** Where a gateway publishes its terms. */
export const DISCOVERY_PATH = "/.well-known/tolldns";
/** Where a session is opened. */
export const SESSION_PATH = "/.well-known/tolldns/session";
/** Where a voucher is handed in. */
export const VOUCHER_PATH = "/.well-known/tolldns/voucher";
/** Name asked (class CH, type TXT) when a toll message travels without a query of its own. */
export const TOLL_NAME = "toll.tolldns.";

/** First byte of each message. */
export const MESSAGE = { tick: 0x01, voucher: 0x02, open: 0x03, acknowledgement: 0x81 } as const;
/** Bytes of each message. */
export const MESSAGE_LENGTH = { tick: 45, voucher: 83, open: 227, acknowledgement: 33 } as const;
/** Bytes of a session id. */
export const SESSION_ID_LENGTH = 8;

/** 0x01: pays for the query it rides on. */
export interface TickMessage {
  /** 8 bytes, from the acknowledgement. */
  readonly session: Uint8Array;
  /** Units paid in this session, u32. */
  readonly index: number;
  /** 32 bytes. */
  readonly tick: Uint8Array;
}

/** 0x02: a new voucher on the session's lane. */
export interface VoucherMessage {
  readonly session: Uint8Array;
  readonly expiryDay: number;
  /** micro-IU */
  readonly cumulative: bigint;
  /** 64 bytes over the 47-byte voucher. */
  readonly signature: Uint8Array;
}

/** 0x03: opens a session with a first voucher and the anchor of a hash chain. */
export interface OpenMessage {
  readonly ledger: Uint8Array;
  readonly lane: number;
  readonly generation: number;
  /** Unix seconds. */
  readonly openedAt: bigint;
  /** `w[0]` of the chain, 32 bytes. */
  readonly anchor: Uint8Array;
  /** Ticks of the chain, u32. */
  readonly units: number;
  /** micro-IU a unit, as the gateway published it. */
  readonly tickPrice: bigint;
  readonly expiryDay: number;
  /** micro-IU */
  readonly cumulative: bigint;
  /** Session key over the 47-byte voucher, 64 bytes. */
  readonly voucherSignature: Uint8Array;
  /** Session key over everything before it, 64 bytes; see openSigningBytes. */
  readonly signature: Uint8Array;
}

/** 0x81: what the gateway has on disk. */
export interface Acknowledgement {
  readonly session: Uint8Array;
  /** Cumulative of the best voucher kept, micro-IU. */
  readonly acknowledged: bigint;
  /** What the lane has consumed so far, micro-IU on the same scale as `acknowledged`. */
  readonly consumed: bigint;
  /** Unix second at which the session ends. */
  readonly expiresAt: bigint;
}

/** Any toll message, told apart by `type`. */
export type TollMessage =
  | ({ readonly type: "tick" } & TickMessage)
  | ({ readonly type: "voucher" } & VoucherMessage)
  | ({ readonly type: "open" } & OpenMessage)
  | ({ readonly type: "acknowledgement" } & Acknowledgement);

/** Context of each message error. */
export interface MessageErrors {
  "message-empty": Record<string, never>;
  "message-type": { got: number; expected?: number };
  "message-length": { type: string; expected: number; got: number };
}

/** Toll message errors, 150-159. A gateway answers all of them with `toll-malformed`. */
export const MESSAGE_ERRORS: ErrorTable<MessageErrors> = {
  "message-empty": {
    number: 150,
    message: "the toll message is empty",
    hint: "Leave the header or option out when there is nothing to say.",
  },
  "message-type": {
    number: 151,
    message: "unexpected type of toll message",
    hint: "The first byte is 0x01, 0x02, 0x03 or 0x81.",
  },
  "message-length": {
    number: 152,
    message: "wrong length for this type of toll message",
    hint: "Messages have a fixed length; nothing may follow.",
  },
};

const fail = /* #__PURE__ */ errorsOf(MESSAGE_ERRORS);

/** `01 | session 8 | index u32 | tick 32`. @throws bytes-type, bytes-length, integer-range */
export function encodeTick(message: TickMessage): Uint8Array {
  const out = start("tick", message.session);
  writeU32(out, 9, message.index, "index");
  out.set(checkBytes(message.tick, 32, "tick"), 13);
  return out;
}

/** Reads 0x01. Session and tick are views of `bytes`, so that the hot path copies nothing. @throws message-type, message-length, message-empty */
export function decodeTick(bytes: Uint8Array): TickMessage {
  checkMessage(bytes, "tick");
  return { session: bytes.subarray(1, 9), index: readU32(bytes, 9), tick: bytes.subarray(13, 45) };
}

/** `02 | session 8 | expiry_day u16 | cumulative u64 | signature 64`. @throws as encodeTick, and amount errors */
export function encodeVoucherMessage(message: VoucherMessage): Uint8Array {
  const out = start("voucher", message.session);
  writeU16(out, 9, message.expiryDay, "expiryDay");
  writeU64(out, 11, checkAmount(message.cumulative, "cumulative"), "cumulative");
  out.set(checkBytes(message.signature, 64, "signature"), 19);
  return out;
}

/** Reads 0x02 into copies. @throws message-type, message-length, message-empty, amount-range */
export function decodeVoucherMessage(bytes: Uint8Array): VoucherMessage {
  checkMessage(bytes, "voucher");
  return {
    session: copyBytes(bytes, 1, 9),
    expiryDay: readU16(bytes, 9),
    cumulative: checkAmount(readU64(bytes, 11), "cumulative"),
    signature: copyBytes(bytes, 19, 83),
  };
}

/** The 227 bytes of 0x03. @throws bytes-type, bytes-length, integer-range, amount errors */
export function encodeOpen(message: OpenMessage): Uint8Array {
  const out = new Uint8Array(MESSAGE_LENGTH.open);
  out.set(encodeOpenHead(message));
  out.set(checkBytes(message.signature, 64, "signature"), 163);
  return out;
}

/** The first 163 bytes of 0x03: all but the last signature. @throws as encodeOpen */
export function encodeOpenHead(message: Omit<OpenMessage, "signature">): Uint8Array {
  const out = new Uint8Array(MESSAGE_LENGTH.open - 64);
  out[0] = MESSAGE.open;
  out.set(checkBytes(message.ledger, 32, "ledger"), 1);
  writeU16(out, 33, message.lane, "lane");
  writeU16(out, 35, message.generation, "generation");
  writeU64(out, 37, checkU64(message.openedAt, "openedAt"), "openedAt");
  out.set(checkBytes(message.anchor, 32, "anchor"), 45);
  writeU32(out, 77, message.units, "units");
  writeU64(out, 81, checkAmount(message.tickPrice, "tickPrice"), "tickPrice");
  writeU16(out, 89, message.expiryDay, "expiryDay");
  writeU64(out, 91, checkAmount(message.cumulative, "cumulative"), "cumulative");
  out.set(checkBytes(message.voucherSignature, 64, "voucherSignature"), 99);
  return out;
}

/** Reads 0x03 into copies. @throws message-type, message-length, message-empty, amount-range */
export function decodeOpen(bytes: Uint8Array): OpenMessage {
  checkMessage(bytes, "open");
  return {
    ledger: copyBytes(bytes, 1, 33),
    lane: readU16(bytes, 33),
    generation: readU16(bytes, 35),
    openedAt: readU64(bytes, 37),
    anchor: copyBytes(bytes, 45, 77),
    units: readU32(bytes, 77),
    tickPrice: checkAmount(readU64(bytes, 81), "tickPrice"),
    expiryDay: readU16(bytes, 89),
    cumulative: checkAmount(readU64(bytes, 91), "cumulative"),
    voucherSignature: copyBytes(bytes, 99, 163),
    signature: copyBytes(bytes, 163, 227),
  };
}

/** `81 | session 8 | acknowledged u64 | consumed u64 | expires_at u64`. @throws bytes-type, bytes-length, integer-range, amount errors */
export function encodeAcknowledgement(message: Acknowledgement): Uint8Array {
  const out = start("acknowledgement", message.session);
  writeU64(out, 9, checkAmount(message.acknowledged, "acknowledged"), "acknowledged");
  writeU64(out, 17, checkAmount(message.consumed, "consumed"), "consumed");
  writeU64(out, 25, checkU64(message.expiresAt, "expiresAt"), "expiresAt");
  return out;
}

/** Reads 0x81 into copies. @throws message-type, message-length, message-empty, amount-range */
export function decodeAcknowledgement(bytes: Uint8Array): Acknowledgement {
  checkMessage(bytes, "acknowledgement");
  return {
    session: copyBytes(bytes, 1, 9),
    acknowledged: checkAmount(readU64(bytes, 9), "acknowledged"),
    consumed: checkAmount(readU64(bytes, 17), "consumed"),
    expiresAt: readU64(bytes, 25),
  };
}

/** Reads whichever message it is. @throws message-empty, message-type, message-length, amount-range */
export function decodeMessage(bytes: Uint8Array): TollMessage {
  switch (bytes[0]) {
    case MESSAGE.tick:
      return { type: "tick", ...decodeTick(bytes) };
    case MESSAGE.voucher:
      return { type: "voucher", ...decodeVoucherMessage(bytes) };
    case MESSAGE.open:
      return { type: "open", ...decodeOpen(bytes) };
    case MESSAGE.acknowledgement:
      return { type: "acknowledgement", ...decodeAcknowledgement(bytes) };
    case undefined:
      throw fail("message-empty", {});
    default:
      throw fail("message-type", { got: bytes[0] });
  }
}

/** Writes any message. @throws what its own encoder throws */
export function encodeMessage(message: TollMessage): Uint8Array {
  switch (message.type) {
    case "tick":
      return encodeTick(message);
    case "voucher":
      return encodeVoucherMessage(message);
    case "open":
      return encodeOpen(message);
    case "acknowledgement":
      return encodeAcknowledgement(message);
  }
}

function start(type: keyof typeof MESSAGE, session: Uint8Array): Uint8Array {
  const out = new Uint8Array(MESSAGE_LENGTH[type]);
  out[0] = checkInteger(MESSAGE[type], 0xff, "type");
  out.set(checkBytes(session, SESSION_ID_LENGTH, "session"), 1);
  return out;
}

function checkMessage(bytes: Uint8Array, type: keyof typeof MESSAGE): void {
  if (bytes.length === 0) throw fail("message-empty", {});
  if (bytes[0] !== MESSAGE[type])
    throw fail("message-type", { got: bytes[0] as number, expected: MESSAGE[type] });
  if (bytes.length !== MESSAGE_LENGTH[type])
    throw fail("message-length", { type, expected: MESSAGE_LENGTH[type], got: bytes.length });
}
