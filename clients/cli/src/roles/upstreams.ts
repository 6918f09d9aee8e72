import { isIP } from "node:net";
import type { UpstreamExtras, UpstreamOptions } from "@tolldns/gateway";
import { CliError } from "../errors.ts";

const KINDS = { udp: "udp", tcp: "tcp", tls: "dot" } as const;

/**
 * Reads `udp://ip[:port]`, `tcp://…`, `tls://ip[:port]#name` and `https://host/path[#ip]`, each followed by settings as needed:
 * `;operator=NAME`, `;per-second=N`, `;per-day=N`.
 * @throws CliError option-invalid
 */
export function parseUpstream(text: string): UpstreamOptions {
  const [address, ...settings] = text.split(";") as [string, ...string[]];
  return { ...parseAddress(address), ...parseSettings(text, settings) };
}

function wrong(text: string): CliError {
  return new CliError(
    "option-invalid",
    `${text} is no upstream`,
    "Write udp://192.0.2.1, tcp://192.0.2.1, tls://192.0.2.1#name-in-certificate or https://name/dns-query#192.0.2.1, and after it ;operator=NAME;per-second=N;per-day=N as needed.",
  );
}

function parseSettings(text: string, settings: readonly string[]): UpstreamExtras {
  const given = new Map<string, string>();
  for (const setting of settings) {
    const [, name, value] = /^(operator|per-second|per-day)=([^=]+)$/.exec(setting) ?? [];
    if (name === undefined || value === undefined || given.has(name)) throw wrong(text);
    given.set(name, value);
  }
  const count = (name: string) => {
    const value = given.get(name);
    if (value !== undefined && !/^[1-9]\d{0,8}$/.test(value)) throw wrong(text);
    return value === undefined ? undefined : Number(value);
  };
  const [operator, perSecond, perDay] = [given.get("operator"), count("per-second"), count("per-day")];
  const quota = {
    ...(perSecond === undefined ? {} : { perSecond }),
    ...(perDay === undefined ? {} : { perDay }),
  };
  return {
    ...(operator === undefined ? {} : { operator }),
    ...(Object.keys(quota).length === 0 ? {} : { quota }),
  };
}

function parseAddress(text: string): UpstreamOptions {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw wrong(text);
  }
  const fragment = decodeURIComponent(url.hash.slice(1));
  if (url.protocol === "https:")
    return {
      kind: "doh",
      url: text.replace(/#.*$/, ""),
      ...(isIP(fragment) === 0 ? {} : { host: fragment }),
    };
  const kind = KINDS[url.protocol.slice(0, -1) as keyof typeof KINDS];
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (kind === undefined || isIP(host) === 0 || (kind === "dot" && fragment === "")) throw wrong(text);
  const at = { host, ...(url.port === "" ? {} : { port: Number(url.port) }) };
  return kind === "dot" ? { kind, ...at, name: fragment } : { kind, ...at };
}
