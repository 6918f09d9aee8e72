import { FLAG, OPTION, TYPE } from "./constants.ts";
import type { Query } from "./query.ts";

/** What servers of this package announce as their own UDP payload size, in bytes (DNS flag day 2020). */
export const SERVER_PAYLOAD_SIZE = 1232;
/** Responses are padded to a multiple of this many bytes (RFC 8467 section 4.1). */
export const RESPONSE_BLOCK = 468;
/** Queries are padded to a multiple of this many bytes (RFC 8467 section 4.1). */
export const QUERY_BLOCK = 128;

/** An extended error (RFC 8914): info-code and a text without personal data. */
export interface ExtendedError {
  readonly code: number;
  readonly text?: string | undefined;
}

/** More options for the OPT record of an answer. */
export interface ReplyOptions {
  readonly ede?: ExtendedError | undefined;
  /** Options already in wire form (code, length, data, ...). */
  readonly options?: Uint8Array | undefined;
}

/**
 * Writes header and question of an answer: id, opcode, RD and CD from the query, RA set, the question byte for byte as
 * asked (so 0x20 survives). Counts of records are zero.
 *
 * @returns offset after the question
 */
export function writeHead(query: Query, out: Uint8Array, at: number, flags: number): number {
  const wire = query.wire;
  const start = query.start;
  const word = FLAG.QR | (query.flags & (0x7800 | FLAG.RD | FLAG.CD)) | FLAG.RA | flags;
  const hasQuestion = query.questionEnd > start + 12;
  out[at] = query.id >>> 8;
  out[at + 1] = query.id & 0xff;
  out[at + 2] = word >>> 8;
  out[at + 3] = word & 0xff;
  out[at + 4] = 0;
  out[at + 5] = hasQuestion ? 1 : 0;
  out[at + 6] = 0;
  out[at + 7] = 0;
  out[at + 8] = 0;
  out[at + 9] = 0;
  out[at + 10] = 0;
  out[at + 11] = 0;
  at += 12;
  for (let from = start + 12; from < query.questionEnd; ) out[at++] = wire[from++] as number;
  return at;
}

/**
 * Ends an answer that began at `start`: adds the OPT record if the client sent one, with extended error, given options
 * and, on encrypted transports, padding (RFC 7830) if the client asked for it. The answer's additional count must so far
 * be that of the records written.
 *
 * @param rcode all 12 bits; without EDNS the upper 8 are lost (RFC 6891 section 6.1.3)
 * @returns end offset of the answer
 */
export function writeOpt(
  query: Query,
  out: Uint8Array,
  start: number,
  at: number,
  rcode: number,
  more?: ReplyOptions,
): number {
  out[start + 3] = ((out[start + 3] as number) & 0xf0) | (rcode & 0x0f);
  if (query.edns < 0) return at;
  const count = (((out[start + 10] as number) << 8) | (out[start + 11] as number)) + 1;
  out[start + 10] = count >>> 8;
  out[start + 11] = count & 0xff;
  out[at] = 0;
  out[at + 1] = 0;
  out[at + 2] = TYPE.OPT;
  out[at + 3] = SERVER_PAYLOAD_SIZE >>> 8;
  out[at + 4] = SERVER_PAYLOAD_SIZE & 0xff;
  out[at + 5] = rcode >>> 4;
  out[at + 6] = 0;
  out[at + 7] = query.dnssecOk ? 0x80 : 0;
  out[at + 8] = 0;
  const lengthAt = at + 9;
  at += 11;
  if (more !== undefined) {
    if (more.ede !== undefined) at = writeExtendedError(out, at, more.ede);
    if (more.options !== undefined) {
      out.set(more.options, at);
      at += more.options.length;
    }
  }
  if (query.bySubnet) at = writeSubnet(query, out, at);
  if (query.padding && query.encrypted) at = writePadding(out, start, at, RESPONSE_BLOCK, query.limit);
  const length = at - lengthAt - 2;
  out[lengthAt] = length >>> 8;
  out[lengthAt + 1] = length & 0xff;
  return at;
}

/** The client's subnet, with its own prefix as scope: the answer is kept for that one only (RFC 7871 section 7.2.1). */
function writeSubnet(query: Query, out: Uint8Array, at: number): number {
  const { subnetAt, subnetLength, wire } = query;
  out[at] = 0;
  out[at + 1] = OPTION.SUBNET;
  out[at + 2] = 0;
  out[at + 3] = subnetLength;
  for (let i = 0; i < subnetLength; i++) out[at + 4 + i] = wire[subnetAt + i] as number;
  out[at + 7] = wire[subnetAt + 2] as number;
  return at + 4 + subnetLength;
}

function writeExtendedError(out: Uint8Array, at: number, ede: ExtendedError): number {
  const text = ede.text === undefined ? undefined : Buffer.from(ede.text, "utf8");
  const length = 2 + (text?.length ?? 0);
  out[at] = 0;
  out[at + 1] = OPTION.EDE;
  out[at + 2] = length >>> 8;
  out[at + 3] = length & 0xff;
  out[at + 4] = ede.code >>> 8;
  out[at + 5] = ede.code & 0xff;
  if (text !== undefined) out.set(text, at + 6);
  return at + 4 + length;
}

/** Adds a padding option so that the message from `start` fills a multiple of `block` bytes, as far as `limit` allows. */
export function writePadding(
  out: Uint8Array,
  start: number,
  at: number,
  block: number,
  limit: number,
): number {
  const bare = at - start + 4;
  const padded = Math.min(Math.ceil(bare / block) * block, limit);
  if (padded < bare) return at;
  const length = padded - bare;
  out[at] = 0;
  out[at + 1] = OPTION.PADDING;
  out[at + 2] = length >>> 8;
  out[at + 3] = length & 0xff;
  out.fill(0, at + 4, at + 4 + length);
  return at + 4 + length;
}

/**
 * Writes an answer without records: an error, or an empty NOERROR.
 *
 * @param rcode response code, also those above 15
 * @returns bytes written to `out` from `at`
 * @example return writeError(query, out, at, RCODE.REFUSED, { ede: { code: EDE.PROHIBITED } });
 */
export function writeError(
  query: Query,
  out: Uint8Array,
  at: number,
  rcode: number,
  more?: ReplyOptions,
): number {
  const end = writeOpt(query, out, at, writeHead(query, out, at, 0), rcode, more);
  if (end - at <= query.limit) return end - at;
  // An extended error's text may not fit 512 bytes beside a long name.
  return writeOpt(query, out, at, writeHead(query, out, at, 0), rcode) - at;
}

/** Writes an answer with only the TC bit, so that the client asks again over a stream. Returns bytes written. */
export function writeTruncated(query: Query, out: Uint8Array, at: number): number {
  return writeOpt(query, out, at, writeHead(query, out, at, FLAG.TC), 0) - at;
}

/** Answers ANY with one HINFO "RFC8482" (RFC 8482 section 4.2), TTL one day. Returns bytes written. */
export function writeMinimalAny(query: Query, out: Uint8Array, at: number): number {
  const start = at;
  at = writeHead(query, out, at, 0);
  out[start + 7] = 1;
  const record = [0xc0, 12, 0, TYPE.HINFO, 0, query.class & 0xff, 0, 1, 0x51, 0x80, 0, 9, 7];
  for (const byte of record) out[at++] = byte;
  for (const byte of Buffer.from("RFC8482", "latin1")) out[at++] = byte;
  out[at++] = 0;
  return writeOpt(query, out, start, at, 0) - start;
}
