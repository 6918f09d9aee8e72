import type { JournalRecord } from "./journal.ts";

/** What the log holds. Numbers are slots, or milliseconds where named so. */
export type ChainRecord =
  /** A transaction that was executed in `slot`. */
  | { type: "transaction"; slot: number; bytes: Uint8Array }
  /** The chain came to `slot`, `offsetMs` ahead of the wall clock. */
  | { type: "clock"; slot: number; offsetMs: number }
  /** Slots `after + 1` to `end` were abandoned. */
  | { type: "rollback"; after: number; end: number }
  /** The transaction with this signature was taken out. */
  | { type: "forget"; signature: Uint8Array }
  /** All blockhashes known in `slot` were expired. */
  | { type: "expire"; slot: number };

const TYPES = ["transaction", "clock", "rollback", "forget", "expire"] as const;

export function encodeRecord(record: ChainRecord): JournalRecord {
  const type = TYPES.indexOf(record.type) + 1;
  switch (record.type) {
    case "transaction":
      return { type, payload: Buffer.concat([number(record.slot), record.bytes]) };
    case "clock":
      return { type, payload: Buffer.concat([number(record.slot), number(record.offsetMs)]) };
    case "rollback":
      return { type, payload: Buffer.concat([number(record.after), number(record.end)]) };
    case "forget":
      return { type, payload: record.signature };
    case "expire":
      return { type, payload: number(record.slot) };
  }
}

export function decodeRecord({ type, payload }: JournalRecord): ChainRecord {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  const at = (offset: number): number => bytes.readDoubleLE(offset);
  switch (TYPES[type - 1]) {
    case "transaction":
      return { type: "transaction", slot: at(0), bytes: bytes.subarray(8) };
    case "clock":
      return { type: "clock", slot: at(0), offsetMs: at(8) };
    case "rollback":
      return { type: "rollback", after: at(0), end: at(8) };
    case "forget":
      return { type: "forget", signature: bytes };
    case "expire":
      return { type: "expire", slot: at(0) };
    default:
      throw new Error(`unknown record ${type}`);
  }
}

function number(value: number): Buffer {
  const out = Buffer.alloc(8);
  out.writeDoubleLE(value, 0);
  return out;
}

/**
 * Takes out what later records undo, so that what is left can be executed in order. Clock, rollback and expiry stay:
 * they shape slots and hashes.
 */
export function settled(
  records: readonly ChainRecord[],
  signatureOf: (bytes: Uint8Array) => Uint8Array,
): ChainRecord[] {
  let kept: ChainRecord[] = [];
  for (const record of records) {
    if (record.type === "rollback") {
      kept = kept.filter((old) => old.type !== "transaction" || old.slot <= record.after);
      kept.push(record);
    } else if (record.type === "forget") {
      kept = kept.filter(
        (old) => old.type !== "transaction" || Buffer.compare(signatureOf(old.bytes), record.signature) !== 0,
      );
    } else kept.push(record);
  }
  return kept;
}
