/** What the planner knows of the chain, apart from how accounts are laid out: see docs/reference/quorum.md. */

export type EpochStatus = "frozen" | "drawing" | "voting" | "attested" | "final" | "rejected" | "stalled";

export interface MemberFacts {
  /** Ed25519 key that votes are checked with, 32 bytes. */
  readonly witness: Uint8Array;
  /** Operator account, 32 bytes. */
  readonly operator: Uint8Array;
  readonly weight: bigint;
  /** What it voted for on chain, 32 bytes; null while it has not. */
  readonly vote: Uint8Array | null;
  /** Slashed for a vote of this epoch. */
  readonly struck: boolean;
}

/** An Epoch account. Times are Unix seconds of the chain, durations seconds. */
export interface EpochFacts {
  readonly number: bigint;
  readonly status: EpochStatus;
  readonly payer: Uint8Array;
  readonly frozenAt: bigint;
  readonly seedSlot: bigint;
  /** Null until drawn from. */
  readonly seed: Uint8Array | null;
  readonly length: bigint;
  readonly window: bigint;
  readonly evidenceLifetime: bigint;
  /** Root and weight of the stake tree at the freeze, and how many leaves it had. */
  readonly stakeRoot: Uint8Array;
  readonly total: bigint;
  readonly seats: number;
  readonly weightTaken: bigint;
  readonly members: readonly MemberFacts[];
  /** Digest two thirds voted for, and when that was tallied; null before. */
  readonly digest: Uint8Array | null;
  readonly attestedAt: bigint;
}

/** The clock and the configuration beside the epoch. */
export interface QuorumFacts {
  /** The chain's clock. */
  readonly now: bigint;
  readonly slot: bigint;
  readonly paused: boolean;
  /** Seconds an epoch lasts, as set for the next one. */
  readonly length: bigint;
  /** The epoch of QuorumConfig; null before the first. */
  readonly epoch: EpochFacts | null;
}
