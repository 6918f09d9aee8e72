import {
  buildQuery,
  encodeName,
  nameToText,
  type Query,
  type Question,
  queryOf,
  type Transport,
} from "@tolldns/dns";
import packet, { type Answer, type DecodedPacket, type Packet } from "dns-packet";

/** Messages made and read by `dns-packet`, a decoder that isn't ours. */

/** A query as a listener would hand it to its handler. */
export function queryFor(
  name: string,
  type: number,
  more: {
    dnssecOk?: boolean;
    payloadSize?: number;
    transport?: Transport;
    limit?: number;
    options?: Uint8Array;
    id?: number;
  } = {},
): Query {
  const message = buildQuery({
    id: more.id ?? 0x1234,
    name: encodeName(name),
    type,
    dnssecOk: more.dnssecOk ?? false,
    payloadSize: more.payloadSize ?? 1232,
    options: more.options,
  });
  const query = queryOf(message);
  if (query === undefined) throw new Error("not a query");
  query.transport = more.transport ?? "udp";
  query.limit = more.limit ?? (query.transport === "udp" ? Math.max(512, more.payloadSize ?? 1232) : 65_535);
  return query;
}

/** The answer an upstream gives to a question. */
export function answerTo(question: Question, parts: Partial<Packet> = {}, rcode = 0): Uint8Array {
  const message = packet.encode({
    type: "response",
    id: 0,
    flags: 0x180 | (parts.flags ?? 0),
    ...parts,
    questions: [{ name: nameToText(question.name), type: "A" }],
  } as Packet);
  // dns-packet takes types by name only; the question's number goes in as it is.
  const at = 12 + question.name.length;
  message.writeUInt16BE(question.type, at);
  message[3] = ((message[3] as number) & 0xf0) | rcode;
  return message;
}

export const a = (name: string, data = "192.0.2.1", ttl = 300): Answer => ({ type: "A", name, ttl, data });
export const cname = (name: string, data: string, ttl = 300): Answer => ({ type: "CNAME", name, ttl, data });
export const soa = (name: string, minimum = 60, ttl = 900): Answer => ({
  type: "SOA",
  name,
  ttl,
  data: { mname: "ns.example", rname: "admin.example", serial: 1, refresh: 1, retry: 1, expire: 1, minimum },
});

const out = new Uint8Array(70_000);

/** Runs a writer of an answer and decodes what it wrote. */
export function written(
  write: (out: Uint8Array, at: number) => number,
): DecodedPacket & { bytes: Uint8Array; rcodeNumber: number } {
  const at = 7;
  const length = write(out, at);
  const bytes = out.slice(at, at + length);
  return { ...decode(bytes), bytes, rcodeNumber: (bytes[3] as number) & 15 };
}

/** `rcode` is its name, as `dns-packet` gives it but doesn't declare. */
export type Decoded = DecodedPacket & { readonly rcode: string };

export function decode(bytes: Uint8Array): Decoded {
  return packet.decode(Buffer.from(bytes)) as Decoded;
}

interface OptRecord {
  type: "OPT";
  udpPayloadSize: number;
  extendedRcode: number;
  flag_do: boolean;
  options: { code: number; data: Buffer }[];
}

/** The OPT record of a decoded message. */
export function optOf(message: DecodedPacket): OptRecord | undefined {
  return message.additionals?.find((record) => record.type === "OPT") as OptRecord | undefined;
}

/** Info-code of the extended error in a message, -1 if there is none. */
export function edeOf(message: DecodedPacket): number {
  const option = optOf(message)?.options.find((one) => one.code === 15);
  return option === undefined ? -1 : option.data.readUInt16BE(0);
}
