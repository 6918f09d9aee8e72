import { checkAmount } from "./amounts.ts";
import { checkBytes, checkInteger, copyBytes, readU16, readU32, writeU16, writeU32 } from "./bytes.ts";
import { type ErrorTable, errorsOf } from "./errors.ts";
import type { SignedVoucher, Voucher } from "./voucher.ts";

/** Bytes of one settlement record. */
export const RECORD_LENGTH = 74;
/** Discriminator of `settle`. */
export const SETTLE_DISCRIMINATOR = 0;
/** Bytes of `settle` data before the first record: discriminator, base day and the length of what follows. */
export const SETTLE_HEADER_LENGTH = 7;

/** What `settle` needs of a voucher; ledger and generation it knows from the account. */
export interface SettlementRecord {
  /** u16 */
  readonly lane: number;
  /** micro-IU, u56 */
  readonly cumulative: bigint;
  /** Expiry day less the batch's base day, u8. */
  readonly expiryOffset: number;
  /** 64 bytes. */
  readonly signature: Uint8Array;
}

/** Data of one `settle` instruction. */
export interface SettleData {
  /** Earliest expiry day of the batch, u16. */
  readonly baseDay: number;
  readonly records: readonly SettlementRecord[];
}

/** Context of each record error. */
export interface RecordErrors {
  "record-length": { got: number };
  "settle-discriminator": { got: number };
  "settle-length": { got: number };
  "settle-empty": Record<string, never>;
  "settle-span": { firstDay: number; lastDay: number };
}

/** Settlement record errors, 130-139. */
export const RECORD_ERRORS: ErrorTable<RecordErrors> = {
  "record-length": {
    number: 130,
    message: "a settlement record has 74 bytes",
    hint: "Cut the batch at multiples of 74 bytes after its seven-byte header.",
  },
  "settle-discriminator": {
    number: 131,
    message: "not settle data: it begins with 0",
    hint: "This is the data of another instruction.",
  },
  "settle-length": {
    number: 132,
    message: "settle data is a seven-byte header and as many 74-byte records as it says",
    hint: "The data was cut or something was appended.",
  },
  "settle-empty": { number: 133, message: "a batch needs a voucher", hint: "Do not send an empty batch." },
  "settle-span": {
    number: 134,
    message: "expiry days of a batch lie more than 255 apart",
    hint: "Put the vouchers that expire latest into another batch.",
  },
};

const fail = /* #__PURE__ */ errorsOf(RECORD_ERRORS);

/**
 * `lane u16 | cumulative u56 | expiry offset u8 | signature 64`.
 * @throws amount-not-bigint, amount-range, integer-range, bytes-type, bytes-length
 */
export function encodeRecord(record: SettlementRecord): Uint8Array {
  const out = new Uint8Array(RECORD_LENGTH);
  writeRecord(out, 0, record);
  return out;
}

/** Reads one record. The signature is a copy. @throws record-length */
export function decodeRecord(bytes: Uint8Array): SettlementRecord {
  if (bytes.length !== RECORD_LENGTH) throw fail("record-length", { got: bytes.length });
  return readRecord(bytes, 0);
}

/** Instruction data of `settle`: `0 | base_day u16 | length u32 | records`. @throws settle-empty and what encodeRecord throws */
export function encodeSettle(data: SettleData): Uint8Array {
  if (data.records.length === 0) throw fail("settle-empty", {});
  const out = new Uint8Array(SETTLE_HEADER_LENGTH + RECORD_LENGTH * data.records.length);
  out[0] = SETTLE_DISCRIMINATOR;
  writeU16(out, 1, data.baseDay, "baseDay");
  writeU32(out, 3, out.length - SETTLE_HEADER_LENGTH, "length");
  data.records.forEach((record, i) => {
    writeRecord(out, SETTLE_HEADER_LENGTH + i * RECORD_LENGTH, record);
  });
  return out;
}

/** Reads what encodeSettle writes. @throws settle-discriminator, settle-length, settle-empty */
export function decodeSettle(bytes: Uint8Array): SettleData {
  if (bytes.length < 1 || bytes[0] !== SETTLE_DISCRIMINATOR)
    throw fail("settle-discriminator", { got: bytes[0] ?? -1 });
  const body = bytes.length - SETTLE_HEADER_LENGTH;
  if (body < 0 || body % RECORD_LENGTH !== 0 || readU32(bytes, 3) !== body)
    throw fail("settle-length", { got: bytes.length });
  if (body === 0) throw fail("settle-empty", {});
  const records: SettlementRecord[] = [];
  for (let at = SETTLE_HEADER_LENGTH; at < bytes.length; at += RECORD_LENGTH)
    records.push(readRecord(bytes, at));
  return { baseDay: readU16(bytes, 1), records };
}

/** The batch that settles these vouchers of one ledger, in the order given. @throws settle-empty, settle-span, integer-range */
export function batchOf(vouchers: readonly SignedVoucher[]): SettleData {
  if (vouchers.length === 0) throw fail("settle-empty", {});
  let firstDay = 0xffff;
  let lastDay = 0;
  for (const { expiryDay } of vouchers) {
    checkInteger(expiryDay, 0xffff, "expiryDay");
    firstDay = Math.min(firstDay, expiryDay);
    lastDay = Math.max(lastDay, expiryDay);
  }
  if (lastDay - firstDay > 0xff) throw fail("settle-span", { firstDay, lastDay });
  const records = vouchers.map(({ lane, cumulative, expiryDay, signature }) => ({
    lane,
    cumulative,
    expiryOffset: expiryDay - firstDay,
    signature,
  }));
  return { baseDay: firstDay, records };
}

/** The voucher a record stands for, given the ledger and the lane's generation. The signature is over these bytes. */
export function voucherOf(
  record: SettlementRecord,
  batch: { readonly ledger: Uint8Array; readonly generation: number; readonly baseDay: number },
): Voucher {
  return {
    ledger: batch.ledger,
    lane: record.lane,
    generation: batch.generation,
    expiryDay: checkInteger(batch.baseDay + record.expiryOffset, 0xffff, "expiryDay"),
    cumulative: record.cumulative,
  };
}

function writeRecord(out: Uint8Array, at: number, record: SettlementRecord): void {
  writeU16(out, at, record.lane, "lane");
  const cumulative = checkAmount(record.cumulative, "cumulative");
  writeU32(out, at + 2, Number(cumulative & 0xffff_ffffn), "cumulative");
  const high = Number(cumulative >> 32n);
  writeU16(out, at + 6, high & 0xffff, "cumulative");
  out[at + 8] = high >>> 16;
  out[at + 9] = checkInteger(record.expiryOffset, 0xff, "expiryOffset");
  out.set(checkBytes(record.signature, 64, "signature"), at + 10);
}

function readRecord(bytes: Uint8Array, at: number): SettlementRecord {
  const high = readU16(bytes, at + 6) | ((bytes[at + 8] as number) << 16);
  return {
    lane: readU16(bytes, at),
    cumulative: (BigInt(high) << 32n) | BigInt(readU32(bytes, at + 2)),
    expiryOffset: bytes[at + 9] as number,
    signature: copyBytes(bytes, at + 10, at + RECORD_LENGTH),
  };
}
