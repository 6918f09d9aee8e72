import { BlockList, isIPv4, isIPv6 } from "node:net";
import type { Target } from "@tolldns/sdk/policy";

/** Ranges that the public network does not route (RFC 6890, and RFC 6598 of carriers): what answers there is somebody's own. */
const PRIVATE = new BlockList();
for (const [net, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
] as const)
  PRIVATE.addSubnet(net, prefix, "ipv4");
for (const [net, prefix] of [
  ["::", 127],
  ["fc00::", 7],
  ["fe80::", 10],
] as const)
  PRIVATE.addSubnet(net, prefix, "ipv6");

/** Is it at an address that only this network reaches? Names are not looked up: what they point at may change with every question. */
export function isPrivateTarget(target: Target): boolean {
  const host = target.kind === "backend" ? target.address : target.host;
  if (host === "localhost" || host.endsWith(".localhost")) return true;
  if (isIPv4(host)) return PRIVATE.check(host, "ipv4");
  return isIPv6(host) && PRIVATE.check(host, "ipv6");
}
