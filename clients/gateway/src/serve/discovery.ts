import { formatDiscovery, PROTOCOL_VERSION } from "@tolldns/sdk";
import type { LedgerHeader } from "@tolldns/sdk/escrow";
import type { TollOptions } from "../options.ts";
import type { Terms } from "../toll/terms.ts";

/** Path of DoH. */
export const DOH_PATH = "/dns-query";

export interface DiscoverySources {
  readonly toll: {
    readonly options: TollOptions;
    readonly terms: Terms;
    readonly watch: { header(): LedgerHeader };
  } | null;
  readonly free: boolean;
  readonly ports: () => { readonly dot: number; readonly udp: number };
}

/** The discovery document, made anew at most once a second: it changes with the ledger's `min_reserve` only. */
export function createDiscovery(sources: DiscoverySources, now: () => number): () => Uint8Array {
  let madeAt = Number.NEGATIVE_INFINITY;
  let document: Uint8Array = new Uint8Array(0);
  return () => {
    if (now() - madeAt < 1) return document;
    madeAt = now();
    document = Buffer.from(JSON.stringify(describe(sources)));
    return document;
  };
}

function describe({ toll, free, ports }: DiscoverySources): Record<string, unknown> {
  const { dot, udp } = ports();
  const base = { protocol: PROTOCOL_VERSION, dohPath: DOH_PATH, dotPort: dot, udpPort: udp } as const;
  // With neither toll nor free service it says so, and clients refuse it.
  if (toll === null) return { ...formatDiscovery({ ...base, charges: false, free: true }), free };
  const { options, terms } = toll;
  const { operator, minReserve } = toll.watch.header();
  const { dnssec, standard } = terms.classes;
  return formatDiscovery({
    ...base,
    charges: true,
    operator,
    ledger: options.ledger,
    escrow: options.escrow,
    genesis: options.genesis,
    tickPrice: terms.tickPrice,
    classes: dnssec === undefined ? { standard } : { standard, dnssec },
    k: terms.k,
    t: terms.t,
    maxUnits: terms.maxUnits,
    expiryDays: terms.expiryDays,
    minReserve,
    free,
  });
}
