import { concatBytes } from "../bytes.ts";
import { hash as bytes32, u8, u16, u64 } from "../encode.ts";
import { hashTagged, type Sha256, sha256 } from "../routes/hash.ts";
import { compareBytes } from "../routes/receipt.ts";
import { lowerName, nameKey, nameLength } from "../routes/wire.ts";

/** A record of an answer section. Names are uncompressed wire names, also those within the data. */
export interface AnswerRecord {
  readonly owner: Uint8Array;
  readonly type: number;
  readonly class: number;
  readonly data: Uint8Array;
}

/** What an answer says, apart from how. */
export interface Answer {
  /** All 12 bits. */
  readonly rcode: number;
  /** `ANSWER_FLAGS` that count, or'ed; 0 where none does. */
  readonly flags: number;
  readonly records: readonly AnswerRecord[];
}

/** Bits of the flags in a digest. */
export const ANSWER_FLAGS = {
  /** The answer was cut (TC). */
  tc: 2,
  /** The resolver says it is authentic (AD, RFC 4035 section 3.2.3). */
  ad: 4,
  /** An OPT record of version 0 is there, its DO bit as in the question (RFC 6891 section 6.1.1, RFC 3225 section 3). */
  edns: 8,
  /** Signatures came along: RRSIG in the answer, or in the authority section of one without data. */
  signed: 16,
} as const;
export type AnswerFlag = keyof typeof ANSWER_FLAGS;

const RRSIG = 46;

/**
 * Where names stand in data that RFC 4034, section 6.2 (as RFC 6840, section 5.1 leaves it) has in lower case. Numbers are bytes to step over, `n` is a name,
 * `s` a character string. Part of the digest, so nothing may be added; which names may be compressed (`@tolldns/dns`) is another matter.
 */
const NAMES: Readonly<Record<number, readonly (number | "n" | "s")[]>> = {
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
  26: [2, "n", "n"],
  33: [6, "n"],
  35: [4, "s", "s", "s", "n"],
  36: [2, "n"],
  39: ["n"],
};

function canonicalData(type: number, data: Uint8Array): Uint8Array {
  const layout = NAMES[type];
  if (layout === undefined) return data;
  const out = Uint8Array.from(data);
  let at = 0;
  for (const part of layout) {
    const length =
      part === "n" ? nameLength(data, at, data.length) : part === "s" ? 1 + (data[at] ?? 0) : part;
    // Data that is not of its type stands as it is: it will differ from any that is.
    if (length === undefined || at + length > data.length) return data;
    if (part === "n") out.set(lowerName(data.subarray(at, at + length)), at);
    at += length;
  }
  return out;
}

/** `owner | type u16 | class u16 | TTL 0 u32 | length u16 | data`, big endian: a record in canonical form (RFC 4034, section 6.2) without its TTL. */
export function canonicalRecord({ owner, type, class: group, data: given }: AnswerRecord): Uint8Array {
  const name = lowerName(owner);
  const data = canonicalData(type, given);
  const out = new Uint8Array(name.length + 10 + data.length);
  out.set(name);
  const view = new DataView(out.buffer, name.length);
  view.setUint16(0, type);
  view.setUint16(2, group);
  view.setUint16(8, data.length);
  out.set(data, name.length + 10);
  return out;
}

/**
 * Records as answers are compared: in canonical form and order (owners, then type, class, data), each once, without signatures, which differ from day to day.
 * Two servers say the same if these bytes are equal.
 */
export function canonicalRecords(records: readonly AnswerRecord[]): Uint8Array {
  const rows = records
    .filter(({ type }) => type !== RRSIG)
    .map((record) => {
      const bytes = canonicalRecord(record);
      const { length } = record.owner;
      return { key: nameKey(bytes.subarray(0, length)), bytes, rest: bytes.subarray(length) };
    })
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : compareBytes(a.rest, b.rest)));
  return concatBytes(
    ...rows
      .filter(({ bytes }, i) => i === 0 || compareBytes(bytes, (rows[i - 1] as (typeof rows)[0]).bytes) !== 0)
      .map(({ bytes }) => bytes),
  );
}

/** `SHA-256("tolldns answer v1\0" | rcode u16 | flags u8 | records)`. @throws integer-range */
export function hashAnswer({ rcode, flags, records }: Answer, hash: Sha256 = sha256): Uint8Array {
  const said = [u16(rcode, "rcode"), u8(flags, "flags"), canonicalRecords(records)];
  return hashTagged(hash, "tolldns answer v1\0", ...said);
}

/** What a toll refused with this number of the catalogue stands for: `SHA-256("tolldns refusal v1\0" | number u16)`. @throws integer-range */
export function hashRefusal(number: number, hash: Sha256 = sha256): Uint8Array {
  return hashTagged(hash, "tolldns refusal v1\0", u16(number, "number"));
}

/**
 * What a `.dns` name's state under a final root stands for: `SHA-256("tolldns route state v1\0" | name hash | epoch u64 | root)`. Proofs allow one state only, so
 * that root and name say which.
 * @throws bytes-length, integer-range
 */
export function hashRouteState(
  nameHash: Uint8Array,
  epoch: bigint,
  root: Uint8Array,
  hash: Sha256 = sha256,
): Uint8Array {
  const state = [bytes32(nameHash, "nameHash"), u64(epoch, "epoch"), bytes32(root, "root")];
  return hashTagged(hash, "tolldns route state v1\0", ...state);
}
