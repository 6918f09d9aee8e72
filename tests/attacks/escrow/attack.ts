import type { Signer } from "@tolldns/sdk";
import { expect } from "chai";
import type { Instruction } from "../../programs/world/sdk.ts";
import { PARTIES, type World } from "../../programs/world/world.ts";
import { attacksOf } from "../registry.ts";
import { ROWS } from "./rows.ts";

/** A test that runs one attack of a row. */
export const attack = attacksOf("escrow", ROWS);

/** Everything of worth in a world, as text that two moments can be compared by. */
export function footprint(world: World, also: readonly Instruction[] = []): string {
  const addresses = new Map<string, Uint8Array>();
  const add = (address: Uint8Array) => addresses.set(Buffer.from(address).toString("hex"), address);
  for (const address of [
    world.config,
    world.vault,
    world.ledger,
    world.treasury,
    world.namesPool,
    world.payout,
  ])
    add(address);
  for (const party of Object.values(PARTIES)) {
    add(party.publicKey);
    add(world.tokens(party));
    add(world.balanceAddress(party));
  }
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
  world: World,
  instructions: Instruction | readonly Instruction[],
  signers: readonly Signer[],
  error: number | string,
): void {
  const list = Array.isArray(instructions)
    ? (instructions as readonly Instruction[])
    : [instructions as Instruction];
  const before = footprint(world, list);
  const outcome = world.send(list, signers);
  expect(outcome.error, outcome.logs.join("\n")).equal(error);
  expect(footprint(world, list) === before, "nothing moved").equal(true);
}
