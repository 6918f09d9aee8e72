import { Reader } from "./reader.ts";

/** The largest packet of a legacy or v0 transaction, in bytes: IPv6's minimum MTU less headers. */
export const PACKET_LIMIT = 1232;
/** The largest v1 transaction, in bytes (SIMD-0385). */
export const PACKET_LIMIT_V1 = 4096;
/** First byte of a v1 transaction. */
const V1_MARK = 0x81;
/** v1 limits (SIMD-0385). */
const V1_MAX_SIGNATURES = 12;
const V1_MAX_ADDRESSES = 64;
const V1_MAX_INSTRUCTIONS = 64;

export interface WireInstruction {
  programIndex: number;
  accounts: Uint8Array;
  data: Uint8Array;
}

export interface WireLookup {
  table: Uint8Array;
  writable: Uint8Array;
  readonly: Uint8Array;
}

/** What a v1 message says about its budget; an absent value counts as zero (SIMD-0385). */
export interface WireConfig {
  priorityFee: bigint;
  computeUnitLimit: number;
  loadedAccountsDataSizeLimit: number;
  heapSize: number;
}

export interface WireMessage {
  version: "legacy" | 0 | 1;
  signers: number;
  readonlySigned: number;
  readonlyUnsigned: number;
  keys: Uint8Array[];
  blockhash: Uint8Array;
  instructions: WireInstruction[];
  lookups: WireLookup[];
  config: WireConfig | null;
  /** The bytes that are signed. */
  bytes: Uint8Array;
}

export interface WireTransaction {
  signatures: Uint8Array[];
  message: WireMessage;
  bytes: Uint8Array;
}

/** Thrown for bytes that are no transaction. The text goes to the client. */
export class WireError extends Error {}

/**
 * Reads a legacy, v0 or v1 transaction strictly: nothing missing, nothing left over. LiteSVM's own decoder ends the
 * process on bad bytes, so nothing reaches it that has not passed here.
 * @throws WireError
 */
export function parseTransaction(bytes: Uint8Array): WireTransaction {
  const reader = new Reader(bytes);
  if (bytes[0] === V1_MARK) {
    const message = readV1(reader);
    const signatures = readSignatures(reader, message.signers);
    reader.end();
    return { signatures, message, bytes };
  }
  const signatures = readSignatures(reader, reader.compact());
  const message = readMessage(reader);
  reader.end();
  if (signatures.length !== message.signers)
    throw new WireError("signature count does not match the message");
  return { signatures, message, bytes };
}

/** Reads a message alone, as `getFeeForMessage` takes it. @throws WireError */
export function parseMessage(bytes: Uint8Array): WireMessage {
  const reader = new Reader(bytes);
  const message = bytes[0] === V1_MARK ? readV1(reader) : readMessage(reader);
  reader.end();
  return message;
}

function readSignatures(reader: Reader, count: number): Uint8Array[] {
  const out: Uint8Array[] = [];
  for (let i = 0; i < count; i++) out.push(reader.take(64));
  return out;
}

function readMessage(reader: Reader): WireMessage {
  const start = reader.offset;
  let version: "legacy" | 0 = "legacy";
  if (((reader.peek() ?? 0) & 0x80) !== 0) {
    if (reader.u8() !== 0x80) throw new WireError("unsupported transaction version");
    version = 0;
  }
  const signers = reader.u8();
  const readonlySigned = reader.u8();
  const readonlyUnsigned = reader.u8();
  const keys = readKeys(reader, reader.compact());
  const blockhash = reader.take(32);
  const instructions: WireInstruction[] = [];
  for (let n = reader.compact(); n > 0; n--) {
    const programIndex = reader.u8();
    const accounts = reader.take(reader.compact());
    instructions.push({ programIndex, accounts, data: reader.take(reader.compact()) });
  }
  const lookups: WireLookup[] = [];
  if (version === 0) {
    for (let n = reader.compact(); n > 0; n--) {
      const table = reader.take(32);
      const writable = reader.take(reader.compact());
      lookups.push({ table, writable, readonly: reader.take(reader.compact()) });
    }
  }
  const bytes = reader.since(start);
  return {
    ...{ version, signers, readonlySigned, readonlyUnsigned, keys, blockhash },
    ...{ instructions, lookups, config: null, bytes },
  };
}

function readV1(reader: Reader): WireMessage {
  const start = reader.offset;
  reader.u8();
  const signers = reader.u8();
  const readonlySigned = reader.u8();
  const readonlyUnsigned = reader.u8();
  const mask = reader.u32();
  const blockhash = reader.take(32);
  const instructionCount = reader.u8();
  const addressCount = reader.u8();
  if (signers > V1_MAX_SIGNATURES) throw new WireError("a v1 transaction has at most 12 signatures");
  if (addressCount > V1_MAX_ADDRESSES) throw new WireError("a v1 transaction has at most 64 addresses");
  if (instructionCount > V1_MAX_INSTRUCTIONS) {
    throw new WireError("a v1 transaction has at most 64 instructions");
  }
  const keys = readKeys(reader, addressCount);
  const config = readConfig(reader, mask);
  const heads: [number, number, number][] = [];
  for (let i = 0; i < instructionCount; i++) heads.push([reader.u8(), reader.u8(), reader.u16()]);
  const instructions = heads.map(([programIndex, accounts, data]) => ({
    programIndex,
    accounts: reader.take(accounts),
    data: reader.take(data),
  }));
  const bytes = reader.since(start);
  return {
    ...{ version: 1 as const, signers, readonlySigned, readonlyUnsigned, keys, blockhash },
    ...{ instructions, lookups: [], config, bytes },
  };
}

function readConfig(reader: Reader, mask: number): WireConfig {
  if ((mask & ~0b11111) !== 0) throw new WireError("unknown bits in the v1 config mask");
  const fee = mask & 0b11;
  if (fee !== 0 && fee !== 0b11) throw new WireError("the v1 priority fee needs both of its bits");
  return {
    priorityFee: fee === 0b11 ? reader.u64() : 0n,
    computeUnitLimit: (mask & 0b100) !== 0 ? reader.u32() : 0,
    loadedAccountsDataSizeLimit: (mask & 0b1000) !== 0 ? reader.u32() : 0,
    heapSize: (mask & 0b10000) !== 0 ? reader.u32() : 0,
  };
}

function readKeys(reader: Reader, count: number): Uint8Array[] {
  const keys: Uint8Array[] = [];
  for (let i = 0; i < count; i++) keys.push(reader.take(32));
  return keys;
}

/** Whether the message asks to write to its static key `index`. */
export function isWritableKey(message: WireMessage, index: number): boolean {
  if (index < message.signers) return index < message.signers - message.readonlySigned;
  return index < message.keys.length - message.readonlyUnsigned;
}
