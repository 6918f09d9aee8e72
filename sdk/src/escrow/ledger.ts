import {
  type AddressLike,
  type Deployment,
  deriveConfig,
  deriveLedger,
  deriveVault,
  SYSTEM_PROGRAM,
} from "../address.ts";
import { type Instruction, paying, readonly, signing, writable } from "../instruction.ts";
import { encodeSettle, type SettleData } from "../record.ts";
import { encodeExtendLedger, encodeOpenLedger, encodePlain, encodeWithAmount } from "./data.ts";

/** Most rows one extendLedger adds: what 10 KiB of growth hold. */
export const MAX_ROWS_AT_ONCE = 106;
/** Most rows a ledger has. */
export const MAX_ROWS = 65_535;

/** Opens the operator's ledger of this index, without rows. `payout` is the token account of the operator's share, `minReserve` micro-IU. @throws integer-range, amount errors, address-invalid */
export function openLedger(input: {
  readonly deployment: Deployment;
  readonly operator: AddressLike;
  readonly index: number;
  readonly payout: AddressLike;
  readonly minReserve: bigint;
}): Instruction {
  const { escrow, genesisHash } = input.deployment;
  return {
    program: escrow,
    accounts: [
      paying(input.operator),
      readonly(deriveConfig(escrow).address),
      writable(deriveLedger(escrow, genesisHash, input.operator, input.index).address),
      readonly(input.payout),
      readonly(SYSTEM_PROGRAM),
    ],
    data: encodeOpenLedger(input.index, input.minReserve),
  };
}

/** Adds `rows` rows, 1 to 106; the operator pays their rent. @throws integer-range, address-invalid */
export function extendLedger(input: {
  readonly deployment: Deployment;
  readonly operator: AddressLike;
  readonly ledger: AddressLike;
  readonly rows: number;
}): Instruction {
  const { escrow } = input.deployment;
  return {
    program: escrow,
    accounts: [
      paying(input.operator),
      readonly(deriveConfig(escrow).address),
      writable(input.ledger),
      readonly(SYSTEM_PROGRAM),
    ],
    data: encodeExtendLedger(input.rows),
  };
}

/** Changes payout account and smallest reserve (micro-IU); open lanes keep theirs. @throws amount errors, address-invalid */
export function setLedger(input: {
  readonly deployment: Deployment;
  readonly operator: AddressLike;
  readonly ledger: AddressLike;
  readonly payout: AddressLike;
  readonly minReserve: bigint;
}): Instruction {
  const { escrow } = input.deployment;
  return {
    program: escrow,
    accounts: [
      signing(input.operator),
      readonly(deriveConfig(escrow).address),
      writable(input.ledger),
      readonly(input.payout),
    ],
    data: encodeWithAmount("setLedger", input.minReserve),
  };
}

/** Closes a ledger without lanes or undistributed credit; its rent returns. Its index can't be used again. @throws address-invalid */
export function closeLedger(input: {
  readonly deployment: Deployment;
  readonly operator: AddressLike;
  readonly ledger: AddressLike;
}): Instruction {
  return {
    program: input.deployment.escrow,
    accounts: [paying(input.operator), writable(input.ledger)],
    data: encodePlain("closeLedger"),
  };
}

/** Settles a batch of vouchers of one ledger. Nobody signs but the fee payer. @throws settle-empty, amount errors, integer-range, address-invalid */
export function settle(input: {
  readonly deployment: Pick<Deployment, "escrow">;
  readonly ledger: AddressLike;
  readonly batch: SettleData;
}): Instruction {
  return {
    program: input.deployment.escrow,
    accounts: [writable(input.ledger)],
    data: encodeSettle(input.batch),
  };
}

/** Pays out what a ledger has credited. The three token accounts are the ledger's payout and Config's names pool and treasury. Anyone may send it. @throws address-invalid */
export function distribute(input: {
  readonly deployment: Deployment;
  readonly ledger: AddressLike;
  readonly payout: AddressLike;
  readonly namesPool: AddressLike;
  readonly treasury: AddressLike;
}): Instruction {
  const { escrow, tokenProgram } = input.deployment;
  return {
    program: escrow,
    accounts: [
      readonly(deriveConfig(escrow).address),
      writable(input.ledger),
      writable(deriveVault(escrow).address),
      writable(input.payout),
      writable(input.namesPool),
      writable(input.treasury),
      readonly(tokenProgram),
    ],
    data: encodePlain("distribute"),
  };
}
