import {
  type AddressLike,
  type Deployment,
  deriveBalance,
  deriveConfig,
  deriveVault,
  SYSTEM_PROGRAM,
} from "../address.ts";
import { type Instruction, paying, readonly, signing, writable } from "../instruction.ts";
import { encodePlain, encodeWithAmount } from "./data.ts";

/** Moves `amount` micro-IU from the owner's token account `source` to the free balance, creating the Balance if needed. @throws amount errors, address-invalid */
export function deposit(input: {
  readonly deployment: Deployment;
  readonly owner: AddressLike;
  readonly source: AddressLike;
  readonly amount: bigint;
}): Instruction {
  const { escrow, tokenProgram } = input.deployment;
  return {
    program: escrow,
    accounts: [
      paying(input.owner),
      readonly(deriveConfig(escrow).address),
      writable(deriveBalance(escrow, input.owner).address),
      writable(input.source),
      writable(deriveVault(escrow).address),
      readonly(tokenProgram),
      readonly(SYSTEM_PROGRAM),
    ],
    data: encodeWithAmount("deposit", input.amount),
  };
}

/** Moves `amount` micro-IU of the free balance to the token account `destination`. Never paused. @throws amount errors, address-invalid */
export function withdraw(input: {
  readonly deployment: Deployment;
  readonly owner: AddressLike;
  readonly destination: AddressLike;
  readonly amount: bigint;
}): Instruction {
  const { escrow, tokenProgram } = input.deployment;
  return {
    program: escrow,
    accounts: [
      signing(input.owner),
      readonly(deriveConfig(escrow).address),
      writable(deriveBalance(escrow, input.owner).address),
      writable(deriveVault(escrow).address),
      writable(input.destination),
      readonly(tokenProgram),
    ],
    data: encodeWithAmount("withdraw", input.amount),
  };
}

/** Closes an empty Balance without lanes; its rent returns to the owner. @throws address-invalid */
export function closeBalance(input: {
  readonly deployment: Deployment;
  readonly owner: AddressLike;
}): Instruction {
  const { escrow } = input.deployment;
  return {
    program: escrow,
    accounts: [paying(input.owner), writable(deriveBalance(escrow, input.owner).address)],
    data: encodePlain("closeBalance"),
  };
}
