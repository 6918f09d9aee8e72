/** What the planner knows of the chain, apart from how accounts are laid out: see docs/reference/quorum.md. */

export type EpochStatus = "frozen" | "drawing" | "voting" | "attested" | "final" | "rejected" | "stalled";

export interface MemberFacts {
  /** Ed25519 key that votes are checked with, 32 bytes. */
  readonly witness: Uint8Array;
  /** The operator's place in the stake tree, its own for good. */
  readonly operator: number;
  /** Where its stretch of the line of weights begins, and how long it is. */
  readonly start: bigint;
  readonly weight: bigint;
  /** What it voted for on chain, 32 bytes; null while it has not. */
  readonly vote: Uint8Array | null;
  /** Shown to have voted for two digests: its vote counts no more, and it was slashed. */
  readonly struck: boolean;
  /** Slashed for its vote for a digest that was proven wrong. */
  readonly slashed: boolean;
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
  /** Of everything signed about routes and roots here, 32 bytes. */
  readonly domain: Uint8Array;
  /** Root of the stake tree at the freeze. */
  readonly stakeRoot: Uint8Array;
  /** Members there shall be at most. */
  readonly seats: number;
  readonly members: readonly MemberFacts[];
  readonly previousRoot: Uint8Array;
  /** Digest two thirds voted for, and when that was tallied; null before. */
  readonly digest: Uint8Array | null;
  readonly attestedAt: bigint;
  /** Who proved the attested root wrong; null if nobody did. */
  readonly challenger: Uint8Array | null;
  /** When it was finalised, rejected or stalled; 0 before. */
  readonly endedAt: bigint;
}

/** The clock and the configuration beside the epoch. */
export interface QuorumFacts {
  /** The chain's clock. */
  readonly now: bigint;
  readonly slot: bigint;
  readonly paused: boolean;
  /** Unix seconds from which on the next epoch may be frozen. */
  readonly nextAt: bigint;
  /** What the stake tree weighs now; nobody can be drawn from nothing. */
  readonly stake: bigint;
  /** Number of the epoch frozen last, 0 before the first. */
  readonly number: bigint;
  /** That epoch; null before the first and once it is closed. */
  readonly epoch: EpochFacts | null;
}
