import { FLAG, MAX_LABEL_BYTES, MAX_NAME_BYTES, OPTION, RCODE, TYPE } from "./constants.ts";
import { LOWER, nameToText } from "./name.ts";

/** How a query arrived. `dot` and `doh` are encrypted. */
export type Transport = "udp" | "tcp" | "dot" | "doh";

/** Where a query came from; asked only when needed, as finding the address of a stream costs a system call. */
export interface Peer {
  readonly address: string;
  readonly port: number;
}

/** What {@link parseQuery} found. Anything but `ok` and `drop` is answered by the listener with that response code. */
export type ParseResult = "ok" | "drop" | "formerr" | "notimp" | "badvers";

/** Bits of `Query.keyFlags`: answers to queries that differ in them are kept apart. */
export const KEY_DNSSEC = 1;
export const KEY_UNCHECKED = 2;

/** A name, type, class and flags, and a client subnet where answers differ by it. */
const KEY_BYTES = MAX_NAME_BYTES + 5 + 20;
const NO_BYTES = new Uint8Array(0);
const NOBODY: Peer = { address: "", port: 0 };
/** Differs from process to process, so that nobody outside can choose names that share a hash. */
const HASH_SEED = crypto.getRandomValues(new Int32Array(2)) as Int32Array & { 0: number; 1: number };

/**
 * A parsed query: a view on the bytes it came in, filled anew for every message. A listener owns one and hands it to its
 * handler for the length of the call; `keep()` makes a copy for whoever must answer later. Nothing here allocates but
 * `keep`, `name` and the accessors that say so.
 */
export class Query {
  /** The bytes the message lies in, from `start` to `end`. */
  wire: Uint8Array = NO_BYTES;
  start = 0;
  end = 0;
  id = 0;
  /** Second word of the header; see FLAG. */
  flags = 0;
  /** End of the question name; type and class follow. */
  nameEnd = 0;
  /** End of the question. */
  questionEnd = 0;
  type = 0;
  class = 0;
  /** EDNS version, or -1 without an OPT record. */
  edns = -1;
  /** Payload size the client announced, in bytes; 512 without EDNS. */
  payloadSize = 512;
  dnssecOk = false;
  /** Whether the client sent a padding option (RFC 7830), and so accepts one. */
  padding = false;
  /** Whether the client sent edns-tcp-keepalive (RFC 7828). */
  keepalive = false;
  /** Whether the client asks for the evidence of a `.dns` answer (docs/reference/routes.md, "Over DNS"). */
  wantsEvidence = false;
  /** Cookie option (RFC 7873), 8 to 40 bytes at `cookieAt` of `wire`; length 0 if none. */
  cookieAt = 0;
  cookieLength = 0;
  /** Client subnet option (RFC 7871) in `wire`; length 0 if none. */
  subnetAt = 0;
  subnetLength = 0;
  /** The configured local option, or the configured HTTP header decoded: bytes `localAt` on of `localWire`; -1 if none. */
  localWire: Uint8Array = NO_BYTES;
  localAt = 0;
  localLength = -1;
  /** Question name in lower case, then type, class and `keyFlags`: what a cache compares. `keyLength` bytes are in use. */
  readonly key: Uint8Array = new Uint8Array(KEY_BYTES);
  keyLength = 0;
  /** Bytes of the name that `key` begins with. */
  nameLength = 0;
  keyFlags = 0;
  /** The client's subnet is part of `key`: see `keepSubnetApart`. */
  bySubnet = false;
  /** Hash of `key`, seeded per process. */
  hash = 0;

  transport: Transport = "udp";
  /** Largest answer in bytes. A handler may lower it, for instance for a client that hasn't paid. */
  limit = 512;
  /** The client. Don't keep it beyond the call without `keep()`. */
  peer: Peer = NOBODY;
  /** One object for the life of a connection, to hang state on in a WeakMap; undefined on UDP. */
  connection: object | undefined = undefined;

