import { readFile } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import { bytesEqual, copyBytes, isTollError } from "@tolldns/sdk";
import { sha256Node, verifyEd25519Node } from "@tolldns/sdk/node";
import {
  ATTESTATION_BYTES,
  type Attestation,
  type Challenge,
  decodeAttestation,
  decodeReport,
  decodeTranscript,
  faultOfRecord,
  type HealthReport,
  hashTarget,
  hashTranscript,
  isNextRecord,
  NO_LATENCY,
  type ProbeRecord,
  type Transcript,
  verifyReport,
  wrongCount,
} from "@tolldns/sdk/policy";
import { decodeEvidenceFile, type EvidenceFile } from "./car.ts";
import { judge, type Verdict } from "./judge.ts";
import { asksFor } from "./question.ts";

/** What comes of doing a window's sums again. */
export interface Replayed {
  /** Everything is as it says. */
  readonly ok: boolean;
  /** The first difference, one sentence; null if there is none. */
  readonly difference: string | null;
  /** Null where the file can't be read at all. */
  readonly file: EvidenceFile | null;
  /** The report or attestation that was replayed; null where it can't be read. */
  readonly report: HealthReport | Attestation | null;
  readonly isAttestation: boolean;
}

/**
 * Does everything again from a CAR file, given by its path or its bytes: signature, target, transcripts to digests and outcomes, records to counts and root. Pure but for
 * reading the file; asks nobody. Never rejects for what the file says; a file that can't be opened rejects as `readFile` does.
 *
 * @example
 * const { ok, difference } = await replay("window.car");
 */
export async function replay(source: string | Uint8Array): Promise<Replayed> {
  const bytes = typeof source === "string" ? copyBytes(await readFile(source)) : source;
  let file: EvidenceFile;
  try {
    file = decodeEvidenceFile(bytes);
  } catch (error) {
    return { ok: false, difference: messageOf(error), file: null, report: null, isAttestation: false };
  }
  const isAttestation = file.report.length === ATTESTATION_BYTES;
  let report: HealthReport | Attestation;
  try {
    report = isAttestation ? decodeAttestation(file.report) : decodeReport(file.report);
  } catch (error) {
    return { ok: false, difference: messageOf(error), file, report: null, isAttestation };
  }
  const difference = await findDifference(file, report);
  return { ok: difference === null, difference, file, report, isAttestation };
}

async function findDifference(
  file: EvidenceFile,
  report: HealthReport | Attestation,
): Promise<string | null> {
  const { set, records } = file;
  if (!verifyReport(file.report, file.hotKey, file.signature, verifyEd25519Node))
    return "The signature is not of this report by this hot key.";
  try {
    if (!bytesEqual(hashTarget(file.kind, file.name), report.target))
      return "The target named is not the report's.";
  } catch {
    return "The target named is none.";
  }
  if (set.version !== report.setVersion)
    return `The set has version ${set.version}, the report says ${report.setVersion}.`;
  if (report.end <= report.begin) return "The window ends before it begins.";
  const milliseconds = Number(report.end - report.begin) * 1_000;
  const wrong = await findWrongInTurns(file, milliseconds);
  if (wrong !== null) return wrong;
  const field = wrongCount(report, records, sha256Node);
  if (field !== undefined) return `The records don't bear out the report's ${field}.`;
  return "passed" in report ? wrongPass(set.challenges, records, report) : null;
}

/** What its records, one transcript each, and the set say of a window: all that anybody could hold against who signs it. */
export type WindowEvidence = Pick<EvidenceFile, "set" | "records" | "transcripts">;

/** The first record of a window of so many milliseconds that its transcript, its place or the set does not bear out, one sentence; null if there is none. */
export function findWrongRecord(evidence: WindowEvidence, milliseconds: number): string | null {
  for (const wrong of wrongRecords(evidence, milliseconds)) if (wrong !== null) return wrong;
  return null;
}

/** Milliseconds after which whatever else this process does has its turn. */
const TURN_MS = 20;

/** As findWrongRecord, for a stranger's file: its 64 MB of messages may take a minute to judge. */
async function findWrongInTurns(evidence: WindowEvidence, milliseconds: number): Promise<string | null> {
  let since = performance.now();
  for (const wrong of wrongRecords(evidence, milliseconds)) {
    if (wrong !== null) return wrong;
    if (performance.now() - since < TURN_MS) continue;
    await setImmediate();
    since = performance.now();
  }
  return null;
}

