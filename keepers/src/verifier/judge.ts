import { FLAG, findOption, OPTION, RCODE, readMessage, TYPE, type WireMessage } from "@tolldns/dns";
import { bytesEqual, findTollError } from "@tolldns/sdk";
import { sha256Node, verifyEd25519Node } from "@tolldns/sdk/node";
import {
  ANSWER_FLAGS,
  type ChainTrust,
  type Challenge,
  canonicalRecord,
  decodeChainTrust,
  hashAnswer,
  hashRefusal,
  hashRouteState,
  isAboutFreshness,
  type Outcome,
  outcomeOf,
  type Reason,
  type Transcript,
} from "@tolldns/sdk/policy";
import { decodeEvidence, hashWireName, verifyEvidence } from "@tolldns/sdk/routes";
import { fail } from "./errors.ts";

/** What a transcript comes to. Digests have 32 bytes. */
export interface Verdict {
  readonly outcome: Outcome;
  readonly reason: Reason;
  readonly expected: Uint8Array;
  readonly answer: Uint8Array;
}

const NOTHING = new Uint8Array(32);
const EDE_STALE = new Set([3, 19]);

/**
 * Judges what came back. Pure, of the transcript and the challenge alone: whoever replays it comes to the same.
 * @throws evidence-invalid if the transcript lacks what the challenge's expectation rests on
 */
export function judge(challenge: Challenge, transcript: Transcript): Verdict {
  const expected = expectedDigest(challenge, transcript);
  const { answer, reason } = look(challenge, transcript, expected);
  const outcome = outcomeOf({ expected, answer, reason });
  if (outcome === undefined)
    throw fail("evidence-invalid", { reason: "an answer and a reason that don't go together" });
  return { outcome, reason, expected, answer };
}

function expectedDigest(challenge: Challenge, transcript: Transcript): Uint8Array {
  const { expect } = challenge;
  switch (expect.kind) {
    case "digest":
      return expect.digest;
    case "refused": {
      const entry = findTollError(expect.error);
      if (entry === undefined) throw fail("evidence-invalid", { reason: `no toll error ${expect.error}` });
      return hashRefusal(entry.number, sha256Node);
    }
    case "chain": {
      const trust = decodeChainTrust(transcript.evidence);
      return hashRouteState(nameHashOf(transcript), trust.epoch, trust.root, sha256Node);
    }
    case "reference": {
      const message = tryRead(transcript.expected);
      if (message === undefined || message.rcode !== expect.rcode)
        throw fail("evidence-invalid", { reason: "the reference's answer is none to judge by" });
      return digestOf(challenge, message);
    }
  }
}

function look(
  challenge: Challenge,
  transcript: Transcript,
  expected: Uint8Array,
): { readonly answer: Uint8Array; readonly reason: Reason } {
  const { end, received } = transcript;
  switch (end) {
    case "silent":
      return { answer: NOTHING, reason: "time" };
    case "transport":
      return { answer: NOTHING, reason: "transport" };
    case "mismatch":
      return { answer: NOTHING, reason: "form" };
    case "refused": {
      const entry = findTollError(Buffer.from(received).toString("latin1"));
      if (entry === undefined) return { answer: NOTHING, reason: "form" };
      const answer = hashRefusal(entry.number, sha256Node);
      return { answer, reason: bytesEqual(answer, expected) ? "none" : "toll" };
    }
    case "answered":
      break;
  }
  const message = tryRead(received);
  if (message === undefined) return { answer: NOTHING, reason: "form" };
  if (challenge.expect.kind === "refused") return { answer: digestOf(challenge, message), reason: "toll" };
  if (challenge.expect.kind === "chain") return lookAtProof(challenge, transcript, message, expected);
  const answer = digestOf(challenge, message);
  if (bytesEqual(answer, expected)) return { answer, reason: "none" };
  return { answer, reason: reasonOf(challenge, message, tryRead(transcript.expected)) };
}

/** What an answer says of what this challenge looks at. */
export function digestOf(challenge: Challenge, message: WireMessage): Uint8Array {
  return hashAnswer(
    { rcode: message.rcode, flags: flagsOf(challenge, message), records: message.answers },
    sha256Node,
  );
}

function flagsOf(challenge: Challenge, message: WireMessage): number {
  const { opt, flags, answers, authority } = message;
  const signed = answers.length > 0 ? answers : authority;
  const has = {
    tc: (flags & FLAG.TC) !== 0,
    ad: (flags & FLAG.AD) !== 0,
    // The TTL field of OPT: extended rcode, version, DO and the rest (RFC 6891, section 6.1.3).
    edns:
      opt !== undefined &&
      ((opt.ttl >>> 16) & 0xff) === 0 &&
      ((opt.ttl & 0x8000) !== 0) === challenge.dnssecOk,
    signed: signed.some(({ type }) => type === TYPE.RRSIG),
  };
  return challenge.flags.reduce((bits, flag) => (has[flag] ? bits | ANSWER_FLAGS[flag] : bits), 0);
}

