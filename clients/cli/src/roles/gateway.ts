import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CertificateOptions, ChainSource, GatewayOptions, TollOptions } from "@tolldns/gateway";
import type { Deployment } from "@tolldns/sdk";
import type { Store } from "@tolldns/store";
import type { TABLE, Values } from "../config/table.ts";
import { CliError } from "../errors.ts";
import { parseUpstream } from "./upstreams.ts";

export type GatewaySettings = Values<typeof TABLE.gateway>;

/** What a gateway is started with, apart from the toll. @throws CliError option-missing, option-invalid */
export function gatewayOptions(settings: GatewaySettings, data: string): GatewayOptions {
  const {
    host,
    udpPort,
    dotPort,
    dohPort,
    reusePort,
    certificate,
    certificateKey,
    acmeDirectory,
    canaryNames,
    recursor,
    metricsPort,
  } = settings;
  if ((certificate === undefined) !== (certificateKey === undefined))
    throw new CliError(
      "option-missing",
      "certificate and certificate_key go together",
      "Name both, or neither for a development certificate.",
    );
  if (certificate !== undefined && acmeDirectory !== undefined)
    throw new CliError(
      "option-invalid",
      "certificate and acme_directory exclude each other",
      "Name the files of a certificate, or an authority to get one from.",
    );
  return {
    listen: { host, udp: udpPort, tcp: udpPort, dot: dotPort, doh: dohPort, reusePort },
    certificate: certificateOptions(settings, data),
    free: settings.charge ? settings.free : true,
    ...(settings.upstreams === undefined ? {} : { upstreams: settings.upstreams.map(parseUpstream) }),
    ...confirmOptions(settings),
    ...fallbackOptions(settings),
    router: {
      canary: {
        compare: settings.compareAnswers,
        ...(canaryNames === undefined ? {} : { names: canaryNames }),
      },
    },
    ...(recursor === "none" ? {} : { recursor: { kind: recursor, folder: join(data, recursor) } }),
    timeoutMs: settings.timeoutMs,
    cacheBytes: settings.cacheSize,
    rebindingProtection: settings.rebindingProtection,
    ...(settings.privateNames === undefined ? {} : { privateNames: settings.privateNames }),
    ...(metricsPort === undefined ? {} : { metrics: { port: metricsPort } }),
    log: { level: settings.logLevel, names: settings.logNames },
  };
}

function confirmOptions(settings: GatewaySettings): Pick<GatewayOptions, "confirm"> {
  const { confirmAsk: ask, confirmAgree: agree, confirmPercent } = settings;
  if ((ask === undefined) !== (agree === undefined) || (agree ?? 0) > (ask ?? 0))
    throw new CliError(
      "option-invalid",
      "confirm_ask and confirm_agree go together, and no more can agree than are asked",
      "For example --confirm-ask 3 --confirm-agree 2.",
    );
  return ask === undefined || agree === undefined
    ? {}
    : { confirm: { ask, agree, share: confirmPercent / 100 } };
}

function fallbackOptions(settings: GatewaySettings): Pick<GatewayOptions, "fallback"> {
  const { fallbackQuorum, fallbackAsk, fallbackAgree: agree, fallbackCentral } = settings;
  const ask = fallbackAsk ?? fallbackQuorum?.length ?? 0;
  if (fallbackQuorum !== undefined && (ask > fallbackQuorum.length || agree > ask))
    throw new CliError(
      "option-invalid",
      "fallback_agree is at most fallback_ask, and that at most the number of resolvers in fallback_quorum",
      "For example three resolvers, --fallback-ask 3 --fallback-agree 2.",
    );
  return {
    fallback: {
      ...(fallbackQuorum === undefined
        ? {}
        : { quorum: { upstreams: fallbackQuorum.map(parseUpstream), ask, agree } }),
      ...(fallbackCentral === undefined ? {} : { central: fallbackCentral.map(parseUpstream) }),
    },
  };
}

function certificateOptions(settings: GatewaySettings, data: string): CertificateOptions {
  const { certificate, certificateKey, names, acmeDirectory, acmeEmail, acmeCa, acmePort } = settings;
  if (certificate !== undefined && certificateKey !== undefined)
    return { kind: "files", certificate, key: certificateKey };
  if (acmeDirectory === undefined)
    return {
      kind: "development",
      folder: join(data, "certificates"),
      ...(names === undefined ? {} : { names }),
    };
  return {
    kind: "acme",
    directory: acmeDirectory,
    folder: join(data, "acme"),
    names: names ?? [],
    challengePort: acmePort,
    ...(acmeEmail === undefined ? {} : { email: acmeEmail }),
    ...(acmeCa === undefined ? {} : { ca: readPem(acmeCa) }),
  };
}

function readPem(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new CliError(
      "option-invalid",
      `acme_ca: ${path} can't be read`,
      "Name a PEM file this user may read.",
    );
  }
}

export interface TollParts {
  readonly chain: ChainSource;
  readonly store: Store;
  readonly ledger: Uint8Array;
  readonly deployment: Deployment;
}

/** How a gateway is paid. */
export function tollOptions(
  settings: GatewaySettings,
  { chain, store, ledger, deployment }: TollParts,
): TollOptions {
  const { tickPrice, standardUnits, dnssecUnits, creditUnits, creditSeconds } = settings;
  return {
    chain,
    store,
    ledger,
    escrow: deployment.escrow,
    genesis: deployment.genesisHash,
    terms: {
      tickPrice,
      classes: { standard: standardUnits, dnssec: dnssecUnits },
      k: creditUnits,
      t: creditSeconds,
    },
  };
}