  /** Whether bytes on the way are encrypted, so that padding makes sense. */
  get encrypted(): boolean {
    return this.transport === "dot" || this.transport === "doh";
  }

  /** Presentation form of the question name as the client wrote it. Allocates. */
  get name(): string {
    return nameToText(this.wire, this.start + 12);
  }

  /** The local option or header as a view; undefined if the client sent none. Allocates the view. */
  get local(): Uint8Array | undefined {
    return this.localLength < 0
      ? undefined
      : this.localWire.subarray(this.localAt, this.localAt + this.localLength);
  }

  /** The cookie option's bytes as a view; undefined if none. Allocates the view. */
  get cookie(): Uint8Array | undefined {
    return this.cookieLength === 0
      ? undefined
      : this.wire.subarray(this.cookieAt, this.cookieAt + this.cookieLength);
  }

  /**
   * Makes the client's subnet part of the key, for resolvers that send it on (RFC 7871 section 7.3): answers to different
   * subnets then never mix. Does nothing without a subnet, or for one of prefix 0, which asks not to be told apart.
   */
  keepSubnetApart(): void {
    const prefix = this.wire[this.subnetAt + 2];
    if (this.subnetLength === 0 || prefix === 0 || this.bySubnet) return;
    for (let i = 0; i < this.subnetLength; i++)
      this.key[this.keyLength + i] = this.wire[this.subnetAt + i] as number;
    this.keyLength += this.subnetLength;
    this.bySubnet = true;
    this.hash = hashKey(this.key.subarray(0, this.keyLength), this.nameLength);
  }

  /** A copy that owns its bytes and stays valid, for answers that come later. */
  keep(): Query {
    const copy = new Query();
    const start = this.start;
    // Not `slice`, which on a Buffer copies nothing.
    copy.wire = Uint8Array.from(this.wire.subarray(start, this.end));
    copy.end = copy.wire.length;
    copy.id = this.id;
    copy.flags = this.flags;
    copy.nameEnd = this.nameEnd - start;
    copy.questionEnd = this.questionEnd - start;
    copy.type = this.type;
    copy.class = this.class;
    copy.edns = this.edns;
    copy.payloadSize = this.payloadSize;
    copy.dnssecOk = this.dnssecOk;
    copy.padding = this.padding;
    copy.keepalive = this.keepalive;
    copy.wantsEvidence = this.wantsEvidence;
    copy.cookieAt = this.cookieAt - start;
    copy.cookieLength = this.cookieLength;
    copy.subnetAt = this.subnetAt - start;
    copy.subnetLength = this.subnetLength;
    if (this.localLength >= 0) {
      copy.localWire = Uint8Array.from(
        this.localWire.subarray(this.localAt, this.localAt + this.localLength),
      );
      copy.localLength = this.localLength;
    }
    copy.key.set(this.key);
    copy.keyLength = this.keyLength;
    copy.nameLength = this.nameLength;
    copy.bySubnet = this.bySubnet;
    copy.keyFlags = this.keyFlags;
    copy.hash = this.hash;
    copy.transport = this.transport;
    copy.limit = this.limit;
    copy.peer = this.peer;
    copy.connection = this.connection;
    return copy;
  }
}

