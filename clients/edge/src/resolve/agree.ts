import { RCODE, TYPE } from "@tolldns/dns/wire/constants";
import type { WireMessage, WireRecord } from "@tolldns/dns/wire/records";

/**
 * Do two answers say the same of the type asked for? The same response code, and the same records but for TTLs and signatures. `loosely`: one record in common is
 * enough, since large sites give every resolver other addresses out of one set.
 */
export function isSameAnswer(a: WireMessage, b: WireMessage, type: number, loosely: boolean): boolean {
  if (a.rcode !== b.rcode) return false;
  if (a.rcode !== RCODE.NOERROR) return true;
  const [ofA, ofB] = [a, b].map(({ answers }) => dataOf(answers, type)) as [Set<string>, Set<string>];
  if (ofA.size === 0 || ofB.size === 0) return ofA.size === ofB.size;
  const common = [...ofA].filter((data) => ofB.has(data)).length;
  return loosely ? common > 0 : common === ofA.size && common === ofB.size;
}

function dataOf(records: readonly WireRecord[], type: number): Set<string> {
  const found = new Set<string>();
  for (const record of records) {
    if (record.type !== type || record.type === TYPE.RRSIG) continue;
    const text = Buffer.from(record.data.buffer, record.data.byteOffset, record.data.length).toString(
      "latin1",
    );
    // Names in data differ in case only by how a server compresses them.
    found.add(NAMES.has(type) ? text.toLowerCase() : text);
  }
  return found;
}

/** Types whose data are names and numbers, no text that a user could tell apart by case. */
const NAMES = new Set<number>([TYPE.NS, TYPE.CNAME, TYPE.SOA, TYPE.PTR, TYPE.MX, TYPE.SRV]);
