import { type Address, type AddressLike, toAddress } from "../address.ts";
import {
  bytesEqual,
  checkBytes,
  concatBytes,
  copyBytes,
  readU16,
  readU32,
  readU64,
  writeU16,
  writeU32,
  writeU64,
} from "../bytes.ts";
import { type Signer, type VerifyEd25519, verifyEd25519 } from "../ed25519.ts";
import { type Sha256, sha256, tagBytes } from "../routes/hash.ts";
import { fail } from "./errors.ts";
import { LATENCY_BUCKETS, listProbes, MAX_PROBES, type ProbeRecord } from "./record.ts";

/** Bytes of a health report and of an attestation. */
export const HEALTH_REPORT_BYTES = 226;
export const ATTESTATION_BYTES = 258;

/** What a verifier saw of a target in one window. Times in Unix seconds. */
export interface HealthReport {
  /** Of the policy program's configuration, 32 bytes. */
  readonly domain: Uint8Array;
  /** Target's id, 32 bytes. */
  readonly target: Uint8Array;
  readonly begin: bigint;
  readonly end: bigint;
  /** Number of the roster the verifier sits in. */
  readonly roster: bigint;
  /** Operator account. */
  readonly operator: Address;
  readonly region: number;
  readonly asn: number;
  /** Version of the challenge set. */
  readonly setVersion: number;
  readonly total: number;
  readonly ok: number;
  readonly wrong: number;
  readonly failed: number;
  readonly silent: number;
  /** Of those not OK: how many for being stale, and for a proof of `.dns` that is none. */
  readonly stale: number;
  readonly badProofs: number;
  /** Answers a bucket, `LATENCY_BUCKETS` of them. */
  readonly latency: readonly number[];
  /** 32 bytes. */
  readonly probesRoot: Uint8Array;
}

/** One challenge set run once against a target: conformance, challenge by challenge. */
export interface Attestation extends HealthReport {
  /** Did the challenge with this number pass? 256 places; those beyond the set are false. */
  readonly passed: readonly boolean[];
}

const REPORT_TAG = "tolldns health v1\0";
const ATTESTATION_TAG = "tolldns attest v1\0";

/** The counts of a report, from its records. */
export type ReportCounts = Pick<
  HealthReport,
  "total" | "ok" | "wrong" | "failed" | "silent" | "stale" | "badProofs" | "latency" | "probesRoot"
>;

/** Counts records and makes their root. @throws list-size and as encodeProbeRecord */
export function countProbes(records: readonly ProbeRecord[], hash: Sha256 = sha256): ReportCounts {
  const many = (fits: (record: ProbeRecord) => boolean) => records.filter(fits).length;
  return {
    total: records.length,
    ok: many(({ outcome }) => outcome === "ok"),
    wrong: many(({ outcome }) => outcome === "wrong"),
    failed: many(({ outcome }) => outcome === "failed"),
    silent: many(({ outcome }) => outcome === "silent"),
    stale: many(({ reason }) => reason === "stale"),
    badProofs: many(({ reason }) => reason === "proof"),
    latency: Array.from({ length: LATENCY_BUCKETS }, (_, bucket) =>
      many(({ latency }) => latency === bucket),
    ),
    probesRoot: listProbes(records, hash).root,
  };
}

/** Which count of a report its records don't bear out; undefined if all are right. @throws as countProbes */
export function wrongCount(
  report: HealthReport,
  records: readonly ProbeRecord[],
  hash: Sha256 = sha256,
): keyof ReportCounts | undefined {
  const counts = countProbes(records, hash);
  for (const field of ["total", "ok", "wrong", "failed", "silent", "stale", "badProofs"] as const)
    if (counts[field] !== report[field]) return field;
  if (counts.latency.some((count, bucket) => count !== report.latency[bucket])) return "latency";
  return bytesEqual(counts.probesRoot, report.probesRoot) ? undefined : "probesRoot";
}

/** The bytes of docs/reference/verifier.md. @throws bytes-length, integer-range, address-invalid, report-form */
export function encodeReport(report: HealthReport): Uint8Array {
  return encodeAs(REPORT_TAG, report);
}

/** A report with its own tag, then a bit a challenge: number n is bit `n mod 8` of byte `n / 8`. @throws as encodeReport */
export function encodeAttestation(attestation: Attestation): Uint8Array {
  const bits = new Uint8Array(32);
  if (attestation.passed.length > 256) throw fail("report-form", { reason: "over 256 challenges" });
  attestation.passed.forEach((passed, n) => {
    if (passed) bits[n >> 3] = (bits[n >> 3] as number) | (1 << (n & 7));
  });
  return concatBytes(encodeAs(ATTESTATION_TAG, attestation), bits);
}

