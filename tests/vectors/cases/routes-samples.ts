import { isTollError } from "@tolldns/sdk";
import { wireName } from "@tolldns/sdk/names";
import { canonicalizeRecords, hashDomain } from "@tolldns/sdk/routes";
import { parseZone } from "@tolldns/sdk/zone";
import { bytesOf } from "./random.ts";

export const DOMAIN = hashDomain(bytesOf("genesis"), bytesOf("quorum config"));
export const ZONE = wireName("example");

const SITE = `
@        300 A     192.0.2.1
@        300 A     192.0.2.2
@        600 MX    10 mail
@        600 HTTPS 1 . alpn=h2,h3 ipv4hint=192.0.2.1
mail     300 AAAA  2001:db8::1
*.any    60  TXT   "any of them"
www      60  CNAME @
deep.er  60  SRV   0 5 853 mail
`;
/** A site's record set. */
export const RECORDS = canonicalizeRecords(parseZone(SITE, ZONE).records, ZONE);

/** Code of the SDK error an action ends with, or "none". */
export function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (isTollError(error)) return error.code;
    throw error;
  }
  return "none";
}
