import { toHex } from "@tolldns/sdk";
import { type ChallengeSet, listEntries, type PublishedSet } from "@tolldns/sdk/policy";

/** The sets at hand, by what the chain says of the one published. */
export interface SetBook {
  /** Undefined unless version and root are those of a set at hand. */
  find(published: Pick<PublishedSet, "version" | "root">): ChallengeSet | undefined;
}

export function createSetBook(sets: readonly ChallengeSet[]): SetBook {
  const byRoot = new Map(sets.map((set) => [`${set.version} ${toHex(listEntries(set).root)}`, set]));
  return { find: ({ version, root }) => byRoot.get(`${version} ${toHex(root)}`) };
}
