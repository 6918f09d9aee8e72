import { readFileSync } from "node:fs";
import { deriveAddress, type Signer } from "@tolldns/sdk";
import { type Instruction, readonly } from "@tolldns/sdk/names";
import { keyOf } from "../programs/world/keys.ts";
import type { Machine } from "../programs/world/machine.ts";

const fixture = keyOf("fixture program");
const bytes = new Uint8Array(readFileSync(new URL("../programs/fixture/fixture.so", import.meta.url)));
const derived = deriveAddress(fixture.publicKey, [new TextEncoder().encode("proxy")]);

/** The address that the fixture program signs for, as a wallet; it never signs a transaction itself. */
export const DERIVED_WALLET: Signer = {
  publicKey: derived.address,
  sign: () => {
    throw new Error("a derived address has no key");
  },
};

/** Puts the fixture program on a machine. */
export function addProxy(machine: Machine): void {
  machine.addProgram(fixture.publicKey, bytes);
}

/** The instruction as a call by the fixture, which signs for the derived address, or for the account of that index. At most 12 accounts. */
export function proxied({ program, accounts, data }: Instruction, signFor?: number): Instruction {
  const own = accounts.findIndex(({ address }) => Buffer.from(address).equals(derived.address));
  const index = signFor ?? (own < 0 ? 255 : own);
  return {
    program: fixture.publicKey,
    accounts: [
      readonly(program),
      ...accounts.map((meta, i) => (i === own ? { ...meta, signer: false } : meta)),
    ],
    data: Uint8Array.from([1, derived.bump, index, ...data]),
  };
}