function finishHash(hash: number, typeAndClass: number, rest: number): number {
  hash = Math.imul(hash ^ typeAndClass, 0x27d4eb2f) ^ HASH_SEED[1];
  hash = Math.imul(hash ^ (hash >>> 15) ^ rest, 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** Hash of a cache key as {@link parseQuery} makes it; for keys that come from elsewhere, such as a file. */
export function hashKey(key: Uint8Array, nameLength: number): number {
  let hash = HASH_SEED[0];
  for (let i = 0; i < nameLength; i++) {
    hash = Math.imul(hash ^ (key[i] as number), 0x5bd1e995);
    hash ^= hash >>> 15;
  }
  let rest = key[nameLength + 4] as number;
  for (let i = nameLength + 5; i < key.length; i++) rest = Math.imul(rest ^ (key[i] as number), 0x5bd1e995);
  const at = nameLength;
  const typeAndClass =
    ((key[at] as number) << 24) |
    ((key[at + 1] as number) << 16) |
    ((key[at + 2] as number) << 8) |
    (key[at + 3] as number);
  return finishHash(hash, typeAndClass, rest);
}

/**
 * Fills `query` from the message at `start..end` of `wire`, without allocating. Exactly one question (RFC 9619), opcode
 * QUERY, no answer or authority records, at most one OPT (RFC 6891), nothing after the last record.
 *
 * @param localOption EDNS option code handed on as `query.local`; 0 for none
 */
export function parseQuery(
  query: Query,
  wire: Uint8Array,
  start: number,
  end: number,
  localOption: number,
): ParseResult {
  if (end - start < 12) return "drop";
  const flags = ((wire[start + 2] as number) << 8) | (wire[start + 3] as number);
  query.wire = wire;
  query.start = start;
  query.end = end;
  query.id = ((wire[start] as number) << 8) | (wire[start + 1] as number);
  query.flags = flags;
  query.questionEnd = start + 12;
  query.edns = -1;
  query.payloadSize = 512;
  query.dnssecOk = false;
  query.padding = false;
  query.keepalive = false;
  query.wantsEvidence = false;
  query.cookieLength = 0;
  query.subnetLength = 0;
  query.localLength = -1;
  // An answer is never answered: two servers would talk for ever.
  if (flags & FLAG.QR) return "drop";
  if (flags & 0x7800) return "notimp";
  if (wire[start + 4] !== 0 || wire[start + 5] !== 1) return "formerr";
  if (wire[start + 6] || wire[start + 7] || wire[start + 8] || wire[start + 9]) return "formerr";

  const key = query.key;
  let hash = HASH_SEED[0];
  let at = start + 12;
  let out = 0;
  for (;;) {
    if (at >= end) return "formerr";
    const length = wire[at++] as number;
    if (length > MAX_LABEL_BYTES || out + length >= MAX_NAME_BYTES) return "formerr";
    key[out++] = length;
    hash = Math.imul(hash ^ length, 0x5bd1e995);
    hash ^= hash >>> 15;
    if (length === 0) break;
    const stop = at + length;
    if (stop >= end) return "formerr";
    while (at < stop) {
      const byte = LOWER[wire[at++] as number] as number;
      key[out++] = byte;
      hash = Math.imul(hash ^ byte, 0x5bd1e995);
      hash ^= hash >>> 15;
    }
  }
  query.nameEnd = at;
  if (at + 4 > end) return "formerr";
  const type = ((wire[at] as number) << 8) | (wire[at + 1] as number);
  query.type = type;
  query.class = ((wire[at + 2] as number) << 8) | (wire[at + 3] as number);
  query.questionEnd = at += 4;

  const additional = ((wire[start + 10] as number) << 8) | (wire[start + 11] as number);
  if (additional !== 0) {
    const result = parseAdditional(query, at, end, additional, localOption);
    if (result !== "ok") return result;
  } else if (at !== end) return "formerr";

  let keyFlags = flags & FLAG.CD ? KEY_UNCHECKED : 0;
  if (query.dnssecOk) keyFlags |= KEY_DNSSEC;
  query.keyFlags = keyFlags;
  query.nameLength = out;
  query.bySubnet = false;
  key[out++] = type >>> 8;
  key[out++] = type & 0xff;
  key[out++] = query.class >>> 8;
  key[out++] = query.class & 0xff;
  key[out++] = keyFlags;
  query.keyLength = out;
  query.hash = finishHash(hash, (type << 16) | query.class, keyFlags);
  return "ok";
}

function parseAdditional(
  query: Query,
  at: number,
  end: number,
  count: number,
  localOption: number,
): ParseResult {
  const wire = query.wire;
  for (; count > 0; count--) {
    // Only the root name can own an OPT; other records (TSIG, SIG(0)) are stepped over.
    const isRoot = wire[at] === 0;
    if (isRoot) at++;
    else {
      at = skipOwner(wire, at, end);
      if (at < 0) return "formerr";
    }
    if (at + 10 > end) return "formerr";
    const type = ((wire[at] as number) << 8) | (wire[at + 1] as number);
    const length = ((wire[at + 8] as number) << 8) | (wire[at + 9] as number);
    const data = at + 10;
    if (data + length > end) return "formerr";
    if (type === TYPE.OPT) {
      if (query.edns >= 0 || !isRoot) return "formerr";
      query.edns = wire[at + 5] as number;
      const size = ((wire[at + 2] as number) << 8) | (wire[at + 3] as number);
      query.payloadSize = Math.max(size, 512);
      query.dnssecOk = ((wire[at + 6] as number) & 0x80) !== 0;
      if (query.edns === 0 && length > 0 && !parseOptions(query, data, data + length, localOption))
        return "formerr";
    }
    at = data + length;
  }
  if (at !== end) return "formerr";
  return query.edns > 0 ? "badvers" : "ok";
}

function skipOwner(wire: Uint8Array, at: number, end: number): number {
  for (let labels = 0; labels < 128 && at < end; labels++) {
    const length = wire[at] as number;
    if (length === 0) return at + 1;
    if (length >= 0xc0) return at + 2;
    if (length > MAX_LABEL_BYTES) return -1;
    at += length + 1;
  }
  return -1;
}

function parseOptions(query: Query, at: number, end: number, localOption: number): boolean {
  const wire = query.wire;
  while (at < end) {
    if (at + 4 > end) return false;
    const code = ((wire[at] as number) << 8) | (wire[at + 1] as number);
    const length = ((wire[at + 2] as number) << 8) | (wire[at + 3] as number);
    at += 4;
    if (at + length > end) return false;
    if (code === OPTION.PADDING) query.padding = true;
    else if (code === OPTION.COOKIE) {
      // RFC 7873 section 5.2.2: 8 bytes, or 16 to 40.
      if (length !== 8 && (length < 16 || length > 40)) return false;
      query.cookieAt = at;
      query.cookieLength = length;
    } else if (code === OPTION.SUBNET) {
      if (!isSubnet(wire, at, length)) return false;
      query.subnetAt = at;
      query.subnetLength = length;
    } else if (code === OPTION.KEEPALIVE) {
      query.keepalive = true;
    } else if (code === OPTION.ROUTE_EVIDENCE) {
      query.wantsEvidence = true;
    } else if (code === localOption && localOption !== 0) {
      query.localWire = wire;
      query.localAt = at;
      query.localLength = length;
    }
    at += length;
  }
  return true;
}

/** RFC 7871 section 6: family 1 or 2, as many address bytes as the prefix needs, bits beyond it zero, scope 0. */
function isSubnet(wire: Uint8Array, at: number, length: number): boolean {
  if (length < 4) return false;
  const family = ((wire[at] as number) << 8) | (wire[at + 1] as number);
  const prefix = wire[at + 2] as number;
  if (wire[at + 3] !== 0) return false;
  if (prefix > (family === 1 ? 32 : family === 2 ? 128 : 0)) return false;
  const bytes = (prefix + 7) >>> 3;
  if (length !== 4 + bytes) return false;
  const spare = bytes * 8 - prefix;
  return spare === 0 || ((wire[at + 3 + bytes] as number) & ((1 << spare) - 1)) === 0;
}

/** Response code of a {@link ParseResult} that the listener answers by itself. */
export function rcodeOf(result: "formerr" | "notimp" | "badvers"): number {
  return result === "formerr" ? RCODE.FORMERR : result === "notimp" ? RCODE.NOTIMP : RCODE.BADVERS;
}

/** Makes a query outside of any listener, from a message; for tests and for asking upstream. */
export function queryOf(message: Uint8Array, localOption = 0): Query | undefined {
  const query = new Query();
  return parseQuery(query, message, 0, message.length, localOption) === "ok" ? query : undefined;
}
