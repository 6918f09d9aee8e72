import { concatBytes, fromHex } from "../bytes.ts";
import { u8, u16 } from "../encode.ts";
import { hashLeaf, type Sha256, sha256, tagBytes } from "../routes/hash.ts";
import { createList, type MerkleList } from "../routes/list-tree.ts";
import { ANSWER_FLAGS, type AnswerFlag } from "./digest.ts";
import { fail } from "./health-errors.ts";
import { PROBE_TRANSPORTS, type ProbeTransport } from "./record.ts";

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
export type ExpectationKind = (typeof EXPECTATIONS)[number];

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

export const MAX_CHALLENGES = 256;
export const MAX_SET_BYTES = 65_536;
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

const TYPES: Readonly<Record<string, number>> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  DNAME: 39,
  DS: 43,
  DNSKEY: 48,
  SVCB: 64,
  HTTPS: 65,
  CAA: 257,
};
const RCODES = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"] as const;

/**
 * Reads a challenge set, JSON of `{ version, about, challenges: [{ number, surface, name, type, edns?, flags?, transports, expect }] }`. Strict: unknown fields are
 * refused.
 * @throws set-form, set-size, set-version, set-number, set-surface, set-name, set-type, set-edns, set-transports, set-expect
 */
export function readChallengeSet(text: string): ChallengeSet {
  const size = tagBytes(text).length;
  if (size > MAX_SET_BYTES) throw fail("set-size", { got: size, most: MAX_SET_BYTES });
  const top = fields(parse(text), ["version", "about", "challenges"], "the set");
  const { version, about, challenges } = top;
  if (typeof version !== "number" || !Number.isInteger(version) || version < 1 || version > 0xffff_ffff)
    throw fail("set-version", { got: String(version) });
  if (typeof about !== "string" || about === "") throw fail("set-form", { reason: "about" });
  if (!Array.isArray(challenges)) throw fail("set-form", { reason: "challenges" });
  if (challenges.length === 0 || challenges.length > MAX_CHALLENGES)
    throw fail("set-size", { got: challenges.length, most: MAX_CHALLENGES });
  return { version, about, challenges: challenges.map(readChallenge) };
}

const FIELDS = ["number", "surface", "name", "type", "edns", "flags", "transports", "expect"];

function readChallenge(value: unknown, place: number): Challenge {
  const row = fields(value, FIELDS, `challenge ${place}`);
  if (row.number !== place)
    throw fail("set-number", { number: String(row.number), reason: `at place ${place}` });
  const surface = SURFACES.find((one) => one === row.surface);
  if (surface === undefined) throw fail("set-surface", { number: place, got: String(row.surface) });
  const edns = readEdns(row.edns, place);
  const expect = readExpectation(row.expect, place);
  if ((expect.kind === "chain") !== (surface === "dns-inclusion" || surface === "dns-absence"))
    throw fail("set-expect", { number: place, reason: "the chain tells of .dns, and of nothing else" });
  if ((expect.kind === "refused") !== (surface === "toll-refused"))
    throw fail("set-expect", { number: place, reason: "only tolls are refused" });
  return {
    number: place,
    surface,
    name: readName(row.name, place),
    type: readType(row.type, place),
    ...edns,
    flags: readFlags(row.flags, place),
    transports: readTransports(row.transports, place),
    expect,
  };
}

function readEdns(value: unknown, number: number): { dnssecOk: boolean; unchecked: boolean } {
  const { dnssecOk = false, unchecked = false, ...rest } = (value ?? {}) as Record<string, unknown>;
  const [more] = Object.keys(rest);
  if (more !== undefined) throw fail("set-edns", { number, reason: more });
  if (typeof dnssecOk !== "boolean" || typeof unchecked !== "boolean")
    throw fail("set-edns", { number, reason: "neither true nor false" });
  return { dnssecOk, unchecked };
}

function readName(value: unknown, number: number): string {
  const refuse = (reason: string) => fail("set-name", { number, reason });
  if (typeof value !== "string" || value === "") throw refuse("none");
  if (value === ".") return value;
  // 20 characters stand for a random label.
  if (value.replaceAll("{random}", "x".repeat(20)).length > 253) throw refuse("over 253 characters");
  const labels = value.split(".");
  if (labels.filter((label) => label === "{random}").length > 1) throw refuse("two random labels");
  for (const label of labels)
    if (label !== "{random}" && !/^[a-z0-9_-]{1,63}$/.test(label)) throw refuse(`label "${label}"`);
  return value;
}

function readType(value: unknown, number: number): number {
  const text = String(value);
  const given = Object.hasOwn(TYPES, text)
    ? TYPES[text]
    : /^TYPE[1-9]\d{0,4}$/.test(text)
      ? Number(text.slice(4))
      : undefined;
  // OPT, transfers and ANY are no questions that clients ask.
  const isOdd = given === undefined || given > 65_535 || given === 41 || (given >= 128 && given <= 255);
  if (isOdd) throw fail("set-type", { number, got: text });
  return given;
}

function readFlags(value: unknown, number: number): AnswerFlag[] {
  const given: unknown = value ?? [];
  if (!Array.isArray(given) || new Set(given).size !== given.length)
    throw fail("set-edns", { number, reason: "flags" });
  return given.map((flag: unknown) => {
    if (typeof flag !== "string" || !Object.hasOwn(ANSWER_FLAGS, flag))
      throw fail("set-edns", { number, reason: `flag ${String(flag)}` });
    return flag as AnswerFlag;
  });
}

function readTransports(value: unknown, number: number): ProbeTransport[] {
  if (!Array.isArray(value) || value.length === 0 || new Set(value).size !== value.length)
    throw fail("set-transports", { number, reason: "none, or one twice" });
  return value.map((one: unknown) => {
    const found = PROBE_TRANSPORTS.find((known) => known === one);
    if (found === undefined) throw fail("set-transports", { number, reason: String(one) });
    return found;
  });
}

function readExpectation(value: unknown, number: number): Expectation {
  const refuse = (reason: string) => fail("set-expect", { number, reason });
  const { kind } = (value ?? {}) as { kind?: unknown };
  switch (kind) {
    case "reference": {
      const { rcode = "NOERROR" } = fields(value, ["kind", "rcode"], `challenge ${number}`);
      const found = (RCODES as readonly unknown[]).indexOf(rcode);
      if (found < 0) throw refuse(`response code ${String(rcode)}`);
      return { kind, rcode: found };
    }
    case "digest": {
      const { digest } = fields(value, ["kind", "digest"], `challenge ${number}`);
      if (typeof digest !== "string" || !/^[0-9a-f]{64}$/.test(digest)) throw refuse("64 hexadecimal digits");
      return { kind, digest: fromHex(digest) };
    }
    case "chain":
      fields(value, ["kind"], `challenge ${number}`);
      return { kind };
    case "refused": {
      const { toll, error } = fields(value, ["kind", "toll", "error"], `challenge ${number}`);
      if (toll !== "none" && toll !== "unknown") throw refuse(`toll ${String(toll)}`);
      if (typeof error !== "string" || !/^[a-z-]{1,40}$/.test(error)) throw refuse("which error");
      return { kind, toll, error };
    }
    default:
      throw refuse(`kind ${String(kind)}`);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw fail("set-form", { reason: "not JSON" }, cause);
  }
}

function fields(value: unknown, known: readonly string[], what: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw fail("set-form", { reason: `${what} is no object` });
  const more = Object.keys(value).find((key) => !known.includes(key));
  if (more !== undefined) throw fail("set-form", { reason: `${what} has ${more}` });
  return value as Record<string, unknown>;
}

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
