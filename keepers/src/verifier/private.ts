import { isIPv4, isIPv6 } from "node:net";
import { isPrivateAddress } from "@tolldns/dns";
import type { Target } from "@tolldns/sdk/policy";
import { parseIpv4, parseIpv6 } from "@tolldns/sdk/zone";

/** Is it at an address that only this network reaches? Names are not looked up: what they point at may change with every question. */
export function isPrivateTarget(target: Target): boolean {
  const host = target.kind === "backend" ? target.address : target.host;
  if (host === "localhost" || host.endsWith(".localhost")) return true;
  if (isIPv4(host)) return isPrivateAddress(parseIpv4(host));
  return isIPv6(host) && isPrivateAddress(parseIpv6(host));
}
