import { type Address, type AddressLike, formatAddress, toAddress } from "../address.ts";
import { toHex } from "../bytes.ts";
import type { Instruction } from "../instruction.ts";
import { fail } from "./errors.ts";

/** Counts that say which of a message's addresses sign and which are only read. */
export interface MessageHeader {
  readonly signers: number;
  readonly readonlySigners: number;
  readonly readonlyOthers: number;
}

/** An instruction whose accounts are indexes into the message's addresses. */
export interface CompiledInstruction {
  readonly programIndex: number;
  readonly accountIndexes: readonly number[];
  readonly data: Uint8Array;
}

/** What every version of a message has in common. */
export interface CompiledMessage {
  readonly header: MessageHeader;
  /** Writable signers first (the fee payer leads), then read-only signers, writable others, read-only others. */
  readonly addresses: readonly Address[];
  readonly instructions: readonly CompiledInstruction[];
}

interface Use {
  readonly address: Address;
  signer: boolean;
  writable: boolean;
}

/**
 * Gathers the accounts of all instructions, each once with the strongest use made of it. Within a group the order is
 * that of first use, program before accounts, which is what web3.js and Kit do for versioned messages.
 * @throws transaction-count when an index would not fit a byte
 */
export function compileInstructions(
  payer: AddressLike,
  instructions: readonly Instruction[],
): CompiledMessage {
  const uses = new Map<string, Use>();
  const use = (address: Address, signer: boolean, writable: boolean) => {
    const key = toHex(address);
    const known = uses.get(key);
    if (known === undefined) uses.set(key, { address, signer, writable });
    else {
      known.signer ||= signer;
      known.writable ||= writable;
    }
  };
  use(toAddress(payer), true, true);
  for (const { program, accounts } of instructions) {
    use(program, false, false);
    for (const { address, signer, writable } of accounts) use(address, signer, writable);
  }

  const rank = ({ signer, writable }: Use) => (signer ? 0 : 2) + (writable ? 0 : 1);
  const sorted = [...uses.values()].sort((a, b) => rank(a) - rank(b));
  if (sorted.length > 256)
    throw fail("transaction-count", { what: "addresses", limit: 256, got: sorted.length });
  const index = new Map(sorted.map(({ address }, i) => [toHex(address), i]));
  const indexOf = (address: Address) => index.get(toHex(address)) as number;
  const counted = (wanted: number) => sorted.filter((one) => rank(one) === wanted).length;
  return {
    header: { signers: counted(0) + counted(1), readonlySigners: counted(1), readonlyOthers: counted(3) },
    addresses: sorted.map(({ address }) => address),
    instructions: instructions.map(({ program, accounts, data }) => ({
      programIndex: indexOf(program),
      accountIndexes: accounts.map(({ address }) => indexOf(address)),
      data,
    })),
  };
}

/** The instructions of a message with their accounts spelled out again. @throws transaction-invalid for an index out of range */
export function expandInstructions({ header, addresses, instructions }: CompiledMessage): Instruction[] {
  const at = (index: number): Address => {
    const address = addresses[index];
    if (address === undefined)
      throw fail("transaction-invalid", { why: `account index ${index} of ${addresses.length}` });
    return address;
  };
  const isWritable = (index: number) =>
    index < header.signers
      ? index < header.signers - header.readonlySigners
      : index < addresses.length - header.readonlyOthers;
  return instructions.map(({ programIndex, accountIndexes, data }) => ({
    program: at(programIndex),
    accounts: accountIndexes.map((index) => ({
      address: at(index),
      signer: index < header.signers,
      writable: isWritable(index),
    })),
    data,
  }));
}

/** Refuses headers that no cluster takes. @throws transaction-invalid */
export function checkHeader(
  { signers, readonlySigners, readonlyOthers }: MessageHeader,
  addresses: readonly Address[],
): void {
  if (readonlySigners >= signers)
    throw fail("transaction-invalid", { why: "no writable signer to pay the fee" });
  if (addresses.length < signers + readonlyOthers)
    throw fail("transaction-invalid", { why: "fewer addresses than the header counts" });
  const seen = new Set(addresses.map(toHex));
  if (seen.size !== addresses.length)
    throw fail("transaction-invalid", {
      why: `an address twice, such as ${formatAddress(addresses[0] as Address)}`,
    });
}
