import type { Address } from "@tolldns/sdk";
import type { PolicyConfig, PublishedSet, Roster, Seat, TargetAccount } from "@tolldns/sdk/policy";

/** The verifier's own place in the stake program. */
export interface OwnNode {
  /** Operator and Node accounts. */
  readonly operator: Address;
  readonly node: Address;
  readonly region: number;
  readonly asn: number;
}

/** The policy program as one look saw it. */
export interface PolicyState {
  /** The chain's clock, Unix seconds. */
  readonly now: bigint;
  readonly config: PolicyConfig;
  /** The newest and the one before, as far as they are there. */
  readonly rosters: readonly Roster[];
  readonly targets: readonly TargetAccount[];
  /** Null while no VERIFIER Node of the hot key is registered. */
  readonly self: OwnNode | null;
}

/** The roster that windows beginning then are judged by. */
export function rosterAt({ rosters }: Pick<PolicyState, "rosters">, begin: bigint): Roster | undefined {
  return rosters.find(
    ({ enrolmentEnds, supersededAt }) =>
      enrolmentEnds <= begin && (supersededAt === undefined || begin < supersededAt),
  );
}

/** The operator's seat in a roster, unless it was struck. */
export function seatOf(roster: Roster | undefined, operator: Uint8Array | undefined): Seat | undefined {
  if (operator === undefined) return undefined;
  return roster?.seats.find((seat) => !seat.struck && Buffer.compare(seat.operator, operator) === 0);
}

/** The challenge set of windows that begin then; undefined if none was published. */
export function setAt({ set, previousSet }: PolicyConfig, begin: bigint): PublishedSet | undefined {
  if (set !== undefined && set.from <= begin) return set;
  return previousSet !== undefined && previousSet.from <= begin ? previousSet : undefined;
}

/** The window that a second is in; under terms that don't hold yet, the first one that they hold for. */
export function windowAt({ terms, termsFrom }: PolicyConfig, now: bigint): { begin: bigint; end: bigint } {
  const length = BigInt(terms.window);
  const from = now > termsFrom ? now : termsFrom;
  const begun = from - (from % length);
  const begin = begun < termsFrom ? begun + length : begun;
  return { begin, end: begin + length };
}
