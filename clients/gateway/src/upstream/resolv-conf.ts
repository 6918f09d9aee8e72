import { isIP } from "node:net";
import type { UpstreamOptions } from "../options.ts";

/** Servers a resolv.conf names, in order, without zones of link-local addresses (resolv.conf(5)). */
export function parseResolvConf(text: string): string[] {
  const servers: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*nameserver\s+(\S+)/.exec(line);
    if (match !== null && isIP(match[1] as string) !== 0) servers.push(match[1] as string);
  }
  return servers;
}

/** Those servers as upstreams, less the ones that are this gateway itself. */
export function systemUpstreams(
  text: string,
  self: { host: string; port: number } | null,
): UpstreamOptions[] {
  return parseResolvConf(text)
    .filter((host) => self === null || self.port !== 53 || host !== self.host)
    .map((host) => ({ kind: "udp", host }));
}
