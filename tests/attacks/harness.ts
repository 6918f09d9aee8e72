/** What the attacks on every program stand on: its IDL, and the assertion that a refusal moved nothing. */
import { readFileSync } from "node:fs";
import type { Signer } from "@tolldns/sdk";
import { expect } from "chai";
import type { Machine, Outcome } from "../programs/world/machine.ts";
import type { Instruction } from "../programs/world/sdk.ts";

/** An account of an instruction as the IDL names it. */
export interface IdlAccount {
  readonly name: string;
  readonly writable?: boolean;
  readonly signer?: boolean;
  readonly optional?: boolean;
}

/** What an IDL says, as far as attacks ask. */
export interface Idl {
  readonly errors: readonly { readonly code: number; readonly name: string }[];
  readonly accounts: readonly { readonly name: string; readonly discriminator: readonly number[] }[];
  readonly instructions: readonly {
    readonly name: string;
    readonly discriminator: readonly number[];
    readonly accounts: readonly IdlAccount[];
  }[];
}

/** Codes of Anchor's own checks. */
export const ANCHOR = {
  notWritable: 2000,
  notExecutable: 2007,
  wrongAddress: 2012,
  wrongSpace: 2019,
  duplicate: 2040,
} as const;

/** The IDL that is committed beside the bytecode under test, and the program's code of each error's name. */
export function idlOf(program: string): { readonly IDL: Idl; readonly code: (name: string) => number } {
  const path = new URL(`../../programs/artifacts/${program}.json`, import.meta.url);
  const IDL = JSON.parse(readFileSync(path, "utf8")) as Idl;
  const code = (name: string): number => {
    const found = IDL.errors.find((error) => error.name === name);
    if (found === undefined) throw new Error(`the IDL has no error ${name}`);
    return found.code;
  };
  return { IDL, code };
}

/** A chain with programs on it, and how to send to it. */
export interface Sending<More extends unknown[] = []> {
  readonly machine: Machine;
  send(instructions: readonly Instruction[], signers: readonly Signer[], ...more: More): Outcome;
}

/**
 * Makes `footprint`, which tells everything of worth as text that two moments can be compared by, and `refuse`, which sends what must be refused with
 * exactly this error and asserts that nothing of worth moved. Of worth are the addresses that `worth` names and all that the instructions name.
 */
export function refusalsOf<More extends unknown[], World extends Sending<More>>(
  worth: (world: World) => readonly Uint8Array[],
) {
  const footprint = (world: World, also: readonly Instruction[] = []): string => {
    const addresses = new Map<string, Uint8Array>();
    const named = also.flatMap(({ accounts }) => accounts.map(({ address }) => address));
    for (const address of [...worth(world), ...named])
      addresses.set(Buffer.from(address).toString("hex"), address);
    addresses.delete(Buffer.from(world.machine.payer.publicKey).toString("hex"));
    return [...addresses]
      .map(([name, address]) => {
        const account = world.machine.account(address);
        if (account === undefined) return `${name} -`;
        return `${name} ${account.lamports} ${Buffer.from(account.owner).toString("hex")} ${Buffer.from(account.data).toString("base64")}`;
      })
      .join("\n");
  };
  const refuse = (
    world: World,
    instructions: Instruction | readonly Instruction[],
    signers: readonly Signer[],
    error: number | string,
    ...more: More
  ): void => {
    const list = Array.isArray(instructions)
      ? (instructions as readonly Instruction[])
      : [instructions as Instruction];
    const before = footprint(world, list);
    const outcome = world.send(list, signers, ...more);
    expect(outcome.error, outcome.logs.join("\n")).equal(error);
    expect(footprint(world, list) === before, "nothing moved").equal(true);
  };
  return { footprint, refuse };
}
