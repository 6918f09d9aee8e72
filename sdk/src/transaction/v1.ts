import { type Address, type AddressLike, toAddress } from "../address.ts";
import type { Instruction } from "../instruction.ts";
import {
  type CompiledInstruction,
  type CompiledMessage,
  checkHeader,
  compileInstructions,
} from "./compile.ts";
import { fail } from "./errors.ts";
import {
  put,
  putInteger,
  type Reader,
  take,
  takeU8,
  takeU16,
  takeU32,
  takeU64,
  type Writer,
} from "./wire.ts";

/** Most bytes of a v1 transaction (SIMD-0385). */
export const V1_SIZE_LIMIT = 4_096;
/** First byte of a v1 transaction. */
export const V1_PREFIX = 129;

const MAX_SIGNATURES = 12;
const MAX_ADDRESSES = 64;
const MAX_INSTRUCTIONS = 64;

/** What a v1 transaction asks for in its header instead of compute budget instructions. What is left out is 0, except the heap (32 KiB). */
export interface V1Config {
  /** Priority fee in lamports, for the whole transaction. */
  readonly priorityFee?: bigint;
  /** Compute units; 0 if left out, so always give it. */
  readonly computeUnitLimit?: number;
  /** Bytes of accounts and programs loaded; 0 if left out, so always give it. */
  readonly loadedAccountsLimit?: number;
  /** Heap in bytes. */
  readonly heapSize?: number;
}

/** A v1 message taken apart. */
export interface V1Message extends CompiledMessage {
  readonly version: 1;
  readonly blockhash: Uint8Array;
  readonly config: V1Config;
}

/**
 * The bytes of a v1 message, which is what its signers sign (SIMD-0385):
 * `129 | header 3 | mask u32 | blockhash 32 | instructions u8 | addresses u8 | addresses | config | headers | payloads`.
 * @throws transaction-count, address-invalid
 */
export function encodeV1Message(
  payer: AddressLike,
  blockhash: AddressLike,
  instructions: readonly Instruction[],
  config: V1Config = {},
): Uint8Array {
  const compiled = compileInstructions(payer, instructions);
  const { header, addresses } = compiled;
  limit("signatures", MAX_SIGNATURES, header.signers);
  limit("addresses", MAX_ADDRESSES, addresses.length);
  limit("instructions", MAX_INSTRUCTIONS, instructions.length);

  const out: Writer = { bytes: [V1_PREFIX, header.signers, header.readonlySigners, header.readonlyOthers] };
  putInteger(out, maskOf(config), 4);
  put(out, toAddress(blockhash));
  put(out, [instructions.length, addresses.length]);
  for (const address of addresses) put(out, address);
  if (config.priorityFee !== undefined) putInteger(out, config.priorityFee, 8);
  for (const value of [config.computeUnitLimit, config.loadedAccountsLimit, config.heapSize])
    if (value !== undefined) putInteger(out, value, 4);
  for (const { programIndex, accountIndexes, data } of compiled.instructions) {
    limit("accounts of an instruction", 255, accountIndexes.length);
    limit("bytes of instruction data", 65_535, data.length);
    put(out, [programIndex, accountIndexes.length]);
    putInteger(out, data.length, 2);
  }
  for (const { accountIndexes, data } of compiled.instructions) {
    put(out, accountIndexes);
    put(out, data);
  }
  return Uint8Array.from(out.bytes);
}

/** Reads a v1 message from where the reader stands; signatures follow it in a transaction. @throws transaction errors */
export function readV1Message(reader: Reader): V1Message {
  if (takeU8(reader) !== V1_PREFIX)
    throw fail("transaction-version", { got: reader.bytes[reader.at - 1] as number });
  const header = { signers: takeU8(reader), readonlySigners: takeU8(reader), readonlyOthers: takeU8(reader) };
  const mask = takeU32(reader);
  const blockhash = take(reader, 32);
  const instructionCount = takeU8(reader);
  const addresses: Address[] = Array.from({ length: takeU8(reader) }, () => take(reader, 32));
  limit("signatures", MAX_SIGNATURES, header.signers);
  limit("addresses", MAX_ADDRESSES, addresses.length);
  limit("instructions", MAX_INSTRUCTIONS, instructionCount);
  checkHeader(header, addresses);
  const config = readConfig(reader, mask);
  const heads = Array.from({ length: instructionCount }, () => ({
    programIndex: takeU8(reader),
    accounts: takeU8(reader),
    bytes: takeU16(reader),
  }));
  const instructions: CompiledInstruction[] = heads.map(({ programIndex, accounts, bytes }) => ({
    programIndex,
    accountIndexes: [...take(reader, accounts)],
    data: take(reader, bytes),
  }));
  return { version: 1, header, addresses, instructions, blockhash, config };
}

function maskOf({ priorityFee, computeUnitLimit, loadedAccountsLimit, heapSize }: V1Config): number {
  const bit = (value: unknown, bits: number) => (value === undefined ? 0 : bits);
  return (
    bit(priorityFee, 0b11) |
    bit(computeUnitLimit, 0b100) |
    bit(loadedAccountsLimit, 0b1000) |
    bit(heapSize, 0b1_0000)
  );
}

function readConfig(reader: Reader, mask: number): V1Config {
  if (mask > 0b1_1111) throw fail("transaction-invalid", { why: "an unknown bit in the config mask" });
  if ((mask & 0b11) !== 0 && (mask & 0b11) !== 0b11)
    throw fail("transaction-invalid", { why: "half a priority fee in the config mask" });
  return {
    ...(mask & 0b11 ? { priorityFee: takeU64(reader) } : {}),
    ...(mask & 0b100 ? { computeUnitLimit: takeU32(reader) } : {}),
    ...(mask & 0b1000 ? { loadedAccountsLimit: takeU32(reader) } : {}),
    ...(mask & 0b1_0000 ? { heapSize: takeU32(reader) } : {}),
  };
}

function limit(what: string, most: number, got: number): void {
  if (got > most) throw fail("transaction-count", { what, limit: most, got });
}
