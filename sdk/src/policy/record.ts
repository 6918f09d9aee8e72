import {
  bytesEqual,
  checkBytes,
  checkInteger,
  copyBytes,
  readU16,
  readU32,
  writeU16,
  writeU32,
} from "../bytes.ts";
import { hashLeaf, isEmptyHash, type Sha256, sha256 } from "../routes/hash.ts";
import { createList, type MerkleList } from "../routes/list-tree.ts";
import { fail } from "./errors.ts";

/** Bytes of a record. */
export const RECORD_BYTES = 118;
/** Most probes of a report. */
export const MAX_PROBES = 4_096;
/** How many buckets of latency there are; in place of one where there was no answer stands `NO_LATENCY`. */
export const LATENCY_BUCKETS = 16;
export const NO_LATENCY = 255;

/** How a question travelled, as numbered from 1. */
export const PROBE_TRANSPORTS = ["udp", "tcp", "dot", "doh"] as const;
export type ProbeTransport = (typeof PROBE_TRANSPORTS)[number];

/** What came of a probe, as numbered from 1. */
export const OUTCOMES = ["ok", "wrong", "failed", "silent"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Why it is not OK, as numbered from 0. */
export const REASONS = [
  "none",
  "rcode",
  "records",
  "flags",
  "stale",
  "proof",
  "signature",
  "size",
  "toll",
  "transport",
  "form",
  "time",
] as const;
export type Reason = (typeof REASONS)[number];

/** One probe. Digests have 32 bytes; `expected` and `answer` are zero where docs/reference/verifier.md says so. */
export interface ProbeRecord {
  readonly index: number;
  /** Milliseconds since the window's begin. */
  readonly at: number;
  readonly transport: ProbeTransport;
  /** Its number in the set. */
  readonly challenge: number;
  readonly outcome: Outcome;
  /** Of latencyBucket, or `NO_LATENCY`. */
  readonly latency: number;
  readonly reason: Reason;
  /** How many records up to this one are OK. */
  readonly runningOk: number;
  readonly expected: Uint8Array;
  readonly answer: Uint8Array;
  /** Of hashTranscript. */
  readonly transcript: Uint8Array;
}

/** The least b with `ms < 2^b`, at most 15. */
export function latencyBucket(ms: number): number {
  let bucket = 0;
  while (bucket < LATENCY_BUCKETS - 1 && ms >= 2 ** bucket) bucket++;
  return bucket;
}

/**
 * `index u16 | at u32 | transport u8 | challenge u16 | outcome u8 | latency u8 | reason u8 | running ok u16 | expected | answer | transcript | 8 zero bytes`.
 * @throws integer-range, bytes-length
 */
export function encodeProbeRecord(record: ProbeRecord): Uint8Array {
  const out = new Uint8Array(RECORD_BYTES);
  writeU16(out, 0, checkInteger(record.index, MAX_PROBES - 1, "index"), "index");
  writeU32(out, 2, record.at, "at");
  out[6] = PROBE_TRANSPORTS.indexOf(record.transport) + 1;
  writeU16(out, 7, record.challenge, "challenge");
  out[9] = OUTCOMES.indexOf(record.outcome) + 1;
  out[10] = checkInteger(record.latency, 255, "latency");
  out[11] = REASONS.indexOf(record.reason);
  writeU16(out, 12, record.runningOk, "runningOk");
  out.set(checkBytes(record.expected, 32, "expected"), 14);
  out.set(checkBytes(record.answer, 32, "answer"), 46);
  out.set(checkBytes(record.transcript, 32, "transcript"), 78);
  return out;
}

/** Reads what encodeProbeRecord wrote. What it says may still be no honest record: see faultOfRecord. @throws record-form */
export function decodeProbeRecord(bytes: Uint8Array): ProbeRecord {
  if (bytes.length !== RECORD_BYTES) throw fail("record-form", { reason: `${bytes.length} bytes` });
  const pick = <T>(list: readonly T[], at: number, what: string): T => {
    const found = list[at];
    if (found === undefined) throw fail("record-form", { reason: what });
    return found;
  };
  if (bytes.subarray(110).some((byte) => byte !== 0)) throw fail("record-form", { reason: "reserved bytes" });
  const latency = bytes[10] as number;
  if (latency >= LATENCY_BUCKETS && latency !== NO_LATENCY) throw fail("record-form", { reason: "latency" });
  const index = readU16(bytes, 0);
  if (index >= MAX_PROBES) throw fail("record-form", { reason: "index" });
  return {
    index,
    at: readU32(bytes, 2),
    transport: pick(PROBE_TRANSPORTS, (bytes[6] as number) - 1, "transport"),
    challenge: readU16(bytes, 7),
    outcome: pick(OUTCOMES, (bytes[9] as number) - 1, "outcome"),
    latency,
    reason: pick(REASONS, bytes[11] as number, "reason"),
    runningOk: readU16(bytes, 12),
    expected: copyBytes(bytes, 14, 46),
    answer: copyBytes(bytes, 46, 78),
    transcript: copyBytes(bytes, 78, 110),
  };
}

/** A record's leaf. @throws as encodeProbeRecord */
export function hashProbeRecord(record: ProbeRecord, hash: Sha256 = sha256): Uint8Array {
  return hashLeaf(hash, encodeProbeRecord(record));
}

/** The list of a window's records; its root is the report's probes root. @throws list-size and as encodeProbeRecord */
export function listProbes(records: readonly ProbeRecord[], hash: Sha256 = sha256): MerkleList {
  return createList(
    records.map((record) => hashProbeRecord(record, hash)),
    hash,
  );
}

/** Reasons that a FAILED answer, which has a digest, is told from WRONG by. */
const FAILED_WITH_DIGEST: ReadonlySet<Reason> = new Set<Reason>(["rcode", "toll", "transport", "form"]);

/**
 * Why no honest verifier writes this record, by itself and its window; undefined if one may. What needs other records (order, running counts) or the set is not
 * looked at.
 */
export function faultOfRecord(
  record: ProbeRecord,
  window: { readonly milliseconds: number },
): string | undefined {
  if (record.at >= window.milliseconds) return "its time is outside the window";
  if (record.runningOk > record.index + 1) return "more are OK than there are";
  if (record.outcome !== outcomeOf(record)) return "its outcome is not what its digests say";
  return undefined;
}

/** The one outcome that goes with these digests and this reason; undefined where none does. */
export function outcomeOf({
  reason,
  expected,
  answer,
}: Pick<ProbeRecord, "reason" | "expected" | "answer">): Outcome | undefined {
  if (isEmptyHash(answer)) return reason === "none" ? undefined : reason === "time" ? "silent" : "failed";
  if (bytesEqual(expected, answer)) return reason === "none" ? "ok" : undefined;
  if (FAILED_WITH_DIGEST.has(reason)) return "failed";
  return reason === "none" || reason === "time" ? undefined : "wrong";
}

/** Do two records in a row follow each other: index, time, count of those that are OK? */
export function isNextRecord(before: ProbeRecord, record: ProbeRecord): boolean {
  return (
    record.index === before.index + 1 &&
    record.at >= before.at &&
    record.runningOk === before.runningOk + (record.outcome === "ok" ? 1 : 0)
  );
}
