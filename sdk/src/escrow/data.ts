import { type AddressLike, toAddress } from "../address.ts";
import { checkAmount } from "../amounts.ts";
import { writeU16, writeU32, writeU64 } from "../bytes.ts";
import { checkSplit, type Split } from "../split.ts";

/** First byte of each instruction's data. */
export const DISCRIMINATOR = {
  settle: 0,
  initialize: 1,
  proposeAuthority: 2,
  acceptAuthority: 3,
  setGuardian: 4,
  setPaused: 5,
  setTreasury: 6,
  deposit: 10,
  withdraw: 11,
  closeBalance: 12,
  openLedger: 20,
  extendLedger: 21,
  setLedger: 22,
  closeLedger: 23,
  openLane: 30,
  topUpLane: 31,
  revokeLane: 32,
  rekeyLane: 33,
  requestClose: 34,
  closeLane: 35,
  distribute: 40,
} as const;

/** Name of an instruction of the escrow. */
export type EscrowInstruction = keyof typeof DISCRIMINATOR;

/** What the upgrade authority decides once. Durations in seconds. */
export interface Terms {
  readonly genesisHash: AddressLike;
  readonly split: Split;
  readonly settlementInterval: number;
  /** Must exceed twice the interval. */
  readonly graceSeconds: number;
  readonly guardian: AddressLike;
}

function dataOf(name: EscrowInstruction, length: number): Uint8Array {
  const data = new Uint8Array(1 + length);
  data[0] = DISCRIMINATOR[name];
  return data;
}

/** Data of the instructions that take no argument. */
export function encodePlain(name: "closeBalance" | "closeLedger" | "distribute"): Uint8Array {
  return dataOf(name, 0);
}

/** Data of the instructions that take an amount in micro-IU. @throws amount errors */
export function encodeWithAmount(name: "deposit" | "withdraw" | "setLedger", amount: bigint): Uint8Array {
  const data = dataOf(name, 8);
  writeU64(data, 1, checkAmount(amount), "amount");
  return data;
}

/** Data of the instructions that name a lane and nothing else. @throws integer-range */
export function encodeLane(
  name: "revokeLane" | "requestClose" | "closeLane",
  lane: number,
  generation: number,
): Uint8Array {
  const data = dataOf(name, 4);
  writeU16(data, 1, lane, "lane");
  writeU16(data, 3, generation, "generation");
  return data;
}

/** `1 | genesis hash 32 | operator, names, treasury bps u16 | interval u32 | grace u32 | guardian 32`. @throws split-sum, integer-range, address-invalid */
export function encodeInitialize(terms: Terms): Uint8Array {
  const { operatorBps, namesBps, treasuryBps } = checkSplit(terms.split);
  const data = dataOf("initialize", 78);
  data.set(toAddress(terms.genesisHash), 1);
  writeU16(data, 33, operatorBps, "operatorBps");
  writeU16(data, 35, namesBps, "namesBps");
  writeU16(data, 37, treasuryBps, "treasuryBps");
  writeU32(data, 39, terms.settlementInterval, "settlementInterval");
  writeU32(data, 43, terms.graceSeconds, "graceSeconds");
  data.set(toAddress(terms.guardian), 47);
  return data;
}

/** `5 | u8` */
export function encodeSetPaused(paused: boolean): Uint8Array {
  const data = dataOf("setPaused", 1);
  data[1] = paused ? 1 : 0;
  return data;
}

/** `20 | index u16 | min_reserve u64`. @throws integer-range, amount errors */
export function encodeOpenLedger(index: number, minReserve: bigint): Uint8Array {
  const data = dataOf("openLedger", 10);
  writeU16(data, 1, index, "index");
  writeU64(data, 3, checkAmount(minReserve, "minReserve"), "minReserve");
  return data;
}

/** `21 | rows u16`. @throws integer-range */
export function encodeExtendLedger(rows: number): Uint8Array {
  const data = dataOf("extendLedger", 2);
  writeU16(data, 1, rows, "rows");
  return data;
}

/** `30 | lane u16 | session key 32 | reserve u64`. @throws integer-range, address-invalid, amount errors */
export function encodeOpenLane(lane: number, sessionKey: AddressLike, reserve: bigint): Uint8Array {
  const data = dataOf("openLane", 42);
  writeU16(data, 1, lane, "lane");
  data.set(toAddress(sessionKey), 3);
  writeU64(data, 35, checkAmount(reserve, "reserve"), "reserve");
  return data;
}

/** `31 | lane u16 | generation u16 | amount u64`. @throws integer-range, amount errors */
export function encodeTopUpLane(lane: number, generation: number, amount: bigint): Uint8Array {
  const data = dataOf("topUpLane", 12);
  writeU16(data, 1, lane, "lane");
  writeU16(data, 3, generation, "generation");
  writeU64(data, 5, checkAmount(amount), "amount");
  return data;
}

/** `33 | lane u16 | generation u16 | session key 32`. @throws integer-range, address-invalid */
export function encodeRekeyLane(lane: number, generation: number, sessionKey: AddressLike): Uint8Array {
  const data = dataOf("rekeyLane", 36);
  writeU16(data, 1, lane, "lane");
  writeU16(data, 3, generation, "generation");
  data.set(toAddress(sessionKey), 5);
  return data;
}
