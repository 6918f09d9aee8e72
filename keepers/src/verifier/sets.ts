import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type ChallengeSet, readChallengeSet } from "@tolldns/sdk/policy";

/** The challenge sets that come with this package: one for public test zones, one for the zone of `tolldns up` and the lab. @throws as readChallengeSet */
export async function readBundledSets(): Promise<ChallengeSet[]> {
  const folder = fileURLToPath(new URL("./sets/", import.meta.url));
  const names = (await readdir(folder)).filter((name) => name.endsWith(".json")).sort();
  return Promise.all(names.map(async (name) => readChallengeSet(await readFile(`${folder}${name}`, "utf8"))));
}