function encodeAs(tag: string, report: HealthReport): Uint8Array {
  const out = new Uint8Array(HEALTH_REPORT_BYTES);
  out.set(tagBytes(tag));
  out.set(checkBytes(report.domain, 32, "domain"), 18);
  out.set(checkBytes(report.target, 32, "target"), 50);
  writeU64(out, 82, report.begin, "begin");
  writeU64(out, 90, report.end, "end");
  writeU64(out, 98, report.roster, "roster");
  out.set(toAddress(report.operator), 106);
  writeU16(out, 138, report.region, "region");
  writeU32(out, 140, report.asn, "asn");
  writeU32(out, 144, report.setVersion, "setVersion");
  checkCounts(report);
  const { total, ok, wrong, failed, silent, stale, badProofs } = report;
  for (const [i, count] of [total, ok, wrong, failed, silent, stale, badProofs].entries())
    writeU16(out, 148 + 2 * i, count, "count");
  if (report.latency.length !== LATENCY_BUCKETS) throw fail("report-form", { reason: "its latency" });
  for (const [i, count] of report.latency.entries()) writeU16(out, 162 + 2 * i, count, "latency");
  out.set(checkBytes(report.probesRoot, 32, "probesRoot"), 194);
  return out;
}

/** Reads what encodeReport wrote. @throws report-form */
export function decodeReport(bytes: Uint8Array): HealthReport {
  if (bytes.length !== HEALTH_REPORT_BYTES) throw fail("report-form", { reason: `${bytes.length} bytes` });
  return decodeAs(REPORT_TAG, bytes);
}

/** Reads what encodeAttestation wrote. @throws report-form */
export function decodeAttestation(bytes: Uint8Array): Attestation {
  if (bytes.length !== ATTESTATION_BYTES) throw fail("report-form", { reason: `${bytes.length} bytes` });
  const bits = bytes.subarray(HEALTH_REPORT_BYTES);
  const passed = Array.from({ length: 256 }, (_, n) => (((bits[n >> 3] as number) >> (n & 7)) & 1) === 1);
  return { ...decodeAs(ATTESTATION_TAG, bytes), passed };
}

function decodeAs(tag: string, bytes: Uint8Array): HealthReport {
  if (!bytesEqual(bytes.subarray(0, 18), tagBytes(tag))) throw fail("report-form", { reason: "another tag" });
  const count = (i: number) => readU16(bytes, 148 + 2 * i);
  const report: HealthReport = {
    domain: copyBytes(bytes, 18, 50),
    target: copyBytes(bytes, 50, 82),
    begin: readU64(bytes, 82),
    end: readU64(bytes, 90),
    roster: readU64(bytes, 98),
    operator: toAddress(copyBytes(bytes, 106, 138)),
    region: readU16(bytes, 138),
    asn: readU32(bytes, 140),
    setVersion: readU32(bytes, 144),
    total: count(0),
    ok: count(1),
    wrong: count(2),
    failed: count(3),
    silent: count(4),
    stale: count(5),
    badProofs: count(6),
    latency: Array.from({ length: LATENCY_BUCKETS }, (_, i) => readU16(bytes, 162 + 2 * i)),
    probesRoot: copyBytes(bytes, 194, 226),
  };
  checkCounts(report);
  return report;
}

function checkCounts({ total, ok, wrong, failed, silent }: HealthReport): void {
  if (total > MAX_PROBES || ok + wrong + failed + silent !== total)
    throw fail("report-form", { reason: "its counts don't add up" });
}

/** What a verifier signs: `"tolldns health\0" | SHA-256(report)`, of an encoded report or attestation, whose own tags tell them apart. */
export function reportSigningBytes(encoded: Uint8Array, hash: Sha256 = sha256): Uint8Array {
  return concatBytes(tagBytes("tolldns health\0"), hash(encoded));
}

/** Signature of an encoded report or attestation, 64 bytes. `hotKey`: of the operator's VERIFIER Node. */
export function signReport(encoded: Uint8Array, hotKey: Signer): Uint8Array {
  return hotKey.sign(reportSigningBytes(encoded));
}

/** Did this hot key sign these bytes? */
export function verifyReport(
  encoded: Uint8Array,
  hotKey: AddressLike,
  signature: Uint8Array,
  verify: VerifyEd25519 = verifyEd25519,
): boolean {
  return verify(toAddress(hotKey), reportSigningBytes(encoded), signature);
}

/** `latency` bucket below which this share (0 to 1) of the answers lies; undefined without any. Its upper bound is `2^bucket` ms. */
export function latencyQuantile(report: Pick<HealthReport, "latency">, share: number): number | undefined {
  const all = report.latency.reduce((sum, count) => sum + count, 0);
  if (all === 0) return undefined;
  let seen = 0;
  return report.latency.findIndex((count) => {
    seen += count;
    return seen >= Math.max(1, Math.ceil(share * all));
  });
}