/** Why an answer is another than expected, in the order of docs/reference/verifier.md. */
function reasonOf(challenge: Challenge, message: WireMessage, expected: WireMessage | undefined): Reason {
  const isConclusive = message.rcode === RCODE.NOERROR || message.rcode === RCODE.NXDOMAIN;
  if (!isConclusive) return "rcode";
  // It vouches for what the reference refused as bogus.
  if (expected?.rcode === RCODE.SERVFAIL) return "signature";
  const isSame =
    expected !== undefined &&
    bytesEqual(
      hashAnswer({ rcode: expected.rcode, flags: 0, records: expected.answers }, sha256Node),
      hashAnswer({ rcode: message.rcode, flags: 0, records: message.answers }, sha256Node),
    );
  if (!isSame) {
    if (isAboutFreshness(challenge) || isMarkedStale(message)) return "stale";
    if (expected !== undefined && isPartOf(message, expected)) return "size";
    return "records";
  }
  const differs = flagsOf(challenge, message) ^ flagsOf(challenge, expected);
  if ((differs & (ANSWER_FLAGS.ad | ANSWER_FLAGS.signed)) !== 0) return "signature";
  return (differs & ANSWER_FLAGS.tc) !== 0 ? "size" : "flags";
}

/** Told stale by who sent it (RFC 8914, sections 4.4 and 4.20). */
function isMarkedStale(message: WireMessage): boolean {
  const ede = findOption(message.opt, OPTION.EDE);
  return (
    ede !== undefined && ede.length >= 2 && EDE_STALE.has(((ede[0] as number) << 8) | (ede[1] as number))
  );
}

/** Only some of the records, and no other: cut. */
function isPartOf(message: WireMessage, expected: WireMessage): boolean {
  if (message.rcode !== expected.rcode) return false;
  const whole = new Set(
    expected.answers.map((record) => Buffer.from(canonicalRecord(record)).toString("latin1")),
  );
  const got = message.answers.filter(({ type }) => type !== TYPE.RRSIG);
  return (
    (got.length > 0 || (message.flags & FLAG.TC) !== 0) &&
    got.every((record) => whole.has(Buffer.from(canonicalRecord(record)).toString("latin1")))
  );
}

/** A proof of `.dns`, held against the final root that stands in the transcript. */
function lookAtProof(
  challenge: Challenge,
  transcript: Transcript,
  message: WireMessage,
  expected: Uint8Array,
): { readonly answer: Uint8Array; readonly reason: Reason } {
  const answer = digestOf(challenge, message);
  if (message.rcode !== RCODE.NOERROR && message.rcode !== RCODE.NXDOMAIN) return { answer, reason: "rcode" };
  const trust = decodeChainTrust(transcript.evidence);
  const evidence = findOption(message.opt, OPTION.ROUTE_EVIDENCE);
  if (evidence === undefined) return { answer, reason: "proof" };
  try {
    const { epoch } = decodeEvidence(evidence);
    if (epoch < trust.epoch) return { answer, reason: "stale" };
    verifyEvidence(evidence, {
      ...trust,
      name: nameOf(transcript),
      // Expiry is for whoever answers to heed; the proof holds all the same.
      now: 0n,
      verify: verifyEd25519Node,
      hash: sha256Node,
    });
    return { answer: expected, reason: "none" };
  } catch {
    return { answer, reason: "proof" };
  }
}

/** The root that a proof in this answer is under, of those that are final; the newest where it is under none. */
export function trustFor(answer: Uint8Array, roots: readonly ChainTrust[]): ChainTrust | undefined {
  const option = findOption(tryRead(answer)?.opt, OPTION.ROUTE_EVIDENCE);
  try {
    const epoch = option === undefined ? undefined : decodeEvidence(option).epoch;
    return roots.find((root) => root.epoch === epoch) ?? roots[0];
  } catch {
    return roots[0];
  }
}

/** The wire name in a transcript's question. */
export function nameOf({ query }: Pick<Transcript, "query">): Uint8Array {
  let at = 12;
  while (at < query.length && query[at] !== 0) at += (query[at] as number) + 1;
  if (at >= query.length) throw fail("evidence-invalid", { reason: "a question without a name" });
  return Uint8Array.from(query.subarray(12, at + 1));
}

const nameHashOf = (transcript: Transcript) => hashWireName(nameOf(transcript), sha256Node);

/** Parses, or undefined if the message can't be. */
export function tryRead(message: Uint8Array): WireMessage | undefined {
  try {
    return readMessage(message);
  } catch {
    return undefined;
  }
}
