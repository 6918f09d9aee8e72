import { fromHex, toHex } from "../bytes.ts";
import { tagBytes } from "../routes/hash.ts";
import { type Challenge, type ChallengeSet, type Expectation, SURFACES } from "./challenge-set.ts";
import { ANSWER_FLAGS, type AnswerFlag } from "./digest.ts";
import { fail } from "./errors.ts";
import { PROBE_TRANSPORTS, type ProbeTransport } from "./record.ts";

export const MAX_CHALLENGES = 256;
/** Most bytes of a set's file. */
export const MAX_SET_BYTES = 65_536;

/** Types by mnemonic; others are written `TYPE` and their number (RFC 3597, section 5). */
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
/** Response codes by number. */
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

/** A set as a file that readChallengeSet reads: the same set makes the same text. */
export function writeChallengeSet({ version, about, challenges }: ChallengeSet): string {
  const rows = challenges.map((challenge) => {
    const { number, surface, name, type, dnssecOk, unchecked, flags, transports, expect } = challenge;
    const edns = { ...(dnssecOk ? { dnssecOk } : {}), ...(unchecked ? { unchecked } : {}) };
    return {
      number,
      surface,
      name,
      type: mnemonicOf(type),
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

function mnemonicOf(type: number): string {
  const known = Object.entries(TYPES).find(([, number]) => number === type);
  return known === undefined ? `TYPE${type}` : known[0];
}
