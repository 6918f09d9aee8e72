import { bytesEqual, checkInteger, concatBytes, copyBytes } from "../bytes.ts";
import { CNAME, isRouteType, lowerData, problemOfData } from "./data.ts";
import { fail } from "./errors.ts";
import { hashTagged, type Sha256, sha256 } from "./hash.ts";
import { compareBytes } from "./receipt.ts";
import { compareNames, hasUpper, isAtOrBelow, lowerName, nameLength } from "./wire.ts";

/** Most bytes of a record set. */
export const MAX_RECORDS_LENGTH = 4_096;
/** Bounds of a TTL, seconds. */
export const MIN_TTL = 30;
export const MAX_TTL = 86_400;

/** One record; a ZoneRecord of `@tolldns/sdk/zone` is one. */
export interface RouteRecord {
  /** Wire name, uncompressed. */
  readonly owner: Uint8Array;
  readonly type: number;
  /** Seconds, 30 to 86 400. */
  readonly ttl: number;
  readonly data: Uint8Array;
}

/**
 * Reads a record set of a name, in its one form.
 * @param zone the name's canonical wire name, of wireName
 * @throws records-size, records-form, records-owner, records-type, records-ttl, records-data, records-order, records-cname; `at` is the record's place
 */
export function parseRecords(bytes: Uint8Array, zone: Uint8Array): RouteRecord[] {
  if (bytes.length > MAX_RECORDS_LENGTH) throw fail("records-size", { got: bytes.length });
  const records: RouteRecord[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { record, end } = readRecord(bytes, at, records.length);
    records.push(record);
    at = end;
  }
  checkSet(records, zone);
  return records;
}

/**
 * The one form of these records: names in lower case, canonical order, none twice.
 * @param zone the name's canonical wire name, of wireName
 * @throws as parseRecords, integer-range; `at` is the place in canonical order
 * @example canonicalizeRecords(parseZone(text, wireName("example")).records, wireName("example"))
 */
export function canonicalizeRecords(records: readonly RouteRecord[], zone: Uint8Array): Uint8Array {
  const sorted = records
    .map(({ owner, type, ttl, data }, i) => {
      if (nameLength(owner, 0, owner.length) !== owner.length)
        throw fail("records-form", { at: i, reason: "the owner is no name" });
      return { owner: lowerName(owner), type, ttl, data: lowerData(type, data) };
    })
    .sort(compareRecords);
  const each = sorted.filter((record, i) => {
    const last = sorted[i - 1];
    return last === undefined || compareRecords(last, record) !== 0 || last.ttl !== record.ttl;
  });
  checkSet(each, zone);
  const bytes = concatBytes(...each.map(encodeRecord));
  if (bytes.length > MAX_RECORDS_LENGTH) throw fail("records-size", { got: bytes.length });
  return bytes;
}

/** `SHA-256("tolldns records v1\0" | records)`. */
export function hashRecords(records: Uint8Array, hash: Sha256 = sha256): Uint8Array {
  return hashTagged(hash, "tolldns records v1\0", records);
}

/** `owner | type u16 | class u16 = 1 | TTL u32 | length u16 | data`, network order (RFC 1035, section 3.2.1). @throws integer-range */
export function encodeRecord({ owner, type, ttl, data }: RouteRecord): Uint8Array {
  const head = new DataView(new ArrayBuffer(10));
  head.setUint16(0, checkInteger(type, 0xffff, "type"));
  head.setUint16(2, 1);
  head.setUint32(4, checkInteger(ttl, 0xffff_ffff, "ttl"));
  head.setUint16(8, checkInteger(data.length, 0xffff, "data length"));
  return concatBytes(owner, new Uint8Array(head.buffer), data);
}

function readRecord(bytes: Uint8Array, at: number, index: number): { record: RouteRecord; end: number } {
  const refuse = (reason: string) => fail("records-form", { at: index, reason });
  const length = nameLength(bytes, at, bytes.length);
  if (length === undefined) throw refuse("the owner is no name");
  const head = at + length;
  if (hasUpper(bytes, at, head)) throw refuse("the owner has capital letters");
  if (bytes.length < head + 10) throw refuse("cut");
  const view = new DataView(bytes.buffer, bytes.byteOffset + head, 10);
  if (view.getUint16(2) !== 1) throw refuse("the class is not IN");
  const end = head + 10 + view.getUint16(8);
  if (end > bytes.length) throw refuse("cut");
  const owner = copyBytes(bytes, at, head);
  const record = {
    owner,
    type: view.getUint16(0),
    ttl: view.getUint32(4),
    data: copyBytes(bytes, head + 10, end),
  };
  return { record, end };
}

function checkSet(records: readonly RouteRecord[], zone: Uint8Array): void {
  records.forEach((record, at) => {
    const { owner, type, ttl, data } = record;
    if (!isAtOrBelow(owner, zone)) throw fail("records-owner", { at });
    if (!isRouteType(type)) throw fail("records-type", { at, type });
    const reason = problemOfData(type, data);
    if (reason !== undefined) throw fail("records-data", { at, type, reason });
    const last = records[at - 1];
    const sameOwner = last !== undefined && bytesEqual(last.owner, owner);
    const sameType = sameOwner && last.type === type;
    if (ttl < MIN_TTL || ttl > MAX_TTL || (sameType && last.ttl !== ttl))
      throw fail("records-ttl", { at, ttl });
    if (last !== undefined && compareRecords(last, record) >= 0) throw fail("records-order", { at });
    // In order of types, what shares an owner with a CNAME has it for a neighbour, or one before it was refused.
    if (sameOwner && (type === CNAME || last.type === CNAME)) throw fail("records-cname", { at });
  });
}

/** Canonical order: owner, type, data (RFC 4034, section 6). */
function compareRecords(a: RouteRecord, b: RouteRecord): number {
  return compareNames(a.owner, b.owner) || a.type - b.type || compareBytes(a.data, b.data);
}
