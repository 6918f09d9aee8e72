import type { Signer } from "@tolldns/sdk";
import type { FeedOptions, FeedStatus, RunningFeed } from "../feed/options.ts";

/** A feed that also votes. */
export interface WitnessOptions extends FeedOptions {
  /** The operator's witness key: signs votes and receipts. */
  readonly key: Signer;
  /**
   * Pays for transactions: its own attestations, proofs of equivocation, challenges. Without it votes wait to be relayed and
   * wrong roots are only reported.
   */
  readonly feePayer?: Signer;
  readonly voting?: Partial<VotingPolicy>;
}

/** When to propose and vote; seconds. */
export interface VotingPolicy {
  /** A seat's time to get a proposal accepted before it is the next one's turn. Default 20. */
  readonly patience: number;
  /** Between a proposal and the vote for it, so that two votes of one proposer meet. Default 1. */
  readonly pause: number;
  /** An update counts as held before the freeze if it was here this long before it; gossip takes a moment. Default 5. */
  readonly omissionMargin: number;
  /** Sends its own votes to the chain if a fee payer is there; else leaves them to be relayed. Default true. */
  readonly attest: boolean;
}

export const DEFAULT_VOTING_POLICY: VotingPolicy = {
  patience: 20,
  pause: 1,
  omissionMargin: 5,
  attest: true,
};

export interface WitnessStatus extends FeedStatus {
  /** Base58. */
  readonly witness: string;
  /** Number of the epoch it last voted in, and the digest in hex; null before. */
  readonly lastVote: { readonly epoch: bigint; readonly digest: string } | null;
  /** Since the start. */
  readonly votes: number;
  readonly challenges: number;
  readonly equivocations: number;
  /** Why the last proposal was not voted for; null if it was. */
  readonly lastRefusal: string | null;
}

export interface RunningWitness extends RunningFeed {
  status(): WitnessStatus;
}
