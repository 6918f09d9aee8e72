import {
  type Address,
  type AddressLike,
  bytesEqual,
  deriveProgramData,
  readU32,
  SYSTEM_PROGRAM,
  toAddress,
  UPGRADEABLE_LOADER,
} from "@tolldns/sdk";
import { type Instruction, paying, readonly, signing, writable } from "@tolldns/sdk/transaction";

/** Instructions and accounts of the upgradeable loader (version 3). Accounts begin with a kind u32. */
const BUFFER = 1;
const PROGRAM_DATA = 3;
/** Bytes before the program's code in a buffer: kind, authority option, authority. */
export const BUFFER_HEAD = 37;
/** Bytes before the code in a ProgramData account: kind, slot, authority option, authority. */
export const PROGRAM_DATA_HEAD = 45;
/** Bytes of a Program account. */
export const PROGRAM_SIZE = 36;
/** Bytes of code a write holds in a 1232-byte packet beside one signature and three addresses. */
export const CHUNK = 1011;

const RENT = "SysvarRent111111111111111111111111111111111";
const CLOCK = "SysvarC1ock11111111111111111111111111111111";

function loader(
  tag: number,
  accounts: Instruction["accounts"],
  tail: Uint8Array = new Uint8Array(0),
): Instruction {
  const data = new Uint8Array(4 + tail.length);
  data[0] = tag;
  data.set(tail, 4);
  return { program: toAddress(UPGRADEABLE_LOADER), accounts, data };
}

/** Makes an account of the loader a buffer. */
export function initializeBuffer(buffer: AddressLike, authority: AddressLike): Instruction {
  return loader(0, [writable(buffer), readonly(authority)]);
}

export function writeBuffer(
  buffer: AddressLike,
  authority: AddressLike,
  offset: number,
  bytes: Uint8Array,
): Instruction {
  const tail = Buffer.alloc(12 + bytes.length);
  tail.writeUInt32LE(offset, 0);
  tail.writeBigUInt64LE(BigInt(bytes.length), 4);
  tail.set(bytes, 12);
  return loader(1, [writable(buffer), signing(authority)], tail);
}

/** Makes a program of a buffer; the program's account must be created in the same transaction. */
export function deployWithMaxDataLength(input: {
  payer: AddressLike;
  program: AddressLike;
  buffer: AddressLike;
  authority: AddressLike;
  maxLength: number;
}): Instruction {
  const { payer, program, buffer, authority, maxLength } = input;
  const tail = Buffer.alloc(8);
  tail.writeBigUInt64LE(BigInt(maxLength));
  const data = deriveProgramData(program).address;
  return loader(
    2,
    [
      paying(payer),
      writable(data),
      writable(program),
      writable(buffer),
      readonly(RENT),
      readonly(CLOCK),
      readonly(SYSTEM_PROGRAM),
      signing(authority),
    ],
    tail,
  );
}

/** Replaces a program's code by a buffer's; the buffer's lamports go to `spill`. */
export function upgrade(input: {
  program: AddressLike;
  buffer: AddressLike;
  authority: AddressLike;
  spill: AddressLike;
}): Instruction {
  const { program, buffer, authority, spill } = input;
  return loader(3, [
    writable(deriveProgramData(program).address),
    writable(program),
    writable(buffer),
    writable(spill),
    readonly(RENT),
    readonly(CLOCK),
    signing(authority),
  ]);
}

/** Grows a program's account by `bytes`; `payer` adds the rent. */
export function extendProgram(program: AddressLike, payer: AddressLike, bytes: number): Instruction {
  const tail = Buffer.alloc(4);
  tail.writeUInt32LE(bytes);
  return loader(
    6,
    [
      writable(deriveProgramData(program).address),
      writable(program),
      readonly(SYSTEM_PROGRAM),
      paying(payer),
    ],
    tail,
  );
}

/** Closes a buffer, whose lamports go to `recipient`. */
export function closeBuffer(
  buffer: AddressLike,
  recipient: AddressLike,
  authority: AddressLike,
): Instruction {
  return loader(5, [writable(buffer), writable(recipient), signing(authority)]);
}

function authorityAt(data: Uint8Array, at: number): Address | null {
  return data[at] === 1 ? data.slice(at + 1, at + 33) : null;
}

/** The code in a buffer of this authority; null for anything else. */
export function readBuffer(data: Uint8Array, authority: Address): Uint8Array | null {
  if (data.length < BUFFER_HEAD || readU32(data, 0) !== BUFFER) return null;
  const owner = authorityAt(data, 4);
  return owner !== null && bytesEqual(owner, authority) ? data.subarray(BUFFER_HEAD) : null;
}

export interface ProgramData {
  /** Slot of the last deployment: the loader takes no other in the same slot. */
  slot: number;
  /** Null for a program that can't be changed any more. */
  authority: Address | null;
  code: Uint8Array;
}

export function readProgramData(data: Uint8Array): ProgramData | null {
  if (data.length < PROGRAM_DATA_HEAD || readU32(data, 0) !== PROGRAM_DATA) return null;
  const slot = Number(Buffer.from(data.buffer, data.byteOffset + 4, 8).readBigUInt64LE());
  return { slot, authority: authorityAt(data, 12), code: data.subarray(PROGRAM_DATA_HEAD) };
}

/** Whether an account's code is this program, perhaps with room behind it. */
export function holdsProgram(code: Uint8Array, program: Uint8Array): boolean {
  if (code.length < program.length) return false;
  if (!bytesEqual(code.subarray(0, program.length), program)) return false;
  return code.subarray(program.length).every((byte) => byte === 0);
}
