import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import type { Clock } from "@tolldns/dns/clock";
import { createUpstream, type Upstream } from "@tolldns/dns/exchange/upstream";
import type { Discovery } from "@tolldns/sdk";
import { EdgeError } from "./errors.ts";
import type { GatewaySource } from "./options.ts";
import type { Journal } from "./state/journal.ts";

/** Milliseconds a look-up of a gateway's name may take before the address of last time is used. */
const LOOKUP_MS = 2_000;

/**
 * The address of a gateway. Once installed, the machine's resolver is the edge itself, so its address of last time is kept and
 * used when nobody answers. @throws EdgeError gateway-discovery
 */
export async function addressOf(source: GatewaySource, journal: Journal): Promise<string> {
  if (source.address !== undefined) return source.address;
  const host = new URL(source.url).hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0) return host;
  const key = `address:${host}`;
  const known = journal.get(key);
  const late = new Promise<null>((resolve) => setTimeout(resolve, LOOKUP_MS, null).unref());
  const found = await Promise.race([lookup(host).catch(() => null), late]);
  if (found !== null && found.address !== known) await journal.put({ [key]: found.address }).catch(() => {});
  const address = found?.address ?? known;
  if (typeof address !== "string")
    throw new EdgeError("gateway-discovery", `${host} does not resolve; name its address`);
  return address;
}

/** Connects to what a gateway published, by the user's transport or the best it has. @throws EdgeError gateway-discovery */
export function connectGateway(
  source: GatewaySource,
  address: string,
  terms: Discovery,
  clock: Clock,
): Upstream {
  const url = new URL(source.url);
  const protocol = source.transport ?? (terms.dotPort > 0 ? "dot" : "doh");
  const port = { dot: terms.dotPort, udp: terms.udpPort, doh: url.port === "" ? 443 : Number(url.port) }[
    protocol
  ];
  if (port === 0) throw new EdgeError("gateway-discovery", `${source.url} has no ${protocol}`);
  return createUpstream({
    protocol,
    address,
    port,
    serverName: url.hostname.replace(/^\[|\]$/g, ""),
    path: terms.dohPath,
    clock,
    ...(source.ca === undefined ? {} : { ca: source.ca }),
  });
}
