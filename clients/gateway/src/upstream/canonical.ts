import type { WireMessage } from "@tolldns/dns";
import { toHex } from "@tolldns/sdk";
import { canonicalRecords } from "@tolldns/sdk/policy";

/**
 * What an answer says, apart from how: response code and the answer's records in canonical form, without TTLs and signatures (which differ from day to day). Two
 * servers agree if these strings are equal; verifiers compare by the same bytes.
 */
export function canonicalAnswer(message: WireMessage): string {
  return `${message.rcode} ${toHex(canonicalRecords(message.answers))}`;
}

/** Lowest TTL of the answer, seconds; infinite without records. */
export function lowestTtl(message: WireMessage): number {
  return Math.min(...message.answers.map((record) => record.ttl), Number.POSITIVE_INFINITY);
}
