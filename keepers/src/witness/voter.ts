import { bytesEqual, type Signer, toHex } from "@tolldns/sdk";
import { signVote } from "@tolldns/sdk/quorum";
import type { RouteMap } from "@tolldns/sdk/routes";
import type { EpochState, QuorumState } from "../feed/chain/types.ts";
import type { FeedNode } from "../feed/node.ts";
import type { Statement, Vote } from "../feed/store/votes.ts";
import { writeProposal, writeVote } from "../feed/write.ts";
import { type Ballot, countBallot, rankProposals } from "./ballot.ts";
import { type Draft, draftEpoch } from "./candidates.ts";
import type { Court } from "./court.ts";
import type { VotingPolicy } from "./options.ts";

/** Votes once an epoch: for a proposal it found right, or for its own when its seat's turn has come. */
export interface Voter {
  /** One look at the epoch under way. */
  onState(state: QuorumState): Promise<void>;
  /** Seconds until another look is worth it, by what this one saw; null if only news is. */
  readonly wait: number | null;
  readonly votes: number;
  readonly lastRefusal: string | null;
}

export interface VoterContext {
  readonly node: FeedNode;
  readonly key: Signer;
  readonly policy: VotingPolicy;
  readonly court: Court;
  /** Sends the vote to the chain; null leaves it to relays. */
  readonly attest: ((epoch: bigint, seat: number, digest: Uint8Array) => Promise<void>) | null;
  /** An epoch that may have been voted in with a store that is lost. */
  readonly abstainIn: bigint | null;
}

/** Seconds between two tellings of the own vote while the epoch goes on. */
const RETELL_SECONDS = 5;

export function createVoter({ node, key, policy, court, attest, abstainIn }: VoterContext): Voter {
  const { store, clock, log, peers, book } = node;
  let current = 0n;
  let begunAt = 0;
  let toldAt = 0;
  let wait: number | null = null;
  let votes = 0;
  let lastRefusal: string | null = null;
  /** When a proposal was first seen, and which were found wanting at which count of names held. */
  let seenAt = new Map<string, number>();
  let refusals = new Map<string, { readonly reason: string; readonly at: number }>();

  async function cast(epoch: EpochState, statement: Statement, draft?: Draft): Promise<Vote> {
    const { digest, previousRoot, root, updatesRoot, count } = statement;
    const vote: Vote = {
      epoch: epoch.number,
      witness: key.publicKey,
      digest,
      signature: signVote(key, digest),
      previousRoot,
      root,
      updatesRoot,
      count,
    };
    // On disk before it leaves; a vote that was cast before stands, whatever this one says.
    const stands = await store.votes.cast(
      vote,
      clock.now(),
      draft === undefined ? undefined : { ...draft, ...vote },
    );
    if (bytesEqual(stands.digest, digest)) votes++;
    log("info", "voted", { epoch: epoch.number, digest: toHex(stands.digest) });
    return stands;
  }

  async function tell(vote: Vote): Promise<void> {
    const proposal = await store.votes.proposal(vote.epoch, vote.digest);
    const isOwn = proposal !== null && bytesEqual(proposal.witness, vote.witness);
    if (isOwn) peers.tellAll("/v1/proposals", writeProposal(proposal));
    else peers.tellAll("/v1/votes", writeVote(vote));
    toldAt = clock.now();
  }

  /** Tells the vote again, to peers and to the chain, until the chain has it. */
  async function stand(epoch: EpochState, seats: readonly number[], vote: Vote): Promise<void> {
    const open = seats.filter((seat) => epoch.members[seat]?.vote == null);
    if (open.length === 0) {
      wait = null;
      return;
    }
    wait = RETELL_SECONDS;
    if (clock.now() - toldAt < RETELL_SECONDS) return;
    await tell(vote);
    if (attest === null) return;
    for (const seat of open) {
      try {
        await attest(epoch.number, seat, vote.digest);
      } catch (error) {
        log("warn", "vote not sent to the chain", { epoch: epoch.number, seat, error: String(error) });
      }
    }
  }

  /** The first proposal that is right and has been here long enough for a contradiction to arrive. */
  async function choose(epoch: EpochState, ballot: Ballot, ranked: readonly Vote[]): Promise<Vote | null> {
    for (const proposal of ranked) {
      const digest = toHex(proposal.digest);
      const since = seenAt.get(digest) ?? clock.now();
      seenAt.set(digest, since);
      const rest = since + policy.pause - clock.now();
      if (rest > 0) {
        soon(rest);
        return null;
      }
      const refusal = refusals.get(digest);
      if (refusal !== undefined && clock.now() - refusal.at < RETELL_SECONDS) continue;
      const whole = await store.votes.proposal(epoch.number, proposal.digest);
      if (whole === null) continue;
      const verdict = await court.judge(epoch, whole);
      if (verdict.is === "fine" && ballot.firstSeat(digest) !== null) return proposal;
      const reason =
        verdict.is === "wrong"
          ? `its ${verdict.fault.kind} is wrong`
          : verdict.is === "fine"
            ? "nobody stands behind it"
            : verdict.reason;
      refusals.set(digest, { reason, at: clock.now() });
      lastRefusal = reason;
      log("warn", "proposal refused", { epoch: epoch.number, digest, reason });
    }
    return null;
  }

  async function propose(epoch: EpochState, map: RouteMap): Promise<Vote> {
    const draft = await draftEpoch(node, epoch, map);
    log("info", "proposing", { epoch: epoch.number, updates: draft.count });
    return cast(epoch, draft, draft);
  }

  function soon(seconds: number): void {
    wait = wait === null ? seconds : Math.min(wait, seconds);
  }

  async function vote(epoch: EpochState, seats: readonly number[]): Promise<void> {
    if (epoch.number !== current) {
      current = epoch.number;
      begunAt = clock.now();
      toldAt = Number.NEGATIVE_INFINITY;
      seenAt = new Map();
      refusals = new Map();
      lastRefusal = null;
    }
    const held = await store.votes.own(epoch.number);
    if (held !== null) return stand(epoch, seats, held);
    if (seats.some((seat) => epoch.members[seat]?.vote != null) || abstainIn === epoch.number) {
      lastRefusal = "this store may not have all votes of the epoch";
      return;
    }
    if (!bytesEqual(book.root, epoch.previousRoot)) {
      lastRefusal = "the map is not at the previous root yet";
      return soon(1);
    }
    const ballot = countBallot(epoch, await store.votes.heard(epoch.number));
    const turn = Math.floor((clock.now() - begunAt) / policy.patience);
    soon((turn + 1) * policy.patience - (clock.now() - begunAt));
    const ranked = rankProposals(ballot, await store.votes.heads(epoch.number), turn);
    const chosen = await choose(epoch, ballot, ranked);
    if (chosen !== null) return stand(epoch, seats, await cast(epoch, chosen));
    const isWaiting = ranked.some(({ digest }) => !refusals.has(toHex(digest)));
    if (seats.includes(turn % epoch.members.length) && !isWaiting)
      await stand(epoch, seats, await propose(epoch, book.map));
  }

  return {
    get wait() {
      return wait;
    },
    get votes() {
      return votes;
    },
    get lastRefusal() {
      return lastRefusal;
    },
    onState: async ({ epoch }) => {
      wait = null;
      if (epoch?.status !== "voting") return;
      // Another operator may have registered this key too: a vote at its seat alone would leave the own one empty.
      const seats = [...epoch.members.keys()].filter((seat) =>
        bytesEqual((epoch.members[seat] as EpochState["members"][number]).witness, key.publicKey),
      );
      if (seats.length > 0) await vote(epoch, seats);
    },
  };
}
