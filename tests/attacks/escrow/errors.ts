import { readFileSync } from "node:fs";

interface Idl {
  readonly errors: readonly { readonly code: number; readonly name: string }[];
  readonly instructions: readonly {
    readonly name: string;
    readonly discriminator: readonly number[];
    readonly accounts: readonly IdlAccount[];
  }[];
}

/** An account of an instruction as the IDL names it. */
export interface IdlAccount {
  readonly name: string;
  readonly writable?: boolean;
  readonly signer?: boolean;
  readonly optional?: boolean;
}

/** The IDL that is committed beside the bytecode under test. */
export const IDL = JSON.parse(
  readFileSync(new URL("../../../programs/artifacts/escrow.json", import.meta.url), "utf8"),
) as Idl;

/** The program's code of this name. */
export function code(name: string): number {
  const found = IDL.errors.find((error) => error.name === name);
  if (found === undefined) throw new Error(`the IDL has no error ${name}`);
  return found.code;
}

/** Codes of Anchor's own checks. */
export const ANCHOR = {
  notWritable: 2000,
  notExecutable: 2007,
  wrongSpace: 2019,
  duplicate: 2040,
  wrongAddress: 2012,
} as const;
