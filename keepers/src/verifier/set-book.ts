import { bytesEqual, toHex } from "@tolldns/sdk";
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

const MNEMONICS: Readonly<Record<number, string>> = {
  1: "A",
  2: "NS",
  5: "CNAME",
  6: "SOA",
  12: "PTR",
  15: "MX",
  16: "TXT",
  28: "AAAA",
  33: "SRV",
  39: "DNAME",
  43: "DS",
  48: "DNSKEY",
};
const RCODES = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"];

/** A set as a file that readChallengeSet reads: the same set makes the same text. */
export function writeChallengeSet({ version, about, challenges }: ChallengeSet): string {
  const rows = challenges.map((challenge) => {
    const { number, surface, name, type, dnssecOk, unchecked, flags, transports, expect } = challenge;
    const edns = { ...(dnssecOk ? { dnssecOk } : {}), ...(unchecked ? { unchecked } : {}) };
    return {
      number,
      surface,
      name,
      type: MNEMONICS[type] ?? `TYPE${type}`,
      ...(dnssecOk || unchecked ? { edns } : {}),
      ...(flags.length > 0 ? { flags } : {}),
      transports,
      expect:
        expect.kind === "reference"
          ? { kind: expect.kind, rcode: RCODES[expect.rcode] }
          : expect.kind === "digest"
            ? { kind: expect.kind, digest: toHex(expect.digest) }
            : expect,
    };
  });
  return `${JSON.stringify({ version, about, challenges: rows }, null, 1)}\n`;
}

/** Do two sets ask the same? */
export const isSameSet = (a: ChallengeSet, b: ChallengeSet): boolean =>
  a.version === b.version && bytesEqual(listEntries(a).root, listEntries(b).root);
