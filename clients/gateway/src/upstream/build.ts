import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { type Clock, createUpstream, type UpstreamOptions as DnsUpstreamOptions } from "@tolldns/dns";
import type { EjectionSettings, Tier } from "@tolldns/policy";
import type { Attention } from "@tolldns/policy/attention";
import { formatTarget } from "@tolldns/sdk/policy";
import { gatewayError } from "../errors.ts";
import type { QuotaOptions, UpstreamOptions } from "../options.ts";
import { askOf, createMember, type Member } from "./member.ts";
import { createQuota } from "./quota.ts";
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

/** The name the chain knows it by. */
export function nameOf(options: UpstreamOptions, exchange: DnsUpstreamOptions): string {
  const { address } = exchange;
  const target = { kind: "backend", address } as const;
  if (options.kind === "dot")
    return formatTarget({ ...target, protocol: "tls", port: options.port ?? 853, name: options.name });
  if (options.kind !== "doh")
    return formatTarget({ ...target, protocol: options.kind, port: options.port ?? 53 });
  const { port = 443, serverName = address, path = "/dns-query" } = exchange;
  return formatTarget({ ...target, protocol: "https", port, name: serverName, path });
}

/** The upstreams named, or else the machine's own resolvers. @throws no-upstreams */
export async function chooseUpstreams(
  given: readonly UpstreamOptions[] | undefined,
  self: { readonly host: string; readonly port: number } | null,
): Promise<readonly UpstreamOptions[]> {
  let options = given;
  if (options === undefined) {
    const text = await readFile("/etc/resolv.conf", "utf8").catch(() => "");
    options = systemUpstreams(text, self);
  }
  if (options.length === 0)
    throw gatewayError("no-upstreams", given === undefined ? "/etc/resolv.conf names none" : "none given");
  return options;
}

/** What members are made with. */
export interface MemberTools {
  readonly clock: Clock;
  /** What exchanges time out by: not for this process's own lag. */
  readonly attention: Attention;
  /** Unix seconds. */
  readonly wall: () => number;
  readonly timeoutMs: number;
  readonly ejection: EjectionSettings;
  readonly random: () => number;
}

/** Members of one tier, each named once. @throws option-range */
export function buildMembers(given: readonly UpstreamOptions[], tier: Tier, tools: MemberTools): Member[] {
  const names = new Set<string>();
  const members: Member[] = [];
  for (const options of given) {
    const exchange = toExchange(options, tools.timeoutMs);
    const name = nameOf(options, exchange);
    if (names.has(name)) continue;
    names.add(name);
    const { kind, operator, quota } = options;
    checkQuota(name, quota);
    const upstream = createUpstream({ ...exchange, clock: tools.attention });
    const parts = { name, tier, kind, operator, ask: askOf(upstream), close: upstream.close };
    const counted = { ...parts, quota: createQuota(quota, tools.wall) };
    members.push(createMember(counted, tools.ejection, tools.random, tools.clock.now()));
  }
  return members;
}

function checkQuota(name: string, quota: QuotaOptions | undefined): void {
  for (const value of [quota?.perSecond, quota?.perDay])
    if (value !== undefined && !(Number.isFinite(value) && value >= 1))
      throw gatewayError("option-range", `quota of ${name}: at least 1`);
}
