import {
  type Address,
  deriveProgramData,
  type Signer,
  SYSTEM_PROGRAM,
  toAddress,
  UPGRADEABLE_LOADER,
} from "@tolldns/sdk";
import { keyOf } from "./keys.ts";
import type { Machine } from "./machine.ts";
import { type Instruction, paying, readonly, signing, writable } from "./sdk.ts";

const SYSVAR_RENT = "SysvarRent111111111111111111111111111111111";
const SYSVAR_CLOCK = "SysvarC1ock11111111111111111111111111111111";
const LOADER = toAddress(UPGRADEABLE_LOADER);
/** Bytes of the program that fit one transaction beside the rest. */
const CHUNK = 900;
const BUFFER_HEADER = 37;
const PROGRAM_LENGTH = 36;

/** Deploys through the upgradeable loader, transaction by transaction as `solana program deploy` does, so that ProgramData exists. */
export function deployProgram(machine: Machine, program: Signer, bytes: Uint8Array, authority: Signer): void {
  const buffer = keyOf("deployment buffer");
  const { payer } = machine;
  expectDone(
    machine.send(
      [
        createAccount(machine, payer, buffer, BUFFER_HEADER + bytes.length),
        loader([writable(buffer.publicKey), readonly(authority.publicKey)], u32(0)),
      ],
      [buffer],
    ),
  );
  for (let at = 0; at < bytes.length; at += CHUNK) {
    const chunk = bytes.subarray(at, at + CHUNK);
    const data = Buffer.concat([u32(1), u32(at), u64(chunk.length), chunk]);
    expectDone(
      machine.send([loader([writable(buffer.publicKey), signing(authority.publicKey)], data)], [authority]),
    );
  }
  expectDone(
    machine.send(
      [
        createAccount(machine, payer, program, PROGRAM_LENGTH),
        loader(
          [
            paying(payer.publicKey),
            writable(deriveProgramData(program.publicKey).address),
            writable(program.publicKey),
            writable(buffer.publicKey),
            readonly(SYSVAR_RENT),
            readonly(SYSVAR_CLOCK),
            readonly(SYSTEM_PROGRAM),
            signing(authority.publicKey),
          ],
          Buffer.concat([u32(2), u64(bytes.length)]),
        ),
      ],
      [program, authority],
    ),
  );
  // A program is visible from the slot after its deployment.
  machine.nextSlot();
}

/** Hands a program's upgrade authority on; nobody takes it, and the program can never change again. */
export function setUpgradeAuthority(
  program: Address,
  current: Signer,
  next: Address | undefined,
): Instruction {
  const accounts = [writable(deriveProgramData(program).address), signing(current.publicKey)];
  return loader(next === undefined ? accounts : [...accounts, readonly(next)], u32(4));
}

function createAccount(machine: Machine, from: Signer, to: Signer, space: number): Instruction {
  return {
    program: toAddress(SYSTEM_PROGRAM),
    accounts: [paying(from.publicKey), paying(to.publicKey)],
    data: Buffer.concat([u32(0), u64(machine.rent(space)), u64(space), LOADER]),
  };
}

function loader(accounts: Instruction["accounts"], data: Uint8Array): Instruction {
  return { program: LOADER, accounts, data };
}

function expectDone(outcome: { error: unknown; logs: readonly string[] }): void {
  if (outcome.error !== undefined)
    throw new Error(`deployment failed: ${String(outcome.error)}\n${outcome.logs.join("\n")}`);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: number | bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
