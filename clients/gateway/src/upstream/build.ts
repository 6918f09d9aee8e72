import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { createUpstream, type UpstreamOptions as DnsUpstreamOptions, type Upstream } from "@tolldns/dns";
import { gatewayError } from "../errors.ts";
import type { UpstreamOptions } from "../options.ts";
import { systemUpstreams } from "./resolv-conf.ts";

/** An upstream as the exchange takes it. @throws option-range */
export function toExchange(options: UpstreamOptions, timeoutMs: number): DnsUpstreamOptions {
  if (options.kind === "doh") return dohExchange(options, timeoutMs);
  if (isIP(options.host) === 0)
    throw gatewayError("option-range", `upstream ${options.host}: give an IP address`);
  const port = options.port === undefined ? {} : { port: options.port };
  const base = { protocol: options.kind, address: options.host, ...port, timeoutMs };
  if (options.kind !== "dot") return base;
  return { ...base, serverName: options.name, ...(options.ca === undefined ? {} : { ca: options.ca }) };
}

function dohExchange(options: UpstreamOptions & { kind: "doh" }, timeoutMs: number): DnsUpstreamOptions {
  if (!URL.canParse(options.url)) throw gatewayError("option-range", `upstream ${options.url}: not a URL`);
  const url = new URL(options.url);
  const name = url.hostname.replace(/^\[|\]$/g, "");
  const address = options.host ?? name;
  if (url.protocol !== "https:" || isIP(address) === 0)
    throw gatewayError("option-range", `upstream ${options.url}: give https and the server's IP as host`);
  return {
    protocol: "doh",
    address,
    port: url.port === "" ? 443 : Number(url.port),
    serverName: name,
    path: url.pathname,
    timeoutMs,
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  };
}

/** The upstreams named, or else the machine's own resolvers. @throws no-upstreams, option-range */
export async function buildUpstreams(
  given: readonly UpstreamOptions[] | undefined,
  self: { readonly host: string; readonly port: number } | null,
  timeoutMs: number,
): Promise<Upstream[]> {
  let options = given;
  if (options === undefined) {
    const text = await readFile("/etc/resolv.conf", "utf8").catch(() => "");
    options = systemUpstreams(text, self);
  }
  if (options.length === 0)
    throw gatewayError("no-upstreams", given === undefined ? "/etc/resolv.conf names none" : "none given");
  return options.map((one) => createUpstream(toExchange(one, timeoutMs)));
}
