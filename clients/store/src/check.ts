import { StoreError } from "./errors.ts";
import type { LaneKey, StoredVoucher, VoucherOffer } from "./types.ts";

/** Largest amount of the protocol, micro-IU. */
export const MAX_AMOUNT = 2n ** 56n - 1n;
const MAX_I64 = 2n ** 63n - 1n;

/** A copy that shares no memory: a slice of a pooled Buffer would drag its pool into another thread. */
export function checkBytes(name: string, value: Uint8Array, length: number): Uint8Array {
  if (!(value instanceof Uint8Array) || value.length !== length) {
    throw new StoreError("value-range", `${name} is not ${length} bytes`);
  }
  return new Uint8Array(value);
}

export function checkU16(name: string, value: number): number {
  if (!Number.isInteger(value) || value < 0 || value > 65_535) {
    throw new StoreError("value-range", `${name} ${value} is not a u16`);
  }
  return value;
}

export function checkAmount(name: string, value: bigint, max = MAX_AMOUNT): bigint {
  if (typeof value !== "bigint" || value < 0n || value > max) {
    throw new StoreError("value-range", `${name} is not a bigint from 0 to ${max}`);
  }
  return value;
}

export const checkCounter = (name: string, value: bigint) => checkAmount(name, value, MAX_I64);

export function checkTime(name: string, value: number): number {
  if (!Number.isFinite(value) || value < 0 || value > Number.MAX_SAFE_INTEGER) {
    throw new StoreError("value-range", `${name} ${value} is no time`);
  }
  return Math.floor(value);
}

export function checkKey(key: LaneKey): LaneKey {
  return {
    ledger: checkBytes("ledger", key.ledger, 32),
    lane: checkU16("lane", key.lane),
    generation: checkU16("generation", key.generation),
  };
}

export function checkVoucher(voucher: StoredVoucher): StoredVoucher {
  return {
    ...checkKey(voucher),
    expiryDay: checkU16("expiryDay", voucher.expiryDay),
    cumulative: checkAmount("cumulative", voucher.cumulative),
    signature: checkBytes("signature", voucher.signature, 64),
  };
}

export function checkOffer(offer: VoucherOffer): VoucherOffer {
  return {
    ...checkVoucher(offer),
    consumed: checkAmount("consumed", offer.consumed),
    fence: checkCounter("fence", offer.fence),
  };
}
