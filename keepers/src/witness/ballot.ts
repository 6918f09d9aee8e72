import { bytesEqual, toHex } from "@tolldns/sdk";
import type { EpochState } from "../feed/chain/types.ts";
import type { Vote } from "../feed/store/votes.ts";

/** How things stand in an epoch, from what was heard and what the chain has. */
export interface Ballot {
  /** Weight of the members heard to have voted for a digest, in hex; who voted for two counts for none. */
  weightOf(digest: string): bigint;
  /** The first seat that voted for it; null if nobody did. */
  firstSeat(digest: string): number | null;
  readonly total: bigint;
  /** Seats that voted for two digests, with two such votes or one beside the chain's. */
  readonly cheats: readonly Cheat[];
}

export interface Cheat {
  readonly seat: number;
  /** Two, or one against what the chain recorded. */
  readonly votes: readonly Vote[];
}

/** Counts votes. Pure. */
export function countBallot(epoch: EpochState, heard: readonly Vote[]): Ballot {
  // Nobody has to show that a key is its own: who took another's takes no vote from it, and votes as that one does.
  const seatsOf = Map.groupBy(epoch.members.keys(), (seat) =>
    toHex((epoch.members[seat] as EpochState["members"][number]).witness),
  );
  const bySeat = new Map<number, Vote[]>();
  for (const vote of heard) {
    for (const seat of seatsOf.get(toHex(vote.witness)) ?? [])
      bySeat.set(seat, [...(bySeat.get(seat) ?? []), vote]);
  }
  const weights = new Map<string, bigint>();
  const firsts = new Map<string, number>();
  const cheats: Cheat[] = [];
  for (const [seat, { vote: recorded, weight, struck }] of epoch.members.entries()) {
    const votes = bySeat.get(seat) ?? [];
    const digests = new Set(votes.map(({ digest }) => toHex(digest)));
    if (recorded !== null) digests.add(toHex(recorded));
    if (digests.size > 1) {
      const against = votes.find(({ digest }) => recorded !== null && !bytesEqual(digest, recorded));
      const [first] = votes;
      const second = votes.find(({ digest }) => first !== undefined && !bytesEqual(digest, first.digest));
      const shown = against !== undefined ? [against] : first && second ? [first, second] : [];
      if (!struck && shown.length > 0) cheats.push({ seat, votes: shown });
      continue;
    }
    const [digest] = digests;
    if (digest === undefined || struck) continue;
    weights.set(digest, (weights.get(digest) ?? 0n) + weight);
    if (!firsts.has(digest)) firsts.set(digest, seat);
  }
  return {
    weightOf: (digest) => weights.get(digest) ?? 0n,
    firstSeat: (digest) => firsts.get(digest) ?? null,
    total: epoch.members.reduce((sum, { weight }) => sum + weight, 0n),
    cheats,
  };
}

/**
 * Proposals to look at, best first: a seat whose turn has come proposed or took it up, or a third of the weight stands behind it
 * already. What most weight is behind comes first, so that late turns split no votes.
 */
export function rankProposals(ballot: Ballot, proposals: readonly Vote[], turn: number): Vote[] {
  const rows = proposals.flatMap((proposal) => {
    const key = toHex(proposal.digest);
    const [seat, weight] = [ballot.firstSeat(key), ballot.weightOf(key)];
    if (seat === null || (seat > turn && 3n * weight < ballot.total)) return [];
    return [{ proposal, seat, weight }];
  });
  rows.sort((a, b) => (a.weight === b.weight ? a.seat - b.seat : a.weight > b.weight ? -1 : 1));
  return rows.map(({ proposal }) => proposal);
}
