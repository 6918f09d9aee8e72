import { readFileSync } from "node:fs";
import { bytesEqual } from "@tolldns/sdk";
import {
  type ChallengeSet,
  listEntries,
  type PolicyConfig,
  type PublishedSet,
  readChallengeSet,
} from "@tolldns/sdk/policy";

const FIXTURE = new URL("../fixture-internet/challenges.json", import.meta.url);

/** What is asked of the names of the fixture internet, which `tolldns up` brings along. */
export const readFixtureSet = (): ChallengeSet => readChallengeSet(readFileSync(FIXTURE, "utf8"));

/** The set under the version that the chain gives its content; undefined where the chain publishes something else. */
export function asPublished(
  set: ChallengeSet,
  published: PublishedSet | undefined,
): ChallengeSet | undefined {
  if (published === undefined || !bytesEqual(published.root, listEntries(set).root)) return undefined;
  return { ...set, version: published.version };
}

/** Sets that a verifier here can ask by: those of this release, those in files, and each as the chain publishes it: a chain numbers its sets itself. */
export async function setsAtHand(
  { set, previousSet }: PolicyConfig,
  files: readonly ChallengeSet[],
): Promise<ChallengeSet[]> {
  const { readBundledSets } = await import("@tolldns/keepers");
  const all = [...(await readBundledSets()), readFixtureSet(), ...files];
  const published = all.flatMap((one) =>
    [asPublished(one, set), asPublished(one, previousSet)].filter((own) => own !== undefined),
  );
  return [...all, ...published];
}
