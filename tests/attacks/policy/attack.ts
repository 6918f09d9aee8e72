import { readFileSync } from "node:fs";
import type { Signer } from "@tolldns/sdk";
import { expect } from "chai";
import type { Instruction } from "../../programs/world/sdk.ts";
import { attacksOf } from "../registry.ts";
import { ROWS } from "./rows.ts";
import { BACKEND, PARTIES, type PolicyWorld } from "./world.ts";

/** A test that runs one attack of a row. */
export const attack = attacksOf("policy", ROWS);

interface Idl {
  readonly errors: readonly { readonly code: number; readonly name: string }[];
  readonly accounts: readonly { readonly name: string; readonly discriminator: readonly number[] }[];
  readonly instructions: readonly { readonly name: string; readonly accounts: readonly IdlAccount[] }[];
}
export interface IdlAccount {
  readonly name: string;
  readonly writable?: boolean;
  readonly signer?: boolean;
}

/** The IDL that is committed beside the bytecode under test. */
export const IDL = JSON.parse(
  readFileSync(new URL("../../../programs/artifacts/policy.json", import.meta.url), "utf8"),
) as Idl;

/** The program's code of this name. */
export function code(name: string): number {
  const found = IDL.errors.find((error) => error.name === name);
  if (found === undefined) throw new Error(`the IDL has no error ${name}`);
  return found.code;
}

/** Codes of Anchor's own checks. */
export const ANCHOR = { notWritable: 2000, duplicate: 2040 } as const;

/** Everything of worth, as text that two moments can be compared by. */
export function footprint(world: PolicyWorld, also: readonly Instruction[]): string {
  const addresses = new Map<string, Uint8Array>();
  const add = (address: Uint8Array) => addresses.set(Buffer.from(address).toString("hex"), address);
  add(world.configAddress);
  add(world.targetAddress(world.idOf(BACKEND)));
  for (const party of Object.values(PARTIES)) add(party.publicKey);
  world.owners.forEach((owner, place) => {
    add(owner.publicKey);
    add(world.verifierKey(place).publicKey);
    add(world.verifierAddress(place));
    add(world.staking.tokens(owner));
  });
  for (const instruction of also) for (const { address } of instruction.accounts) add(address);
  addresses.delete(Buffer.from(world.machine.payer.publicKey).toString("hex"));
  return [...addresses]
    .map(([name, address]) => {
      const account = world.machine.account(address);
      if (account === undefined) return `${name} -`;
      return `${name} ${account.lamports} ${Buffer.from(account.owner).toString("hex")} ${Buffer.from(account.data).toString("base64")}`;
    })
    .join("\n");
}

/** Sends what must be refused with exactly this error, and asserts that nothing of worth moved. */
export function refuse(
  world: PolicyWorld,
  instructions: Instruction | readonly Instruction[],
  signers: readonly Signer[],
  error: number | string,
): void {
  const list = Array.isArray(instructions) ? (instructions as Instruction[]) : [instructions as Instruction];
  const before = footprint(world, list);
  const outcome = world.send(list, signers);
  expect(outcome.error, outcome.logs.join("\n")).equal(error);
  expect(footprint(world, list) === before, "nothing moved").equal(true);
}
