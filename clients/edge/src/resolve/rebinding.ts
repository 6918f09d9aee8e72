import { BlockList, isIPv6 } from "node:net";
import { TYPE } from "@tolldns/dns/wire/constants";
import { encodeName, isWithin } from "@tolldns/dns/wire/name";
import { readMessage } from "@tolldns/dns/wire/records";

/** Special-purpose ranges a public name has no business in (RFC 6890 and the registry that follows it). */
const PRIVATE: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["::", 127],
  ["fc00::", 7],
  ["fe80::", 10],
];
/** Names that are private by definition (RFC 6761, RFC 6762, RFC 8375, ICANN's `internal`). */
const LOCAL_NAMES = ["localhost", "local", "home.arpa", "internal"];

/** True if a message in wire form answers `name` (wire form) with an address inside the user's own network. */
export type RebindingCheck = (name: Uint8Array, message: Uint8Array) => boolean;

/** @param allow names that may, with all below them */
export function createRebindingCheck(allow: readonly string[]): RebindingCheck {
  const ranges = new BlockList();
  for (const [network, prefix] of PRIVATE)
    ranges.addSubnet(network, prefix, isIPv6(network) ? "ipv6" : "ipv4");
  const exempt = [...LOCAL_NAMES, ...allow].map(encodeName);
  return (name, message) => {
    if (exempt.some((zone) => isWithin(name, zone))) return false;
    for (const { type, data } of readMessage(message).answers) {
      if (type === TYPE.A && data.length === 4 && ranges.check(data.join("."), "ipv4")) return true;
      // A mapped address (::ffff:a.b.c.d) is looked up among the IPv4 ranges by BlockList itself.
      if (type === TYPE.AAAA && data.length === 16 && ranges.check(textOf6(data), "ipv6")) return true;
      if (
        (type === TYPE.HTTPS || type === TYPE.SVCB) &&
        hintsOf(data).some(([hint, family]) => ranges.check(hint, family))
      )
        return true;
    }
    return false;
  };
}

function textOf6(bytes: Uint8Array): string {
  const groups: string[] = [];
  for (let i = 0; i < 16; i += 2)
    groups.push((((bytes[i] as number) << 8) | (bytes[i + 1] as number)).toString(16));
  return groups.join(":");
}

/** Addresses in a service binding: ipv4hint is key 4, ipv6hint key 6 (RFC 9460 section 7.3). */
function hintsOf(data: Uint8Array): [string, "ipv4" | "ipv6"][] {
  const hints: [string, "ipv4" | "ipv6"][] = [];
  let at = 2;
  while (at < data.length && data[at] !== 0) at += (data[at] as number) + 1;
  at++;
  while (at + 4 <= data.length) {
    const key = ((data[at] as number) << 8) | (data[at + 1] as number);
    const length = ((data[at + 2] as number) << 8) | (data[at + 3] as number);
    const value = data.subarray(at + 4, at + 4 + length);
    const size = key === 4 ? 4 : key === 6 ? 16 : 0;
    for (let from = 0; size > 0 && from + size <= value.length; from += size) {
      const bytes = value.subarray(from, from + size);
      hints.push(size === 4 ? [bytes.join("."), "ipv4"] : [textOf6(bytes), "ipv6"]);
    }
    at += 4 + length;
  }
  return hints;
}
