import { encodeOption } from "@tolldns/dns/wire/build";
import { CLASS, FLAG, OPTION, RCODE, TYPE } from "@tolldns/dns/wire/constants";
import type { Query } from "@tolldns/dns/wire/query";
import type { WireRecord } from "@tolldns/dns/wire/records";
import { type ExtendedError, writeHead, writeOpt, writeTruncated } from "@tolldns/dns/wire/reply";
import { createRecordWriter } from "@tolldns/dns/wire/writer";

/** An answer to be written. */
export interface Reply {
  readonly rcode: number;
  readonly answers: readonly WireRecord[];
  readonly authority: readonly WireRecord[];
  readonly ede?: ExtendedError | undefined;
  /** Added for a client that asked for it. */
  readonly evidence?: Uint8Array | undefined;
}

const scratch = new Uint8Array(66_000);

/**
 * Writes a reply for a query; cut to TC where it is over the query's limit, evidence included, so that the client comes back over a
 * stream. AD is never set: it stands for DNSSEC (RFC 4035, section 3.2.3), which says nothing about these names.
 * @returns bytes written to `out` from `at`
 */
export function writeReply(query: Query, reply: Reply, out: Uint8Array, at: number): number {
  const writer = createRecordWriter(query.key.subarray(0, query.nameLength), scratch);
  let answers = 0;
  let authority = 0;
  for (const record of reply.answers) if (writer.add(record, record.ttl)) answers++;
  for (const record of reply.authority) if (writer.add(record, record.ttl)) authority++;
  const isWhole = answers + authority === reply.answers.length + reply.authority.length;
  const option =
    query.wantsEvidence && reply.evidence !== undefined
      ? encodeOption(OPTION.ROUTE_EVIDENCE, reply.evidence)
      : undefined;
  const head = writeHead(query, out, at, 0);
  const needed = head - at + writer.length + 11 + (option?.length ?? 0);
  if (!isWhole || needed > query.limit) return writeTruncated(query, out, at);
  out[at + 6] = answers >>> 8;
  out[at + 7] = answers & 0xff;
  out[at + 8] = authority >>> 8;
  out[at + 9] = authority & 0xff;
  out.set(scratch.subarray(0, writer.length), head);
  const end = writeOpt(query, out, at, head + writer.length, reply.rcode, {
    ede: reply.ede,
    options: option,
  });
  return end - at > query.limit ? writeTruncated(query, out, at) : end - at;
}

/** The SOA that negative answers carry (RFC 2308, section 3). Nobody keeps these zones, so it names none; its serial is the epoch. */
export function soaOf(zone: Uint8Array, epoch: bigint, ttl: number): WireRecord {
  const data = new Uint8Array(zone.length + 1 + 20);
  data.set(zone);
  const view = new DataView(data.buffer, zone.length + 1);
  view.setUint32(0, Number(epoch & 0xffff_ffffn));
  for (const [i, seconds] of [ttl, ttl, 86_400, ttl].entries()) view.setUint32(4 + 4 * i, seconds);
  return { owner: zone, type: TYPE.SOA, class: CLASS.IN, ttl, data };
}

/** Is this a bare lookup that succeeded or told of absence? */
export function isConclusive(rcode: number): boolean {
  return rcode === RCODE.NOERROR || rcode === RCODE.NXDOMAIN;
}

/** Whether an answer was cut (TC). */
export function isTruncated(message: Uint8Array): boolean {
  return ((message[2] as number) & (FLAG.TC >>> 8)) !== 0;
}
