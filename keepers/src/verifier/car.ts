import { copyBytes } from "@tolldns/sdk";
import {
  type ChallengeSet,
  decodeProbeRecord,
  encodeProbeRecord,
  MAX_PROBES,
  type ProbeRecord,
  RECORD_BYTES,
  readChallengeSet,
  type TargetKind,
} from "@tolldns/sdk/policy";
import { rawBlock, readCar, writeCar } from "../runtime/car.ts";
import { fail } from "./errors.ts";

/** Everything a verdict rests on. */
export interface EvidenceFile {
  /** Encoded report or attestation, and the hot key's signature of it. */
  readonly report: Uint8Array;
  readonly signature: Uint8Array;
  /** 32 bytes. */
  readonly hotKey: Uint8Array;
  readonly kind: TargetKind;
  readonly name: string;
  /** The challenge set's file, as it stands. */
  readonly setText: string;
  readonly set: ChallengeSet;
  readonly records: readonly ProbeRecord[];
  /** Encoded transcripts, one a record. */
  readonly transcripts: readonly Uint8Array[];
}

/**
 * CARv1 of a window: a dag-cbor root block `{ report, signature, hotKey, kind, name, set: link, records: link, transcripts: [link] }`, a raw block of the set's file, one of
 * all records one after another, and one of each transcript. The same window makes the same bytes.
 */
export function encodeEvidenceFile(file: Omit<EvidenceFile, "set">): Uint8Array {
  const set = rawBlock(new TextEncoder().encode(file.setText));
  const all = new Uint8Array(RECORD_BYTES * file.records.length);
  for (const [i, record] of file.records.entries()) all.set(encodeProbeRecord(record), RECORD_BYTES * i);
  const records = rawBlock(all);
  const transcripts = file.transcripts.map(rawBlock);
  const { report, signature, hotKey, kind, name } = file;
  const head = {
    report,
    signature,
    hotKey,
    kind,
    name,
    set: set.cid,
    records: records.cid,
    transcripts: transcripts.map(({ cid }) => cid),
  };
  return writeCar(head, [set, records, ...transcripts]).bytes;
}

/** Reads a window's CAR; what it says is not judged here. @throws evidence-invalid */
export function decodeEvidenceFile(bytes: Uint8Array): EvidenceFile {
  try {
    const { head, read } = readCar(bytes);
    const field = (name: string, length?: number): Uint8Array => {
      const value = head[name];
      if (!(value instanceof Uint8Array) || (length !== undefined && value.length !== length))
        throw new Error(`its ${name}`);
      return value;
    };
    const { kind, name, transcripts } = head;
    if ((kind !== "backend" && kind !== "gateway") || typeof name !== "string") throw new Error("its target");
    if (!Array.isArray(transcripts) || transcripts.length > MAX_PROBES) throw new Error("its transcripts");
    const setText = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(read(head.set));
    const rows = read(head.records);
    if (rows.length !== RECORD_BYTES * transcripts.length) throw new Error("not a transcript a record");
    return {
      report: field("report"),
      signature: field("signature", 64),
      hotKey: field("hotKey", 32),
      kind,
      name,
      setText,
      set: readChallengeSet(setText),
      records: transcripts.map((_, i) =>
        decodeProbeRecord(copyBytes(rows, RECORD_BYTES * i, RECORD_BYTES * (i + 1))),
      ),
      transcripts: transcripts.map(read),
    };
  } catch (cause) {
    throw fail("evidence-invalid", { reason: cause instanceof Error ? cause.message : String(cause) }, cause);
  }
}
