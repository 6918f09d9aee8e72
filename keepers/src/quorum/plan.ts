import { toHex } from "@tolldns/sdk";
import type { EpochFacts, MemberFacts, QuorumFacts } from "./facts.ts";
import type { QuorumPolicy } from "./options.ts";

/** Votes that fit one packet of 1 232 bytes beside everything else in it. */
export const ROWS_AT_ONCE = 13;

/** A vote read from a witness whose signature is good; `member` is its place in the committee. */
export interface HeardVote {
  readonly member: number;
  readonly digest: Uint8Array;
  readonly signature: Uint8Array;
  /** Chain time at which this keeper saw it first, Unix seconds. */
  readonly heardAt: bigint;
}

/** What a digest stands for. */
export interface Statement {
  readonly previousRoot: Uint8Array;
  readonly root: Uint8Array;
  readonly updatesRoot: Uint8Array;
  readonly count: number;
}

/** What the keeper heard from witnesses about the epoch. */
export interface Heard {
  readonly votes: readonly HeardVote[];
  /** By digest in hex; only such whose hash is the digest. */
  readonly statements: ReadonlyMap<string, Statement>;
}

/** The next transaction of an epoch. Each may be sent twice, by several keepers, and changes nothing the second time. */
export type Step =
  | { readonly do: "freeze"; readonly number: bigint }
  | { readonly do: "seed" }
  /** As many seats as fit, from `seat` on. */
  | { readonly do: "draw"; readonly seat: number }
  | { readonly do: "relay"; readonly statement: Statement; readonly rows: readonly HeardVote[] }
  | { readonly do: "tally"; readonly statement: Statement }
  | { readonly do: "finalize" }
  /** One vote against the recorded one, or two. */
  | { readonly do: "equivocation"; readonly member: number; readonly votes: readonly ProvenVote[] };

/** A vote and what its digest stands for. */
export interface ProvenVote {
  readonly statement: Statement;
  readonly signature: Uint8Array;
}

export const NOTHING_HEARD: Heard = { votes: [], statements: new Map() };

/** Two thirds of the committee, as the program counts: `3w >= 2W`. */
export function isEnough(weight: bigint, total: bigint): boolean {
  return total > 0n && 3n * weight >= 2n * total;
}

/** Is the epoch over, one way or another? */
export function isOver({ status }: EpochFacts): boolean {
  return status === "final" || status === "rejected" || status === "stalled";
}

/**
 * What to send next for the epoch under way, most pressing first. `stale` operators weigh something else than the stake tree
 * says; they hold a freeze up, but not for long. Pure.
 */
export function planEpoch(
  facts: QuorumFacts,
  heard: Heard,
  stale: number,
  policy: Pick<QuorumPolicy, "relayPatienceSeconds" | "syncPatienceSeconds">,
): Step[] {
  const { epoch, now } = facts;
  if (epoch === null || isOver(epoch)) return planFreeze(facts, stale, policy);
  const late = now >= epoch.frozenAt + epoch.length;
  switch (epoch.status) {
    case "frozen":
      if (late) return [{ do: "finalize" }];
      // The slot's own hash is known from the next slot on.
      return facts.slot > epoch.seedSlot ? [{ do: "seed" }] : [];
    case "drawing":
      return late ? [{ do: "finalize" }] : [{ do: "draw", seat: epoch.members.length }];
    case "voting": {
      const proven = findEquivocations(epoch, heard);
      if (late) return [...proven, { do: "finalize" }];
      return [...proven, ...planVotes(epoch, heard, now, policy)];
    }
    case "attested":
      return [
        ...findEquivocations(epoch, heard),
        ...(now >= epoch.attestedAt + epoch.window ? [{ do: "finalize" } as const] : []),
      ];
  }
  return [];
}

function planFreeze(
  { number, now, paused, nextAt, stake }: QuorumFacts,
  stale: number,
  { syncPatienceSeconds }: Pick<QuorumPolicy, "syncPatienceSeconds">,
): Step[] {
  if (paused || stake === 0n || now < nextAt) return [];
  // Before the first epoch nobody waits for anything.
  const patient = number === 0n || now < nextAt + BigInt(Math.ceil(syncPatienceSeconds));
  return stale > 0 && patient ? [] : [{ do: "freeze", number: number + 1n }];
}

