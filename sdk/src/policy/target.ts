import { hashTagged, sha256, tagBytes } from "../routes/hash.ts";
import { formatIpv6, parseIpv4, parseIpv6 } from "../zone/address.ts";
import { fail } from "./errors.ts";

/** What is probed and judged. */
export type Target = BackendTarget | GatewayTarget;

/** A resolver that gateways ask. `address` is an IP literal without brackets; ports are 1 to 65 535. */
export type BackendTarget =
  | {
      readonly kind: "backend";
      readonly protocol: "udp" | "tcp";
      readonly address: string;
      readonly port: number;
    }
  | {
      readonly kind: "backend";
      readonly protocol: "tls";
      readonly address: string;
      readonly port: number;
      /** Name that its certificate carries. */
      readonly name: string;
    }
  | {
      readonly kind: "backend";
      readonly protocol: "https";
      readonly address: string;
      readonly port: number;
      readonly name: string;
      /** Such as `/dns-query`. */
      readonly path: string;
    };

/** A gateway, by the host its discovery document is at. */
export interface GatewayTarget {
  readonly kind: "gateway";
  /** DNS name in lower case, or an IP literal without brackets. */
  readonly host: string;
  readonly port: number;
}

export type TargetKind = Target["kind"];

/** As the policy program numbers them. */
export const TARGET_KINDS: Readonly<Record<TargetKind, number>> = { backend: 1, gateway: 2 };
/** Most bytes of a target's name. */
export const MAX_TARGET_NAME = 128;

/**
 * The one name of a target: `udp://192.0.2.1:53`, `tcp://[2001:db8::1]:53`, `tls://192.0.2.1:853#name`, `https://name[:port]/dns-query@192.0.2.1`, and for a
 * gateway `https://host[:port]`. Addresses as RFC 5952 writes them, names in lower case, 443 left out of https.
 * @throws target-form
 */
export function formatTarget(target: Target): string {
  const text = write(target);
  if (text.length > MAX_TARGET_NAME) throw fail("target-form", { name: text, reason: "over 128 bytes" });
  return text;
}

function write(target: Target): string {
  if (target.kind === "gateway") return `https://${hostOf(target.host)}${webPort(target.port)}`;
  const port = checkPort(target.port, target.address);
  switch (target.protocol) {
    case "udp":
    case "tcp":
      return `${target.protocol}://${addressOf(target.address)}:${port}`;
    case "tls":
      return `tls://${addressOf(target.address)}:${port}#${nameOf(target.name)}`;
    case "https": {
      if (!/^\/[!-?A-~]*$/.test(target.path))
        throw fail("target-form", { name: target.path, reason: "its path" });
      return `https://${hostOf(target.name)}${webPort(port)}${target.path}@${addressOf(target.address)}`;
    }
  }
}

/**
 * Reads a target's name; only the one form that formatTarget writes is taken.
 * @throws target-form
 */
export function parseTarget(kind: TargetKind, name: string): Target {
  const target = kind === "gateway" ? readGateway(name) : readBackend(name);
  if (target === undefined) throw fail("target-form", { name, reason: "no such form" });
  const written = formatTarget(target);
  if (written !== name) throw fail("target-form", { name, reason: `written ${written}` });
  return target;
}

/** `id = SHA-256("tolldns target v1\0" | kind u8 | name)`. @throws target-form if the name is empty or over 128 bytes */
export function hashTarget(kind: TargetKind, name: string): Uint8Array {
  const bytes = tagBytes(name);
  if (bytes.length === 0 || bytes.length > MAX_TARGET_NAME)
    throw fail("target-form", { name, reason: "1 to 128 bytes" });
  return hashTagged(sha256, "tolldns target v1\0", Uint8Array.of(TARGET_KINDS[kind]), bytes);
}

/** Id of a target. @throws target-form */
export const targetId = (target: Target): Uint8Array => hashTarget(target.kind, formatTarget(target));

const HOST = String.raw`(\[[0-9a-f:.]+\]|[^:/@#[\]]+)`;
const GATEWAY = new RegExp(String.raw`^https://${HOST}(?::(\d{1,5}))?$`);
const PLAIN = new RegExp(String.raw`^(udp|tcp|tls)://${HOST}:(\d{1,5})(?:#([^#]+))?$`);
const WEB = new RegExp(String.raw`^https://${HOST}(?::(\d{1,5}))?(/[!-?A-~]*)@${HOST}$`);

function readGateway(text: string): GatewayTarget | undefined {
  const [, host, port] = GATEWAY.exec(text) ?? [];
  return host === undefined ? undefined : { kind: "gateway", host: bare(host), port: Number(port ?? 443) };
}

function readBackend(text: string): BackendTarget | undefined {
  const [, protocol, host, port, name] = PLAIN.exec(text) ?? [];
  if (protocol !== undefined && host !== undefined) {
    const at = { kind: "backend", address: bare(host), port: Number(port) } as const;
    if (protocol === "tls") return name === undefined ? undefined : { ...at, protocol, name };
    return name === undefined ? { ...at, protocol: protocol as "udp" | "tcp" } : undefined;
  }
  const [, webName, webPort, path, address] = WEB.exec(text) ?? [];
  if (webName === undefined || path === undefined || address === undefined) return undefined;
  const at = { address: bare(address), port: Number(webPort ?? 443), name: bare(webName), path };
  return { kind: "backend", protocol: "https", ...at };
}

const bare = (host: string): string => host.replace(/^\[|\]$/g, "");
const webPort = (port: number): string => (checkPort(port, "https") === 443 ? "" : `:${port}`);

function checkPort(port: number, name: string): number {
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw fail("target-form", { name, reason: "its port" });
  return port;
}

/** An IP literal as it stands in a URL. */
function addressOf(text: string): string {
  try {
    if (text.includes(":")) return `[${formatIpv6(parseIpv6(text))}]`;
    return parseIpv4(text).join(".");
  } catch (cause) {
    throw fail("target-form", { name: text, reason: "no IP address" }, cause);
  }
}

/** A DNS name or an IP literal. */
function hostOf(text: string): string {
  return text.includes(":") || /^[\d.]+$/.test(text) ? addressOf(text) : nameOf(text);
}

function nameOf(text: string): string {
  const isName =
    text.length <= 253 && text.split(".").every((label) => /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/.test(label));
  // A certificate may carry an address instead.
  if (!isName) throw fail("target-form", { name: text, reason: "no host name in lower case" });
  return /^[\d.]+$/.test(text) ? addressOf(text) : text;
}
