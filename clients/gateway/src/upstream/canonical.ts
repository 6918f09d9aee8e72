import { readMessage, TYPE, type WireMessage, type WireRecord } from "@tolldns/dns";

/**
 * What an answer says, apart from how: response code and the answer's records, each once, in order, without TTLs, letter case
 * of owners and signatures (which differ from day to day). Two servers agree if these strings are equal.
 */
export function canonicalAnswer(message: WireMessage): string {
  const records = new Set<string>();
  for (const record of message.answers) if (record.type !== TYPE.RRSIG) records.add(canonicalRecord(record));
  return `${message.rcode} ${[...records].sort().join(" ")}`;
}

/** Data that ends in a name, which is compared without regard to case (RFC 4034 section 6.2), and where the name begins. */
const NAME_AT: Readonly<Record<number, number>> = {
  [TYPE.NS]: 0,
  [TYPE.CNAME]: 0,
  [TYPE.PTR]: 0,
  [TYPE.DNAME]: 0,
  [TYPE.MX]: 2,
  [TYPE.SRV]: 6,
};

function canonicalRecord(record: WireRecord): string {
  const data = Buffer.from(record.data).toString("latin1");
  const at = NAME_AT[record.type] ?? data.length;
  const owner = foldAscii(Buffer.from(record.owner).toString("latin1"));
  const plain = `${owner}/${record.class}/${record.type}/${data.slice(0, at)}${foldAscii(data.slice(at))}`;
  return Buffer.from(plain, "latin1").toString("base64");
}

function foldAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** Lowest TTL of the answer, seconds; infinite without records. */
export function lowestTtl(message: WireMessage): number {
  return Math.min(...message.answers.map((record) => record.ttl), Number.POSITIVE_INFINITY);
}

/** Parses, or null if the message can't be. */
export function tryRead(message: Uint8Array): WireMessage | null {
  try {
    return readMessage(message);
  } catch {
    return null;
  }
}
