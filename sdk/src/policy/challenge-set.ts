import { concatBytes } from "../bytes.ts";
import { u8, u16 } from "../encode.ts";
import { hashLeaf, type Sha256, sha256, tagBytes } from "../routes/hash.ts";
import { createList, type MerkleList } from "../routes/list-tree.ts";
import type { AnswerFlag } from "./digest.ts";
import type { ProbeTransport } from "./record.ts";

/** What a challenge tries, as numbered from 1. */
export const SURFACES = [
  "positive",
  "nodata",
  "nxdomain",
  "cname",
  "dname",
  "wildcard",
  "truncation",
  "edns",
  "large",
  "dnssec-secure",
  "dnssec-insecure",
  "dnssec-bogus",
  "serve-stale",
  "dns-inclusion",
  "dns-absence",
  "toll-refused",
] as const;
export type Surface = (typeof SURFACES)[number];

/** Where an expected answer comes from, as numbered from 1. */
export const EXPECTATIONS = ["reference", "digest", "chain", "refused"] as const;

export type Expectation =
  /** What the reference resolver answers just before; it must have this response code, or the reference is at fault and nobody is judged. */
  | { readonly kind: "reference"; readonly rcode: number }
  /** A fixed digest of 32 bytes. */
  | { readonly kind: "digest"; readonly digest: Uint8Array }
  /** A proof under a final root. */
  | { readonly kind: "chain" }
  /** A toll that is refused: `none` without any, `unknown` one that nobody opened a session for; with that error of the catalogue. */
  | { readonly kind: "refused"; readonly toll: "none" | "unknown"; readonly error: string };

/** One question and where its right answer comes from. */
export interface Challenge {
  readonly number: number;
  readonly surface: Surface;
  /** Presentation form in lower case, `.` for the root; `{random}` stands for a label drawn anew each time. */
  readonly name: string;
  readonly type: number;
  /** DO bit. */
  readonly dnssecOk: boolean;
  /** CD bit. */
  readonly unchecked: boolean;
  /** Flags that count. */
  readonly flags: readonly AnswerFlag[];
  readonly transports: readonly ProbeTransport[];
  readonly expect: Expectation;
}

export interface ChallengeSet {
  readonly version: number;
  /** Which names it asks for and what for, one sentence. */
  readonly about: string;
  readonly challenges: readonly Challenge[];
}

/** Bytes of an entry. */
export const ENTRY_BYTES = 70;

/** Surfaces that only gateways have. */
const GATEWAY_SURFACES: ReadonlySet<Surface> = new Set<Surface>([
  "dns-inclusion",
  "dns-absence",
  "toll-refused",
]);

/** Can this be asked of a target of this kind? Backends know nothing of `.dns` and tolls. */
export const isFor = ({ surface }: Pick<Challenge, "surface">, kind: "backend" | "gateway"): boolean =>
  kind === "gateway" || !GATEWAY_SURFACES.has(surface);

/** Surfaces where a wrong answer is told from a stale one. */
export const isAboutFreshness = ({ surface }: Pick<Challenge, "surface">): boolean =>
  surface === "serve-stale";

/** `number u16 | kind u8 | surface u8 | type u16 | SHA-256(name) | digest, zero unless fixed`. @throws integer-range */
export function encodeEntry(challenge: Challenge, hash: Sha256 = sha256): Uint8Array {
  const { number, expect, surface, type, name } = challenge;
  return concatBytes(
    u16(number, "number"),
    u8(EXPECTATIONS.indexOf(expect.kind) + 1, "kind"),
    u8(SURFACES.indexOf(surface) + 1, "surface"),
    u16(type, "type"),
    hash(tagBytes(name)),
    expect.kind === "digest" ? expect.digest : new Uint8Array(32),
  );
}

/** The list of a set's entries; its root is what is published on chain. */
export function listEntries(set: ChallengeSet, hash: Sha256 = sha256): MerkleList {
  return createList(
    set.challenges.map((challenge) => hashLeaf(hash, encodeEntry(challenge, hash))),
    hash,
  );
}
