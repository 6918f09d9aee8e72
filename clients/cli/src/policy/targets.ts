import { isIP } from "node:net";
import type { UpstreamOptions } from "@tolldns/gateway";
import { formatTarget, parseTarget, type Target } from "@tolldns/sdk/policy";
import { CliError } from "../errors.ts";
import { parseUpstream } from "../roles/upstreams.ts";

/** The target that a gateway's upstream is; null where its address isn't known, so that it has no name. */
export function targetOfUpstream(upstream: UpstreamOptions): Target | null {
  switch (upstream.kind) {
    case "udp":
    case "tcp":
      return { kind: "backend", protocol: upstream.kind, address: upstream.host, port: upstream.port ?? 53 };
    case "dot": {
      const { host, port = 853, name } = upstream;
      return { kind: "backend", protocol: "tls", address: host, port, name: name.toLowerCase() };
    }
    case "doh": {
      const url = new URL(upstream.url);
      const name = url.hostname.replace(/^\[|\]$/g, "");
      const address = upstream.host ?? (isIP(name) === 0 ? undefined : name);
      if (address === undefined) return null;
      const port = url.port === "" ? 443 : Number(url.port);
      return { kind: "backend", protocol: "https", address, port, name, path: url.pathname };
    }
  }
}

/** The target that a gateway's address is. */
export function targetOfGateway(url: string): Target {
  const { hostname, port } = new URL(url);
  return {
    kind: "gateway",
    host: hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? 443 : Number(port),
  };
}

/**
 * Reads a target as people write it: in its own form, or as an upstream of the configuration (`udp://192.0.2.1`, `tls://192.0.2.1#name`).
 * @throws CliError usage
 */
export function readTarget(text: string): Target {
  for (const kind of ["gateway", "backend"] as const)
    try {
      return parseTarget(kind, text);
    } catch {
      // Perhaps the other kind, or a form that leaves something out.
    }
  const found = readUpstream(text);
  if (found !== null) return found;
  throw new CliError(
    "usage",
    `${JSON.stringify(text)} is no backend and no gateway`,
    "Write udp://192.0.2.1:53, tcp://…, tls://192.0.2.1:853#name, https://name/dns-query@192.0.2.1, or for a gateway https://host[:port].",
  );
}

function readUpstream(text: string): Target | null {
  try {
    if (/^https:\/\/[^/]+\/?$/.test(text)) return targetOfGateway(text);
    const target = targetOfUpstream(parseUpstream(text));
    if (target !== null) formatTarget(target);
    return target;
  } catch {
    return null;
  }
}
