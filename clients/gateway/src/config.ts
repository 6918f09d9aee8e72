import { readFileSync } from "node:fs";
import { Connection } from "@solana/web3.js";
import { fromBase58 } from "@tolldns/sdk";
import { openPostgresStore, openSqliteStore, type Store } from "@tolldns/store";
import { gatewayError } from "./errors.ts";
import type { GatewayOptions, TollOptions, TollTerms } from "./options.ts";

/** GatewayOptions as JSON says them: addresses base58, money as decimal strings, chain and store by where they are. */
export interface GatewayConfig
  extends Omit<GatewayOptions, "toll" | "now" | "onVoucher" | "log" | "seat" | "policy" | "decisions"> {
  readonly log?: { readonly level?: "error" | "warn" | "info" | "debug"; readonly names?: boolean };
  readonly toll?: Omit<TollOptions, "chain" | "store" | "ledger" | "escrow" | "genesis" | "terms"> & {
    readonly rpc: string;
    readonly websocket?: string;
    /** `sqlite:<path>` or `postgres://...`. */
    readonly store: string;
    readonly ledger: string;
    readonly escrow: string;
    readonly genesis: string;
    readonly terms: Omit<TollTerms, "tickPrice"> & { readonly tickPrice: string };
  };
  /** Processes that share the ports; then all ports must be given. Default 1. */
  readonly workers?: number;
}

/** Reads a configuration file. @throws config-unreadable */
export function readConfig(path: string): GatewayConfig {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as GatewayConfig;
  } catch (error) {
    throw gatewayError("config-unreadable", path, error);
  }
}

/** What a configuration says, opened: whoever calls this closes the store. @throws option-range, StoreError */
export async function openConfig(
  config: GatewayConfig,
): Promise<{ readonly options: GatewayOptions; readonly store: Store | null }> {
  const { toll, workers, ...rest } = config;
  if (toll === undefined) return { options: rest, store: null };
  const { rpc, websocket, store: where, ledger, escrow, genesis, terms, ...limits } = toll;
  if (!/^[1-9]\d{0,15}$/.test(terms.tickPrice))
    throw gatewayError("option-range", "terms.tickPrice is a decimal string");
  const store = await openStore(where);
  const chain = new Connection(rpc, {
    commitment: limits.commitment ?? "confirmed",
    ...(websocket === undefined ? {} : { wsEndpoint: websocket }),
  });
  return {
    store,
    options: {
      ...rest,
      toll: {
        ...limits,
        chain,
        store,
        ledger: fromBase58(ledger),
        escrow: fromBase58(escrow),
        genesis: fromBase58(genesis),
        terms: { ...terms, tickPrice: BigInt(terms.tickPrice) },
      },
    },
  };
}

function openStore(where: string): Promise<Store> {
  if (where.startsWith("sqlite:")) return openSqliteStore({ path: where.slice("sqlite:".length) });
  if (/^postgres(ql)?:\/\//.test(where)) return openPostgresStore({ connection: where });
  throw gatewayError("option-range", "toll.store is sqlite:<path> or postgres://...");
}
