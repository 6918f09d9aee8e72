import { bytesEqual, type VerifyEd25519 } from "@tolldns/sdk";
import type { QuorumState } from "./chain/types.ts";
import type { FeedStore } from "./store/open.ts";
import type { Proposal, Vote } from "./store/votes.ts";
import { checkProposal, checkVote } from "./votes.ts";

/** Where votes and proposals are heard, kept, and passed on once. */
export interface Hall {
  /** @throws vote-epoch, vote-stranger, vote-form */
  hearVote(vote: Vote): Promise<void>;
  /** @throws as hearVote, proposal-form */
  hearProposal(proposal: Proposal): Promise<void>;
  /** Calls back for each vote that is new. */
  onVote(listener: (vote: Vote) => void): void;
  onProposal(listener: (proposal: Proposal) => void): void;
}

export interface HallContext {
  readonly domain: Uint8Array;
  readonly store: FeedStore;
  readonly verify: VerifyEd25519;
  readonly now: () => number;
  /** The chain as of the last look, or a fresh one if the epoch asked for is later. */
  readonly state: (epoch: bigint) => Promise<QuorumState | null>;
}

export function createHall({ domain, store, verify, now, state }: HallContext): Hall {
  const voteListeners: ((vote: Vote) => void)[] = [];
  const proposalListeners: ((proposal: Proposal) => void)[] = [];

  async function hearVote(vote: Vote): Promise<void> {
    // What is known costs no signature.
    const known = await store.votes.heard(vote.epoch);
    const same = (other: Vote) =>
      bytesEqual(other.witness, vote.witness) && bytesEqual(other.digest, vote.digest);
    if (known.some(same)) return;
    checkVote(vote, (await state(vote.epoch))?.epoch ?? null, domain, verify);
    if (await store.votes.hear(vote, now())) for (const listener of voteListeners) listener(vote);
  }

  return {
    hearVote,
    hearProposal: async (proposal) => {
      const known = await store.votes.heads(proposal.epoch);
      if (known.some(({ digest }) => bytesEqual(digest, proposal.digest))) return;
      checkVote(proposal, (await state(proposal.epoch))?.epoch ?? null, domain, verify);
      await hearVote(proposal);
      checkProposal(proposal, domain);
      if (await store.votes.propose(proposal)) for (const listener of proposalListeners) listener(proposal);
    },
    onVote: (listener) => voteListeners.push(listener),
    onProposal: (listener) => proposalListeners.push(listener),
  };
}
