import { TYPE } from "./constants.ts";
import { LOWER } from "./name.ts";
import type { WireRecord } from "./records.ts";

/** Types whose names a sender may compress (RFC 3597 section 4: those of RFC 1035 only). */
const COMPRESSIBLE: Readonly<Record<number, { skip: number; names: number }>> = {
  [TYPE.NS]: { skip: 0, names: 1 },
  [TYPE.CNAME]: { skip: 0, names: 1 },
  [TYPE.SOA]: { skip: 0, names: 2 },
  [TYPE.PTR]: { skip: 0, names: 1 },
  [TYPE.MX]: { skip: 2, names: 1 },
};

/** Writes records after a question, with names compressed against it and each other. */
export interface RecordWriter {
  /** Bytes written after the question so far. */
  readonly length: number;
  /** Offsets of TTL fields, counted from the end of the question. */
  readonly ttlOffsets: number[];
  /** Appends a record; returns false, with nothing written, when it wouldn't fit. */
  add(record: WireRecord, ttl: number): boolean;
}

/**
 * @param name the question's uncompressed name, at offset 12 of the message to be
 * @param out receives the records from offset 0
 */
export function createRecordWriter(name: Uint8Array, out: Uint8Array): RecordWriter {
  const base = 12 + name.length + 4;
  const known = new Map<string, number>();
  const ttlOffsets: number[] = [];
  let at = 0;
  const suffix = (wire: Uint8Array, from: number) => {
    let text = "";
    for (let i = from; i < wire.length; i++) text += String.fromCharCode(LOWER[wire[i] as number] as number);
    return text;
  };
  const remember = (wire: Uint8Array, offset: number) => {
    for (let i = 0; wire[i] !== 0; i += (wire[i] as number) + 1) {
      if (offset + i > 0x3fff) return;
      const text = suffix(wire, i);
      if (!known.has(text)) known.set(text, offset + i);
    }
  };
  remember(name, 12);

  const writeName = (wire: Uint8Array) => {
    const fresh: [string, number][] = [];
    for (let i = 0; wire[i] !== 0; ) {
      const text = suffix(wire, i);
      const target = known.get(text);
      if (target !== undefined) {
        out[at++] = 0xc0 | (target >>> 8);
        out[at++] = target & 0xff;
        for (const [key, offset] of fresh) known.set(key, offset);
        return;
      }
      if (base + at <= 0x3fff) fresh.push([text, base + at]);
      const next = i + (wire[i] as number) + 1;
      while (i < next) out[at++] = wire[i++] as number;
    }
    out[at++] = 0;
    for (const [key, offset] of fresh) known.set(key, offset);
  };

  return {
    get length() {
      return at;
    },
    ttlOffsets,
    add(record, ttl) {
      if (base + at + record.owner.length + 10 + record.data.length > 65_535 - 512) return false;
      writeName(record.owner);
      out[at++] = record.type >>> 8;
      out[at++] = record.type & 0xff;
      out[at++] = record.class >>> 8;
      out[at++] = record.class & 0xff;
      ttlOffsets.push(at);
      out[at++] = ttl >>> 24;
      out[at++] = (ttl >>> 16) & 0xff;
      out[at++] = (ttl >>> 8) & 0xff;
      out[at++] = ttl & 0xff;
      const lengthAt = at;
      at += 2;
      const layout = COMPRESSIBLE[record.type];
      if (layout === undefined) {
        out.set(record.data, at);
        at += record.data.length;
      } else {
        let from = layout.skip;
        out.set(record.data.subarray(0, from), at);
        at += from;
        for (let i = 0; i < layout.names; i++) {
          let stop = from;
          while (record.data[stop] !== 0) stop += (record.data[stop] as number) + 1;
          writeName(record.data.subarray(from, ++stop));
          from = stop;
        }
        out.set(record.data.subarray(from), at);
        at += record.data.length - from;
      }
      const length = at - lengthAt - 2;
      out[lengthAt] = length >>> 8;
      out[lengthAt + 1] = length & 0xff;
      return true;
    },
  };
}
