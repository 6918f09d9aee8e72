import { EDE, FLAG, OPTION, RCODE, TYPE } from "../wire/constants.ts";
import { isWithin, LOWER } from "../wire/name.ts";
import type { Question } from "../wire/question.ts";
import { findOption, readMessage, type WireMessage, type WireRecord } from "../wire/records.ts";
import { createRecordWriter } from "../wire/writer.ts";
import {
  BIT_AUTHENTIC,
  ENTRY_HEADER_BYTES,
  type EntryBytes,
  entryBytes,
  RANK,
  RANK_SHIFT,
  WORD,
} from "./entry.ts";

/** Bounds on how long answers are fresh, in seconds. */
export interface TtlLimits {
  /** Shorter TTLs are raised to this. */
  readonly min: number;
  /** Longer TTLs are cut to this (RFC 8767 section 4 suggests a week). */
  readonly max: number;
  /** Negative answers at most this (RFC 2308 section 5: one to three hours). */
  readonly maxNegative: number;
}

const MAX_CHAIN = 16;
/** Records of an authority section that are looked at: a proof takes a handful, a bomb thousands. */
const MAX_AUTHORITY = 64;

const textOf = (name: Uint8Array) => {
  let text = "";
  for (const byte of name) text += String.fromCharCode(LOWER[byte] as number);
  return text;
};

const coveredType = (rrsig: WireRecord) =>
  rrsig.data.length < 2 ? 0 : ((rrsig.data[0] as number) << 8) | (rrsig.data[1] as number);

/** The names reached from the question by CNAME records of the answer, the question's own first. */
function chainOf(question: Question, message: WireMessage): Uint8Array[] {
  const chain = [question.name];
  const seen = new Set([textOf(question.name)]);
  if (question.type === TYPE.CNAME || question.type === TYPE.ANY) return chain;
  for (let i = 0; i < chain.length && chain.length <= MAX_CHAIN; i++) {
    const from = textOf(chain[i] as Uint8Array);
    const alias = message.answers.find(
      (record) => record.type === TYPE.CNAME && textOf(record.owner) === from,
    );
    if (alias === undefined) break;
    const target = textOf(alias.data);
    if (seen.has(target)) break;
    seen.add(target);
    chain.push(alias.data);
  }
  return chain;
}

function answersTo(question: Question, message: WireMessage, chain: Uint8Array[]): WireRecord[] {
  const owners = new Set(chain.map(textOf));
  const isWanted = (type: number, owner: Uint8Array) => {
    if (type === TYPE.DNAME) return chain.some((name) => isWithin(name, owner));
    if (!owners.has(textOf(owner))) return false;
    return type === question.type || type === TYPE.CNAME || question.type === TYPE.ANY;
  };
  return message.answers.filter((record) => {
    if (record.class !== question.class) return false;
    if (record.type === TYPE.RRSIG && question.type !== TYPE.RRSIG)
      return question.dnssecOk && isWanted(coveredType(record), record.owner);
    return isWanted(record.type, record.owner);
  });
}

/** SOA of a negative answer and, with DO, the proofs; nothing that isn't at or above a name of the chain. */
function authorityFor(
  question: Question,
  message: WireMessage,
  chain: Uint8Array[],
  negative: boolean,
): WireRecord[] {
  const isAbove = (zone: Uint8Array) => chain.some((name) => isWithin(name, zone));
  const signedBy = (record: WireRecord) => record.data.subarray(18, endOfName(record.data, 18));
  const isProof = (type: number) => type === TYPE.NSEC || type === TYPE.NSEC3;
  const authority = message.authority.slice(0, MAX_AUTHORITY);
  return authority.filter((record) => {
    if (record.class !== question.class) return false;
    if (record.type === TYPE.SOA) return negative && isAbove(record.owner);
    if (!question.dnssecOk) return false;
    if (record.type === TYPE.RRSIG) {
      const covered = coveredType(record);
      const signer = signedBy(record);
      if (signer.length === 0 || !isAbove(signer) || !isWithin(record.owner, signer)) return false;
      return isProof(covered) || (covered === TYPE.SOA && negative);
    }
    if (!isProof(record.type)) return false;
    const owner = textOf(record.owner);
    return authority.some(
      (other) =>
        other.type === TYPE.RRSIG &&
        coveredType(other) === record.type &&
        textOf(other.owner) === owner &&
        signedBy(other).length > 0 &&
        isAbove(signedBy(other)) &&
        isWithin(record.owner, signedBy(other)),
    );
  });
}

function endOfName(data: Uint8Array, at: number): number {
  while (at < data.length && data[at] !== 0) at += (data[at] as number) + 1;
  return at < data.length ? at + 1 : 0;
}

/** TTL of each record: one for all of an RRset (RFC 2181 section 5.2), never above an RRSIG's original TTL. */
function evenTtls(records: readonly WireRecord[], limits: TtlLimits): number[] {
  const lowest = new Map<string, number>();
  const keys = records.map((record) => {
    const type = record.type === TYPE.RRSIG ? coveredType(record) : record.type;
    return `${type} ${textOf(record.owner)}`;
  });
  records.forEach((record, i) => {
    let ttl = record.ttl;
    if (record.type === TYPE.RRSIG && record.data.length >= 8)
      ttl = Math.min(ttl, new DataView(record.data.buffer, record.data.byteOffset).getUint32(4));
    const key = keys[i] as string;
    lowest.set(key, Math.min(lowest.get(key) ?? limits.max, ttl));
  });
  return keys.map((key) => lowest.get(key) as number);
}

/** The `minimum` field that ends an SOA (RFC 2308 section 4). */
function soaMinimum(soa: WireRecord): number {
  const data = soa.data;
  return data.length < 20 ? 0 : new DataView(data.buffer, data.byteOffset + data.length - 4).getUint32(0);
}