function planVotes(
  epoch: EpochFacts,
  heard: Heard,
  now: bigint,
  { relayPatienceSeconds }: Pick<QuorumPolicy, "relayPatienceSeconds">,
): Step[] {
  const total = sum(epoch.members);
  const cast = weighVotes(epoch.members);
  const statementOf = (digest: string): Statement | undefined => {
    const statement = heard.statements.get(digest);
    const follows = statement !== undefined && toHex(statement.previousRoot) === toHex(epoch.previousRoot);
    return follows ? statement : undefined;
  };
  for (const [digest, weight] of cast) {
    const statement = statementOf(digest);
    if (isEnough(weight, total) && statement !== undefined) return [{ do: "tally", statement }];
  }
  const waiting = heard.votes.filter(({ member }) => {
    const row = epoch.members[member];
    return row !== undefined && row.vote === null && !row.struck;
  });
  const all = new Map(cast);
  const counted = new Set<string>();
  for (const { member, digest } of waiting) {
    const key = `${member} ${toHex(digest)}`;
    if (counted.has(key)) continue;
    counted.add(key);
    add(all, toHex(digest), epoch.members[member]?.weight ?? 0n);
  }
  // Votes for a digest behind another would cost fees and decide nothing.
  const leading = [...all].sort(([a, x], [b, y]) => (x === y ? (a < b ? -1 : 1) : x > y ? -1 : 1))[0]?.[0];
  const statement = leading === undefined ? undefined : statementOf(leading);
  if (statement === undefined) return [];
  const rows = uniqueMembers(waiting.filter(({ digest }) => toHex(digest) === leading));
  const patience = BigInt(Math.ceil(relayPatienceSeconds));
  const ripe = rows.filter(({ heardAt }) => now - heardAt >= patience);
  if (ripe.length === 0) return [];
  // What rides along in a transaction that goes anyway costs next to nothing.
  const filled = [...ripe, ...rows.filter((row) => !ripe.includes(row))];
  const count = Math.min(filled.length, Math.ceil(ripe.length / ROWS_AT_ONCE) * ROWS_AT_ONCE);
  const steps: Step[] = [];
  for (let from = 0; from < count; from += ROWS_AT_ONCE) {
    steps.push({ do: "relay", statement, rows: filled.slice(from, Math.min(from + ROWS_AT_ONCE, count)) });
  }
  return steps;
}

/** Members who voted for two digests, by what was heard and what the chain recorded; once a member. */
function findEquivocations(epoch: EpochFacts, { votes, statements }: Heard): Step[] {
  const steps: Step[] = [];
  for (const [index, { vote, struck }] of epoch.members.entries()) {
    if (struck) continue;
    const mine = votes.flatMap(({ member, digest, signature }) => {
      const statement = member === index ? statements.get(toHex(digest)) : undefined;
      return statement === undefined ? [] : [{ digest: toHex(digest), proven: { statement, signature } }];
    });
    const recorded = vote === null ? null : toHex(vote);
    const against = mine.find(({ digest }) => recorded !== null && digest !== recorded);
    const other = mine.find(({ digest }) => digest !== mine[0]?.digest);
    if (against !== undefined) steps.push({ do: "equivocation", member: index, votes: [against.proven] });
    else if (mine[0] !== undefined && other !== undefined)
      steps.push({ do: "equivocation", member: index, votes: [mine[0].proven, other.proven] });
  }
  return steps;
}

/** Weight of the votes on chain that count, by digest in hex. */
export function weighVotes(members: readonly MemberFacts[]): Map<string, bigint> {
  const weights = new Map<string, bigint>();
  for (const { vote, weight, struck } of members) {
    if (vote !== null && !struck) add(weights, toHex(vote), weight);
  }
  return weights;
}

export function sum(members: readonly MemberFacts[]): bigint {
  return members.reduce((total, { weight }) => total + weight, 0n);
}

function add(weights: Map<string, bigint>, digest: string, weight: bigint): void {
  weights.set(digest, (weights.get(digest) ?? 0n) + weight);
}

function uniqueMembers(votes: readonly HeardVote[]): HeardVote[] {
  return [...new Map(votes.map((vote) => [vote.member, vote])).values()].sort((a, b) => a.member - b.member);
}

/** Members of a rejected epoch who voted for its digest and were not slashed for it yet. */
export function findGuilty(epoch: EpochFacts): number[] {
  if (epoch.status !== "rejected" || epoch.digest === null) return [];
  const digest = toHex(epoch.digest);
  return epoch.members.flatMap((member, index) =>
    !member.slashed && !member.struck && member.vote !== null && toHex(member.vote) === digest ? [index] : [],
  );
}

/** May the epoch be closed, and is it ours to? Whoever paid comes first; others after another lifetime, so that none is left lying. */
export function isDueToClose(epoch: EpochFacts, now: bigint, self: Uint8Array): boolean {
  if (!isOver(epoch) || findGuilty(epoch).length > 0) return false;
  const own = toHex(epoch.payer) === toHex(self);
  return now >= epoch.endedAt + epoch.evidenceLifetime * (own ? 1n : 2n);
}
