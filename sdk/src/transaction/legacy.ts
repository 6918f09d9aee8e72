import { type AddressLike, toAddress } from "../address.ts";
import type { Instruction } from "../instruction.ts";
import {
  type CompiledInstruction,
  type CompiledMessage,
  checkHeader,
  compileInstructions,
} from "./compile.ts";
import { fail } from "./errors.ts";
import { put, putCompact, type Reader, take, takeCompact, takeU8, type Writer } from "./wire.ts";

/** Most bytes of a legacy or v0 transaction: what fits one IPv6 packet. */
export const PACKET_SIZE_LIMIT = 1_232;

/** A legacy or v0 message taken apart; v0 without lookup tables. */
export interface LegacyMessage extends CompiledMessage {
  readonly version: "legacy" | 0;
  readonly blockhash: Uint8Array;
}

/** The bytes of a legacy message, or of a v0 one without lookup tables, which is what its signers sign. @throws transaction-count, address-invalid */
export function encodeLegacyMessage(
  version: "legacy" | 0,
  payer: AddressLike,
  blockhash: AddressLike,
  instructions: readonly Instruction[],
): Uint8Array {
  const { header, addresses, instructions: compiled } = compileInstructions(payer, instructions);
  const out: Writer = { bytes: version === 0 ? [0x80] : [] };
  put(out, [header.signers, header.readonlySigners, header.readonlyOthers]);
  putCompact(out, addresses.length);
  for (const address of addresses) put(out, address);
  put(out, toAddress(blockhash));
  putCompact(out, compiled.length);
  for (const { programIndex, accountIndexes, data } of compiled) {
    put(out, [programIndex]);
    putCompact(out, accountIndexes.length);
    put(out, accountIndexes);
    putCompact(out, data.length);
    put(out, data);
  }
  if (version === 0) putCompact(out, 0);
  return Uint8Array.from(out.bytes);
}

/** Reads a legacy or v0 message from where the reader stands. @throws transaction errors */
export function readLegacyMessage(reader: Reader): LegacyMessage {
  const first = takeU8(reader);
  const versioned = first >= 0x80;
  if (versioned && first !== 0x80) throw fail("transaction-version", { got: first & 0x7f });
  const signers = versioned ? takeU8(reader) : first;
  const header = { signers, readonlySigners: takeU8(reader), readonlyOthers: takeU8(reader) };
  const addresses = Array.from({ length: takeCompact(reader) }, () => take(reader, 32));
  checkHeader(header, addresses);
  const blockhash = take(reader, 32);
  const instructions: CompiledInstruction[] = Array.from({ length: takeCompact(reader) }, () => ({
    programIndex: takeU8(reader),
    accountIndexes: [...take(reader, takeCompact(reader))],
    data: take(reader, takeCompact(reader)),
  }));
  const tables = versioned ? takeCompact(reader) : 0;
  if (tables > 0) throw fail("transaction-lookup", { tables });
  return { version: versioned ? 0 : "legacy", header, addresses, instructions, blockhash };
}
