import { DnsError } from "../errors.ts";
import { TYPE } from "./constants.ts";
import { readName, skipName } from "./name.ts";

/** One resource record of a parsed message. */
export interface WireRecord {
  /** Uncompressed owner name, case kept. */
  readonly owner: Uint8Array;
  readonly type: number;
  readonly class: number;
  /** Seconds; a value with the top bit set reads as 0 (RFC 2181 section 8). */
  readonly ttl: number;
  /** Data with every embedded name decompressed where its type may hold compressed ones. */
  readonly data: Uint8Array;
}

/** A message taken apart, off the hot path. */
export interface WireMessage {
  readonly id: number;
  readonly flags: number;
  /** All 12 bits of the response code. */
  readonly rcode: number;
  /** Offset after the question section. */
  readonly questionEnd: number;
  readonly questions: number;
  readonly answers: WireRecord[];
  readonly authority: WireRecord[];
  readonly additional: WireRecord[];
  /** The OPT record's class (payload size), TTL (version and flags) and data; undefined without EDNS. */
  readonly opt: WireRecord | undefined;
}

/**
 * Where names sit in the data of types that may hold compressed ones: RFC 1035 types and those that RFC 3597 section 4
 * asks receivers to decompress. Numbers are bytes to copy, `n` is a name, `s` a character string.
 */
const LAYOUT: Readonly<Record<number, readonly (number | "n" | "s")[]>> = {
  2: ["n"],
  3: ["n"],
  4: ["n"],
  5: ["n"],
  6: ["n", "n"],
  7: ["n"],
  8: ["n"],
  9: ["n"],
  12: ["n"],
  14: ["n", "n"],
  15: [2, "n"],
  17: ["n", "n"],
  18: [2, "n"],
  21: [2, "n"],
  24: [18, "n"],
  26: [2, "n", "n"],
  30: ["n"],
  33: [6, "n"],
  35: [4, "s", "s", "s", "n"],
  36: [2, "n"],
  39: ["n"],
};

const scratch = new Uint8Array(65_535 + 1024);

function readData(message: Uint8Array, start: number, type: number, at: number, end: number): Uint8Array {
  const layout = LAYOUT[type];
  if (layout === undefined) return Uint8Array.from(message.subarray(at, end));
  let out = 0;
  for (const part of layout) {
    if (part === "n") {
      // A name's own label run must lie inside the data; what it points to lies before it.
      const after = skipName(message, at, end);
      if (after < 0) throw new DnsError("message-truncated", "a name leaves its record");
      out += readName(message, start, at, end, scratch, out, false);
      at = after;
      continue;
    }
    const length = part === "s" ? 1 + (message[at] ?? 0) : part;
    if (at + length > end) throw new DnsError("message-truncated", "data shorter than its type");
    scratch.set(message.subarray(at, at + length), out);
    out += length;
    at += length;
  }
  scratch.set(message.subarray(at, end), out);
  return scratch.slice(0, out + end - at);
}

/**
 * Takes a whole message apart. For answers from upstream, not for the hot path.
 *
 * @throws DnsError `message-truncated`, `name-loop`, `name-too-long`, `label-too-long`, `message-invalid`
 */
export function readMessage(message: Uint8Array): WireMessage {
  const end = message.length;
  if (end < 12) throw new DnsError("message-truncated", `${end} bytes`);
  const u16 = (at: number) => ((message[at] as number) << 8) | (message[at + 1] as number);
  const flags = u16(2);
  let at = 12;
  const questions = u16(4);
  for (let i = 0; i < questions; i++) {
    at = skipName(message, at, end);
    if (at < 0 || at + 4 > end) throw new DnsError("message-truncated", "a question without end");
    at += 4;
  }
  const questionEnd = at;
  const name = new Uint8Array(256);
  let opt: WireRecord | undefined;
  const section = (count: number, isAdditional: boolean): WireRecord[] => {
    const records: WireRecord[] = [];
    for (let i = 0; i < count; i++) {
      const owner = name.slice(0, readName(message, 0, at, end, name, 0, false));
      at = skipName(message, at, end);
      if (at < 0 || at + 10 > end) throw new DnsError("message-truncated", "a record without end");
      const type = u16(at);
      const length = u16(at + 8);
      const data = at + 10;
      if (data + length > end) throw new DnsError("message-truncated", "data without end");
      const raw = u16(at + 4) * 0x10000 + u16(at + 6);
      const record: WireRecord = {
        owner,
        type,
        class: u16(at + 2),
        ttl: type !== TYPE.OPT && raw > 0x7fffffff ? 0 : raw,
        data: readData(message, 0, type, data, data + length),
      };
      at = data + length;
      if (type !== TYPE.OPT) records.push(record);
      else if (isAdditional && opt === undefined && owner.length === 1) opt = record;
      else throw new DnsError("message-invalid", "an OPT record out of place");
    }
    return records;
  };
  const answers = section(u16(6), false);
  const authority = section(u16(8), false);
  const additional = section(u16(10), true);
  const extended = opt === undefined ? 0 : Math.floor(opt.ttl / 0x1000000) << 4;
  return {
    id: u16(0),
    flags,
    rcode: extended | (flags & 0x0f),
    questionEnd,
    questions,
    answers,
    authority,
    additional,
    opt,
  };
}

/** Data of the first option `code` of an OPT record; undefined if it has none or is cut short. */
export function findOption(opt: WireRecord | undefined, code: number): Uint8Array | undefined {
  const data = opt?.data;
  if (data === undefined) return undefined;
  for (let at = 0; at + 4 <= data.length; ) {
    const length = ((data[at + 2] as number) << 8) | (data[at + 3] as number);
    if (at + 4 + length > data.length) return undefined;
    if ((((data[at] as number) << 8) | (data[at + 1] as number)) === code)
      return data.subarray(at + 4, at + 4 + length);
    at += 4 + length;
  }
  return undefined;
}
