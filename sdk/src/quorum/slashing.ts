import { type AddressLike, deriveAddress } from "../address.ts";
import { checkBytes, concatBytes } from "../bytes.ts";
import { hash, tail, u8, u32 } from "../encode.ts";
import { type AccountMeta, type Instruction, readonly, writable } from "../instruction.ts";
import { deriveSlasher } from "./address.ts";
import { encode } from "./data.ts";
import { config, epochOf, make, type OfEpoch } from "./parts.ts";
import type { EpochOutcome } from "./vote.ts";

/** Whom a slash is about, and where the tokens go; a StakeDeployment of `@tolldns/sdk/stake` has the first three. */
export interface Slashed extends OfEpoch {
  readonly stake: {
    readonly mint: AddressLike;
    readonly tokenProgram: AddressLike;
    readonly treasury: AddressLike;
  };
  readonly seat: number;
  /** The member's Operator account: the one whose index in the tree the seat names. */
  readonly operator: AddressLike;
  /** Token account for the reporter's share. */
  readonly reporterTokens: AddressLike;
}

/** A vote that a member signed, with what it is for. */
export interface ShownVote {
  readonly outcome: EpochOutcome;
  /** 64 bytes. */
  readonly signature: Uint8Array;
}

const text = (value: string) => new TextEncoder().encode(value);

function accounts(input: Slashed): AccountMeta[] {
  const { deployment, stake } = input;
  const of = (seed: string) => deriveAddress(deployment.stake, [text(seed)]).address;
  return [
    writable(epochOf(input)),
    readonly(config(deployment)),
    readonly(deriveSlasher(deployment.quorum).address),
    readonly(of("stake")),
    writable(input.operator),
    writable(of("stake-vault")),
    writable(stake.mint),
    writable(input.reporterTokens),
    writable(stake.treasury),
    readonly(stake.tokenProgram),
    readonly(deployment.stake),
  ];
}

function encodeShown({ outcome, signature }: ShownVote): Uint8Array {
  return concatBytes(
    hash(outcome.previousRoot, "previousRoot"),
    hash(outcome.root, "root"),
    hash(outcome.updatesRoot, "updatesRoot"),
    u32(outcome.count, "count"),
    checkBytes(signature, 64, "signature"),
  );
}

/**
 * Proves that a member voted for two outcomes of one epoch, by one signed vote against the one on chain or by two signed ones, and slashes its operator.
 * @throws bytes-length, integer-range, address-invalid
 */
export function proveEquivocation(
  input: Slashed & { readonly votes: readonly [ShownVote] | readonly [ShownVote, ShownVote] },
): Instruction {
  const evidence = concatBytes(...input.votes.map(encodeShown));
  return make(
    input.deployment,
    accounts(input),
    encode("proveEquivocation", u8(input.seat, "seat"), tail(evidence)),
  );
}

/** Slashes a member of a rejected epoch for its vote; `reporterTokens` are the challenger's. @throws integer-range, address-invalid */
export function slashVote(input: Slashed): Instruction {
  return make(input.deployment, accounts(input), encode("slashVote", u8(input.seat, "seat")));
}
