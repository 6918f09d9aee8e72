import type { Handler, Listener } from "@tolldns/dns/listeners/handler";
import { listenTcp } from "@tolldns/dns/listeners/tcp";
import { listenUdp } from "@tolldns/dns/listeners/udp";
import type { EdgeOptions } from "./options.ts";
import type { RunningEdge } from "./status.ts";

export interface Listening {
  readonly addresses: RunningEdge["addresses"];
  readonly encrypted: RunningEdge["encrypted"];
  /** `udp://127.0.0.1:53` and the like. */
  readonly names: readonly string[];
}

/** Opens every listener; `closers` gets how to end each. @throws DnsError listen-failed */
export async function listenAll(
  options: EdgeOptions,
  handler: Handler,
  closers: (() => Promise<void>)[],
): Promise<Listening> {
  const names: string[] = [];
  const addresses: { readonly host: string; readonly port: number }[] = [];
  for (const { host, port } of options.listen ?? [{ host: "127.0.0.1", port: 53 }]) {
    const { udp, tcp } = await listenBoth(handler, host, port);
    closers.push(
      () => udp.close(),
      () => tcp.close(),
    );
    addresses.push({ host: udp.address, port: udp.port });
    for (const kind of ["udp", "tcp"]) names.push(`${kind}://${udp.address}:${udp.port}`);
  }
  return { addresses, encrypted: await listenEncrypted(options, handler, closers, names), names };
}

/** The same number over UDP and TCP: a cut answer is asked for again there. A free one is looked for where none is named. */
async function listenBoth(
  handler: Handler,
  host: string,
  port: number,
): Promise<{ readonly udp: Listener; readonly tcp: Listener }> {
  for (let tries = 1; ; tries++) {
    const udp = await listenUdp({ handler, host, port });
    try {
      return { udp, tcp: await listenTcp({ handler, host, port: udp.port, maxConnections: 256 }) };
    } catch (error) {
      await udp.close();
      if (port !== 0 || tries === 16) throw error;
    }
  }
}

/** DoT and DoH for programs on this machine that encrypt up to the edge. */
async function listenEncrypted(
  { encrypted }: EdgeOptions,
  handler: Handler,
  closers: (() => Promise<void>)[],
  names: string[],
): Promise<RunningEdge["encrypted"]> {
  if (encrypted === undefined) return null;
  // Loaded only when asked for: TLS servers cost memory that a small router hasn't got.
  const { createCertificate, ensureDevelopmentCertificate, listenDot, listenHttps } = await import(
    "@tolldns/dns"
  );
  const host = encrypted.host ?? "127.0.0.1";
  const { pair, ca } = await ensureDevelopmentCertificate(encrypted.folder, [
    ...new Set(["localhost", "127.0.0.1", "::1", host]),
  ]);
  const certificate = createCertificate(pair);
  let dot: { readonly host: string; readonly port: number } | null = null;
  if (encrypted.dot !== undefined) {
    const listener = await listenDot({ handler, host, port: encrypted.dot, certificate });
    closers.push(() => listener.close());
    dot = { host: listener.address, port: listener.port };
    names.push(`tls://${dot.host}:${dot.port}`);
  }
  let doh: { readonly host: string; readonly port: number } | null = null;
  if (encrypted.doh !== undefined) {
    const listener = await listenHttps({ handler, host, port: encrypted.doh, certificate });
    closers.push(() => listener.close());
    doh = { host: listener.address, port: listener.port };
    names.push(`https://${doh.host}:${doh.port}/dns-query`);
  }
  return { dot, doh, authority: ca };
}
