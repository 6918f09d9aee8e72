import { isIP } from "node:net";
import type { UpstreamOptions } from "@tolldns/gateway";
import { CliError } from "../errors.ts";

const KINDS = { udp: "udp", tcp: "tcp", tls: "dot" } as const;

/**
 * Reads `udp://ip[:port]`, `tcp://…`, `tls://ip[:port]#name` and `https://host/path[#ip]`.
 * @throws CliError option-invalid
 */
export function parseUpstream(text: string): UpstreamOptions {
  const wrong = () =>
    new CliError(
      "option-invalid",
      `${text} is no upstream`,
      "Write udp://192.0.2.1, tcp://192.0.2.1, tls://192.0.2.1#name-in-certificate or https://name/dns-query#192.0.2.1.",
    );
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw wrong();
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
  if (kind === undefined || isIP(host) === 0 || (kind === "dot" && fragment === "")) throw wrong();
  const at = { host, ...(url.port === "" ? {} : { port: Number(url.port) }) };
  return kind === "dot" ? { kind, ...at, name: fragment } : { kind, ...at };
}
