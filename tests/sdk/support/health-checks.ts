import { bytesEqual, createSigner, fromHex, isTollError, toBase58, toHex, verifyEd25519 } from "@tolldns/sdk";
import {
  decodeAttestation,
  decodeProbeRecord,
  decodeReport,
  decodeTranscript,
  encodeAttestation,
  encodeEntry,
  encodeProbeRecord,
  encodeReport,
  encodeTranscript,
  faultOfRecord,
  formatTarget,
  hashAnswer,
  hashProbeRecord,
  hashRefusal,
  hashRouteState,
  hashTarget,
  hashTranscript,
  latencyBucket,
  listEntries,
  parseTarget,
  readChallengeSet,
  signReport,
  verifyReport,
  wrongCount,
} from "@tolldns/sdk/policy";
import type { Case } from "./vectors.ts";

// Runs in Node and in browsers: no chai, no files. A check throws when a case does not hold.

function same(got: unknown, expected: unknown): void {
  if (JSON.stringify(got) !== JSON.stringify(expected))
    throw new Error(`${JSON.stringify(got)} is not ${JSON.stringify(expected)}`);
}

const recordsIn = (row: Case) => row.records.map((bytes: string) => decodeProbeRecord(fromHex(bytes)));

/** What each group of health.json says, checked against the SDK. */
export const HEALTH_VECTOR_CHECKS: Record<string, (row: Case) => void> = {
  "health.targets": (row) => {
    same(formatTarget(row.fields), row.name);
    same(formatTarget(parseTarget(row.fields.kind, row.name)), row.name);
    same(toHex(hashTarget(row.fields.kind, row.name)), row.id);
  },
  "health.bad_targets": (row) => {
    try {
      parseTarget(row.kind, row.name);
    } catch (error) {
      return same(isTollError(error, "target-form"), true);
    }
    throw new Error("was taken");
  },
  "health.buckets": (row) => same(latencyBucket(row.ms), row.bucket),
  "health.answers": (row) => {
    const records = row.records.map((record: Case) => ({
      ...record,
      owner: fromHex(record.owner),
      data: fromHex(record.data),
    }));
    same(toHex(hashAnswer({ rcode: row.rcode, flags: row.flags, records })), row.digest);
    same(toHex(hashAnswer({ rcode: row.rcode, flags: row.flags, records: records.reverse() })), row.digest);
  },
  "health.refusals": (row) => same(toHex(hashRefusal(row.number)), row.digest),
  "health.route_states": (row) =>
    same(toHex(hashRouteState(fromHex(row.name_hash), BigInt(row.epoch), fromHex(row.root))), row.digest),
  "health.records": (row) => {
    const record = {
      index: row.index,
      at: row.at,
      transport: row.transport,
      challenge: row.challenge,
      outcome: row.outcome,
      latency: row.latency,
      reason: row.reason,
      runningOk: row.running_ok,
      expected: fromHex(row.expected),
      answer: fromHex(row.answer),
      transcript: fromHex(row.transcript),
    };
    same(toHex(encodeProbeRecord(record)), row.bytes);
    same(toHex(encodeProbeRecord(decodeProbeRecord(fromHex(row.bytes)))), row.bytes);
    same(toHex(hashProbeRecord(record)), row.leaf);
  },
  "health.faults": (row) => {
    const record = decodeProbeRecord(fromHex(row.record));
    same(faultOfRecord(record, { milliseconds: row.seconds * 1_000 }) === undefined, row.honest);
  },
  "health.reports": (row) => {
    const bytes = fromHex(row.bytes);
    const report = decodeReport(bytes);
    same(toHex(encodeReport(report)), row.bytes);
    same(wrongCount(report, recordsIn(row)), undefined);
    same(toHex(report.probesRoot), row.probes_root);
    same([report.begin, report.end, report.roster].map(String), [row.begin, row.end, row.roster]);
    same(
      [toBase58(report.operator), report.region, report.asn, report.setVersion, report.total, report.ok],
      [row.operator, row.region, row.asn, row.set_version, row.total, row.ok],
    );
    const signer = createSigner(fromHex(row.seed));
    same(toHex(signReport(bytes, signer)), row.signature);
    same(verifyReport(bytes, signer.publicKey, fromHex(row.signature), verifyEd25519), true);
    same(wrongCount({ ...report, ok: report.ok + 1, failed: report.failed - 1 }, recordsIn(row)), "ok");
  },
  "health.attestations": (row) => {
    const bytes = fromHex(row.bytes);
    const attestation = decodeAttestation(bytes);
    same(
      attestation.passed.flatMap((passed, number) => (passed ? [number] : [])),
      [row.passed],
    );
    same(toHex(encodeAttestation(attestation)), row.bytes);
    const signer = createSigner(fromHex(row.seed));
    same(toHex(signReport(bytes, signer)), row.signature);
    same(verifyReport(bytes, signer.publicKey, fromHex(row.signature)), true);
  },
  "health.transcripts": (row) => {
    const transcript = decodeTranscript(fromHex(row.bytes));
    same([transcript.end, transcript.transport], [row.name, row.transport]);
    for (const part of ["query", "received", "expected", "evidence"] as const)
      same(bytesEqual(transcript[part], fromHex(row[part])), true);
    same(toHex(encodeTranscript(transcript)), row.bytes);
    same(toHex(hashTranscript(fromHex(row.bytes))), row.hash);
  },
  "health.sets": (row) => {
    const set = readChallengeSet(row.text);
    same(
      set.challenges.map((challenge) => toHex(encodeEntry(challenge))),
      row.entries,
    );
    same(toHex(listEntries(set).root), row.root);
  },
};
