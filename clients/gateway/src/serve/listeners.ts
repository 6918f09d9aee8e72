import {
  type Certificate,
  createCertificate,
  ensureDevelopmentCertificate,
  type Handler,
  type Listener,
  listenDot,
  listenHttps,
  listenTcp,
  listenUdp,
  type Route,
  systemClock,
  watchCertificate,
} from "@tolldns/dns";
import { EDNS_OPTION_TOLL, TOLL_HEADER } from "@tolldns/sdk";
import { openAcmeCertificate } from "../acme/certificate.ts";
import { gatewayError } from "../errors.ts";
import type { Log } from "../observe/log.ts";
import type { Address, CertificateOptions, ListenOptions } from "../options.ts";
import { DOH_PATH } from "./discovery.ts";

export interface OpenOptions {
  readonly listen: ListenOptions;
  readonly certificate: CertificateOptions | undefined;
  readonly handler: Handler;
  readonly route: Route;
  readonly maxConnections: number;
  /** Unix seconds, for a certificate's life. */
  readonly now: () => number;
  readonly log: Log;
}

export interface OpenListeners {
  readonly addresses: { readonly [name in "udp" | "tcp" | "dot" | "doh"]?: Address };
  readonly all: readonly { readonly name: string; readonly listener: Listener }[];
  readonly authority?: string;
  close(): Promise<void>;
}

/** Opens what was asked for. @throws option-missing, acme-options, acme-port, DnsError `listen-failed`, `certificate-invalid` */
export async function openListeners(options: OpenOptions): Promise<OpenListeners> {
  const { listen, handler, maxConnections } = options;
  const all: { name: "udp" | "tcp" | "dot" | "doh"; listener: Listener }[] = [];
  const close = async () => {
    await Promise.all(all.map(({ listener }) => listener.close()));
    certificate?.close();
  };
  const common = (port: number) => ({
    handler,
    host: listen.host ?? "127.0.0.1",
    port,
    reusePort: listen.reusePort ?? false,
    localOption: EDNS_OPTION_TOLL,
    maxConnections,
  });
  let certificate: OpenCertificate | undefined;
  try {
    if (listen.dot !== undefined || listen.doh !== undefined) certificate = await openCertificate(options);
    all.push(...(await openPlain(listen, common)));
    if (listen.dot !== undefined && certificate !== undefined) {
      const dot = { ...common(listen.dot), certificate: certificate.certificate };
      all.push({ name: "dot", listener: await listenDot(dot) });
    }
    if (listen.doh !== undefined && certificate !== undefined) {
      const doh = {
        ...common(listen.doh),
        certificate: certificate.certificate,
        path: DOH_PATH,
        localHeader: TOLL_HEADER,
        route: options.route,
      };
      all.push({ name: "doh", listener: await listenHttps(doh) });
    }
  } catch (error) {
    await close();
    throw error;
  }
  const addresses = Object.fromEntries(
    all.map(({ name, listener }) => [name, { host: listener.address, port: listener.port }]),
  );
  return {
    addresses,
    all,
    close,
    ...(certificate?.authority === undefined ? {} : { authority: certificate.authority }),
  };
}

/** Another process may hold the number for TCP that was free for UDP. */
const PORT_TRIES = 16;

/** UDP and TCP. TCP takes the number UDP got, since a truncated answer is asked for again there. */
async function openPlain(
  listen: ListenOptions,
  common: (port: number) => Parameters<typeof listenTcp>[0],
): Promise<{ name: "udp" | "tcp"; listener: Listener }[]> {
  if (listen.udp === undefined)
    return listen.tcp === undefined ? [] : [{ name: "tcp", listener: await listenTcp(common(listen.tcp)) }];
  for (let tries = 1; ; tries++) {
    const udp = { name: "udp" as const, listener: await listenUdp(common(listen.udp)) };
    if (listen.tcp === undefined) return [udp];
    try {
      const port = listen.tcp === 0 ? udp.listener.port : listen.tcp;
      return [udp, { name: "tcp", listener: await listenTcp(common(port)) }];
    } catch (error) {
      await udp.listener.close();
      if (listen.udp !== 0 || listen.tcp !== 0 || tries === PORT_TRIES) throw error;
    }
  }
}

interface OpenCertificate {
  readonly certificate: Certificate;
  readonly authority?: string;
  close(): void;
}

async function openCertificate({ certificate, listen, log, now }: OpenOptions): Promise<OpenCertificate> {
  if (certificate === undefined) throw gatewayError("option-missing", "DoT and DoH need `certificate`");
  if (certificate.kind === "files") {
    const watched = await watchCertificate({
      certFile: certificate.certificate,
      keyFile: certificate.key,
      onError: (error) => log.error("certificate-invalid", { reason: error.code }),
    });
    return { certificate: watched, close: watched.close };
  }
  if (certificate.kind === "acme") {
    const host = listen.host ?? "127.0.0.1";
    const kept = await openAcmeCertificate({ options: certificate, host, now, clock: systemClock, log });
    return { certificate: kept, close: kept.close };
  }
  const names = certificate.names ?? ["localhost", "127.0.0.1", "::1", listen.host ?? "127.0.0.1"];
  const made = await ensureDevelopmentCertificate(certificate.folder, [...new Set(names)]);
  return { certificate: createCertificate(made.pair), authority: made.ca, close: () => {} };
}