const scratch = new Uint8Array(66_000);

/** An answer made fit to be kept or sent: an entry of its own, fresh for `ttl` seconds (0: must not be kept). */
export interface Admitted {
  readonly entry: EntryBytes;
  readonly ttl: number;
  readonly rcode: number;
  readonly rank: number;
}

/**
 * Takes from an upstream's answer what belongs to the question and leaves the rest: records outside the alias chain,
 * authority of other zones, the whole additional section. Names are decompressed with bounds and written anew, so no
 * pointer of the upstream's reaches a client. TTLs follow RFC 2181 and RFC 2308.
 *
 * @param message the answer, whose id and question the exchange has checked
 * @throws DnsError as `readMessage`
 */
export function admit(question: Question, message: Uint8Array, limits: TtlLimits): Admitted {
  const parsed = readMessage(message);
  const chain = chainOf(question, parsed);
  const answers = answersTo(question, parsed, chain);
  const last = textOf(chain[chain.length - 1] as Uint8Array);
  const covers = (record: WireRecord) =>
    textOf(record.owner) === last && (record.type === question.type || question.type === TYPE.ANY);
  const succeeded = parsed.rcode === RCODE.NOERROR || parsed.rcode === RCODE.NXDOMAIN;
  const negative = parsed.rcode === RCODE.NXDOMAIN || (succeeded && !answers.some(covers));
  const authority = succeeded ? authorityFor(question, parsed, chain, negative) : [];

  const records = [...answers, ...authority];
  const ttls = evenTtls(records, limits);
  let ttl = Math.min(limits.max, ...ttls);
  if (records.length > 0) ttl = Math.max(ttl, Math.min(limits.min, limits.max));
  if (negative) {
    const at = records.findIndex((record, i) => i >= answers.length && record.type === TYPE.SOA);
    // Without an SOA a negative answer must not be kept (RFC 2308 section 5).
    if (at < 0) ttl = 0;
    else {
      const allowed = Math.min(ttls[at] as number, soaMinimum(records[at] as WireRecord), limits.maxNegative);
      records.forEach((record, i) => {
        if (i >= answers.length && (record.type === TYPE.SOA || coveredType(record) === TYPE.SOA))
          ttls[i] = allowed;
      });
      ttl = Math.min(ttl, Math.max(allowed, Math.min(limits.min, limits.maxNegative)));
    }
  }
  if (!succeeded) ttl = 0;

  const writer = createRecordWriter(question.name, scratch);
  let answerCount = 0;
  let authorityCount = 0;
  records.forEach((record, i) => {
    if (!writer.add(record, Math.max(ttls[i] as number, ttl))) return;
    if (i < answers.length) answerCount++;
    else authorityCount++;
  });
  const authentic = (parsed.flags & FLAG.AD) !== 0;
  const rank = !succeeded
    ? RANK.FAILURE
    : authentic
      ? RANK.AUTHENTIC
      : parsed.flags & FLAG.AA
        ? RANK.AUTHORITATIVE
        : RANK.ANSWER;
  const ede = succeeded ? undefined : findOption(parsed.opt, OPTION.EDE);
  const entry = buildEntry(question, {
    rcode: parsed.rcode,
    ...(ede !== undefined && ede.length >= 2 ? { ede: ((ede[0] as number) << 8) | (ede[1] as number) } : {}),
    authentic,
    rank,
    ttl,
    answers: answerCount,
    authority: authorityCount,
    body: scratch.subarray(0, writer.length),
    ttlOffsets: writer.ttlOffsets,
  });
  return { entry, ttl, rcode: parsed.rcode, rank };
}

/** An entry without records for a failure, kept for `ttl` seconds (RFC 9520); `ede` is an info-code of RFC 8914. */
export function admitFailure(
  question: Question,
  rcode: number,
  ttl: number,
  ede: number = EDE.OTHER,
): Admitted {
  const none = { authentic: false, answers: 0, authority: 0, body: new Uint8Array(0), ttlOffsets: [] };
  const entry = buildEntry(question, { ...none, rcode, rank: RANK.FAILURE, ttl, ede });
  return { entry, ttl, rcode, rank: RANK.FAILURE };
}

interface Parts {
  rcode: number;
  authentic: boolean;
  rank: number;
  ttl: number;
  answers: number;
  authority: number;
  body: Uint8Array;
  ttlOffsets: readonly number[];
  ede?: number;
}

function buildEntry(question: Question, parts: Parts): EntryBytes {
  const { key } = question;
  const { body, ttlOffsets } = parts;
  const used = ENTRY_HEADER_BYTES + key.length + body.length + ttlOffsets.length * 2;
  const entry = entryBytes((used + 7) & ~7);
  const { bytes, words } = entry;
  words[WORD.SIZE] = bytes.length;
  words[WORD.HASH] = question.hash;
  words[WORD.TTL] = parts.ttl;
  words[WORD.FLAGS] = parts.rcode | (parts.authentic ? BIT_AUTHENTIC : 0) | (parts.rank << RANK_SHIFT);
  words[WORD.LENGTHS] = key.length | (body.length << 16);
  words[WORD.COUNTS] = parts.answers | (parts.authority << 16);
  words[WORD.TTLS] = ttlOffsets.length | ((parts.ede === undefined ? 0 : parts.ede + 1) << 16);
  bytes.set(key, ENTRY_HEADER_BYTES);
  bytes.set(body, ENTRY_HEADER_BYTES + key.length);
  let at = ENTRY_HEADER_BYTES + key.length + body.length;
  for (const offset of ttlOffsets) {
    bytes[at++] = offset & 0xff;
    bytes[at++] = offset >>> 8;
  }
  return entry;
}