/** What is wrong with each record in turn, null for nothing. */
function* wrongRecords(evidence: WindowEvidence, milliseconds: number): Generator<string | null, void> {
  const look = createLook();
  for (const [index, record] of evidence.records.entries()) {
    const wrong = wrongRecord(evidence, record, index, milliseconds, look);
    yield wrong === null ? null : `Record ${index}: ${wrong}`;
  }
}

/** A transcript and what it comes to under a challenge. */
interface Looked {
  readonly transcript: Transcript;
  readonly isAsked: boolean;
  /** @throws evidence-invalid */
  verdict(): Verdict;
}
interface Look {
  digestOf(encoded: Uint8Array): Uint8Array;
  /** @throws transcript-form */
  at(encoded: Uint8Array, challenge: Challenge): Looked;
}

/** Looks at each transcript once, however many records link to it: else a file of a megabyte could take minutes. */
function createLook(): Look {
  const digests = new Map<Uint8Array, Uint8Array>();
  const looks = new Map<Uint8Array, Map<Challenge, Looked>>();
  const make = (encoded: Uint8Array, challenge: Challenge): Looked => {
    const transcript = decodeTranscript(encoded);
    let verdict: Verdict | undefined;
    return {
      transcript,
      isAsked: asksFor(challenge, transcript),
      verdict() {
        verdict ??= judge(challenge, transcript);
        return verdict;
      },
    };
  };
  return {
    digestOf: (encoded) => once(digests, encoded, () => hashTranscript(encoded, sha256Node)),
    at: (encoded, challenge) =>
      once(
        once(looks, encoded, () => new Map<Challenge, Looked>()),
        challenge,
        () => make(encoded, challenge),
      ),
  };
}

function once<Key, Value>(known: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  known.set(key, made);
  return made;
}

function wrongRecord(
  file: WindowEvidence,
  record: ProbeRecord,
  index: number,
  milliseconds: number,
  look: Look,
): string | null {
  const before = file.records[index - 1];
  if (record.index !== index) return `its index is ${record.index}.`;
  const follows =
    before === undefined
      ? record.runningOk === (record.outcome === "ok" ? 1 : 0)
      : isNextRecord(before, record);
  if (!follows) return "it does not follow the one before.";
  const fault = faultOfRecord(record, { milliseconds });
  if (fault !== undefined) return `${fault}.`;
  const encoded = file.transcripts[index] as Uint8Array;
  if (!bytesEqual(look.digestOf(encoded), record.transcript)) return "its transcript is another one.";
  const challenge = file.set.challenges[record.challenge];
  if (challenge === undefined) return `the set has no challenge ${record.challenge}.`;
  try {
    const { transcript, isAsked, verdict: judged } = look.at(encoded, challenge);
    if (transcript.transport !== record.transport) return "its transcript travelled over another transport.";
    if (!isAsked) return "its question is not the challenge's.";
    const isAnswered = transcript.end === "answered" || transcript.end === "refused";
    if (isAnswered !== (record.latency !== NO_LATENCY)) return "its latency is not of such an end.";
    const verdict = judged();
    if (!bytesEqual(verdict.expected, record.expected)) return "another answer is expected.";
    if (!bytesEqual(verdict.answer, record.answer)) return "its answer has another digest.";
    if (verdict.outcome !== record.outcome) return `it says ${record.outcome}, it is ${verdict.outcome}.`;
    if (verdict.reason !== record.reason) return `it says for ${record.reason}, it is for ${verdict.reason}.`;
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

/** A challenge passes if it was asked and every probe of it is OK. */
export function passedChallenges(
  challenges: readonly Challenge[],
  records: readonly ProbeRecord[],
): boolean[] {
  return Array.from({ length: 256 }, (_, number) => {
    if (challenges[number] === undefined) return false;
    const own = records.filter(({ challenge }) => challenge === number);
    return own.length > 0 && own.every(({ outcome }) => outcome === "ok");
  });
}

function wrongPass(
  challenges: readonly Challenge[],
  records: readonly ProbeRecord[],
  { passed }: Attestation,
): string | null {
  const right = passedChallenges(challenges, records);
  const number = right.findIndex((pass, i) => pass !== (passed[i] ?? false));
  if (number < 0) return null;
  return `Challenge ${number}: it says ${passed[number] ? "passed" : "failed"}, it ${right[number] ? "passed" : "failed"}.`;
}

const messageOf = (error: unknown): string =>
  isTollError(error) || error instanceof Error ? `${error.message}.` : String(error);
