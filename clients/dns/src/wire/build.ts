import { CLASS, FLAG, HEADER_BYTES, MAX_MESSAGE_BYTES, TYPE } from "./constants.ts";
import { encodeName } from "./name.ts";
import { queryOf } from "./query.ts";
import { type Question, questionOf } from "./question.ts";
import { QUERY_BLOCK, SERVER_PAYLOAD_SIZE, writePadding } from "./reply.ts";

export interface QueryParts {
  readonly id?: number;
  readonly name: Uint8Array;
  readonly type: number;
  readonly class?: number;
  readonly dnssecOk?: boolean;
  readonly unchecked?: boolean;
  /** EDNS options in wire form. */
  readonly options?: Uint8Array | undefined;
  /** Pad to blocks of 128 bytes (RFC 8467); for encrypted transports. */
  readonly padding?: boolean;
  /** Payload size announced, in bytes. Default 1232; 0 leaves EDNS out. */
  readonly payloadSize?: number;
}

/** Writes a query with RD set. Returns a message of its own. */
export function buildQuery(parts: QueryParts): Uint8Array<ArrayBuffer> {
  const options = parts.options ?? new Uint8Array(0);
  const payloadSize = parts.payloadSize ?? SERVER_PAYLOAD_SIZE;
  const bare = HEADER_BYTES + parts.name.length + 4 + 11 + options.length;
  const out = new Uint8Array(bare + 4 + QUERY_BLOCK);
  const view = new DataView(out.buffer);
  view.setUint16(0, parts.id ?? 0);
  view.setUint16(2, FLAG.RD | (parts.unchecked ? FLAG.CD : 0) | (parts.dnssecOk ? FLAG.AD : 0));
  view.setUint16(4, 1);
  out.set(parts.name, 12);
  let at = 12 + parts.name.length;
  view.setUint16(at, parts.type);
  view.setUint16(at + 2, parts.class ?? CLASS.IN);
  at += 4;
  if (payloadSize === 0) return out.slice(0, at);
  view.setUint16(10, 1);
  view.setUint16(at + 1, TYPE.OPT);
  view.setUint16(at + 3, payloadSize);
  out[at + 7] = parts.dnssecOk ? 0x80 : 0;
  const lengthAt = at + 9;
  at += 11;
  out.set(options, at);
  at += options.length;
  if (parts.padding) at = writePadding(out, 0, at, QUERY_BLOCK, MAX_MESSAGE_BYTES);
  view.setUint16(lengthAt, at - lengthAt - 2);
  return out.slice(0, at);
}

/**
 * The question for a name in text.
 *
 * @throws DnsError as `encodeName`
 * @example ask(questionFor("example.org", TYPE.A))
 */
export function questionFor(
  name: string,
  type: number,
  flags: { readonly class?: number; readonly dnssecOk?: boolean; readonly unchecked?: boolean } = {},
): Question {
  const query = queryOf(buildQuery({ name: encodeName(name), type, ...flags }));
  if (query === undefined) throw new Error("a query built here can always be parsed");
  return questionOf(query);
}

/** One EDNS option in wire form. */
export function encodeOption(code: number, data: Uint8Array): Uint8Array {
  const out = new Uint8Array(4 + data.length);
  new DataView(out.buffer).setUint32(0, code * 0x10000 + data.length);
  out.set(data, 4);
  return out;
}
