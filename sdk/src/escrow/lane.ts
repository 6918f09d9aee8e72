import { type AddressLike, type Deployment, deriveBalance, deriveConfig } from "../address.ts";
import { type AccountMeta, type Instruction, readonly, signing, writable } from "../instruction.ts";
import { encodeLane, encodeOpenLane, encodeRekeyLane, encodeTopUpLane } from "./data.ts";

/** Names one opening of one row. */
export interface LaneInput {
  readonly deployment: Deployment;
  readonly ledger: AddressLike;
  /** Row, u16. */
  readonly lane: number;
  /** How often the row was opened, u16; another generation is another lane. */
  readonly generation: number;
}

/** Takes a free row for `reserve` micro-IU of the owner's free balance. The lane's generation is the row's plus 1. @throws integer-range, amount errors, address-invalid */
export function openLane(input: {
  readonly deployment: Deployment;
  readonly owner: AddressLike;
  readonly ledger: AddressLike;
  readonly lane: number;
  readonly sessionKey: AddressLike;
  readonly reserve: bigint;
}): Instruction {
  return {
    program: input.deployment.escrow,
    accounts: funding(input),
    data: encodeOpenLane(input.lane, input.sessionKey, input.reserve),
  };
}

/** Adds `amount` micro-IU of the free balance to an open lane's reserve. @throws integer-range, amount errors, address-invalid */
export function topUpLane(
  input: LaneInput & { readonly owner: AddressLike; readonly amount: bigint },
): Instruction {
  return {
    program: input.deployment.escrow,
    accounts: funding(input),
    data: encodeTopUpLane(input.lane, input.generation, input.amount),
  };
}

/** Stops the session key; what it signed may be settled until the deadline. @throws integer-range, address-invalid */
export function revokeLane(input: LaneInput & { readonly owner: AddressLike }): Instruction {
  return {
    program: input.deployment.escrow,
    accounts: [signing(input.owner), writable(input.ledger)],
    data: encodeLane("revokeLane", input.lane, input.generation),
  };
}

/**
 * Puts a new session key on a lane. The operator signs too, because vouchers of the old key become worthless; without
 * it the lane must be REVOKED and past its deadline.
 * @throws integer-range, address-invalid
 */
export function rekeyLane(
  input: LaneInput & {
    readonly owner: AddressLike;
    readonly sessionKey: AddressLike;
    readonly operator?: AddressLike;
  },
): Instruction {
  const { escrow } = input.deployment;
  // Anchor's way to leave an optional account out is to name the program in its place.
  const operator = input.operator === undefined ? readonly(escrow) : signing(input.operator);
  return {
    program: escrow,
    accounts: [signing(input.owner), writable(input.ledger), operator],
    data: encodeRekeyLane(input.lane, input.generation, input.sessionKey),
  };
}

/** Asks for the lane's end; it may be closed after the grace period. @throws integer-range, address-invalid */
export function requestClose(input: LaneInput & { readonly owner: AddressLike }): Instruction {
  return {
    program: input.deployment.escrow,
    accounts: [signing(input.owner), writable(input.ledger)],
    data: encodeLane("requestClose", input.lane, input.generation),
  };
}

/** Ends a lane and returns what is unspent to `owner`'s free balance. `closer` is anyone once it is due, the operator at any time. @throws integer-range, address-invalid */
export function closeLane(
  input: LaneInput & { readonly owner: AddressLike; readonly closer: AddressLike },
): Instruction {
  const { escrow } = input.deployment;
  return {
    program: escrow,
    accounts: [
      signing(input.closer),
      writable(deriveBalance(escrow, input.owner).address),
      writable(input.ledger),
    ],
    data: encodeLane("closeLane", input.lane, input.generation),
  };
}

function funding(input: {
  readonly deployment: Deployment;
  readonly owner: AddressLike;
  readonly ledger: AddressLike;
}): AccountMeta[] {
  const { escrow } = input.deployment;
  return [
    signing(input.owner),
    readonly(deriveConfig(escrow).address),
    writable(deriveBalance(escrow, input.owner).address),
    writable(input.ledger),
  ];
}
