import type { AddressLike } from "@tolldns/sdk";
import type { StoreConfig } from "@tolldns/store";
import { checkAddress, checkSecrecy, readJson, readStore, readText } from "../config.ts";
import { fail } from "../errors.ts";
import type { QuorumPolicy } from "./options.ts";

/** What the process reads: a JSON object. Addresses are base58. */
export interface QuorumKeeperConfig {
  readonly rpcUrl: string;
  readonly quorum: AddressLike;
  /** File with the fee payer's key, as `solana-keygen` writes it (64 numbers); mode 0600. */
  readonly feePayerFile: string;
  readonly store: StoreConfig;
  /** Base URLs of feeds to read votes from, beside those registered on chain. */
  readonly witnesses: readonly string[];
  readonly policy: Partial<QuorumPolicy>;
}

const NUMBERS = [
  "intervalSeconds",
  "leaseSeconds",
  "syncPatienceSeconds",
  "relayPatienceSeconds",
  "operatorSeconds",
  "authoritySeconds",
  "maxInFlight",
  "maxPrice",
  "pricePercentile",
  "historySeconds",
] as const satisfies readonly (keyof QuorumPolicy)[];

/** Reads and checks a config file. @throws config-invalid */
export function readQuorumConfigFile(path: string): QuorumKeeperConfig {
  const raw = readJson(path);
  const store = readStore(raw);
  checkSecrecy(path, store);
  const quorum = readText(raw, "quorum");
  checkAddress(quorum);
  const witnesses = raw.witnesses ?? [];
  if (!Array.isArray(witnesses) || !witnesses.every((url) => URL.canParse(String(url)))) {
    throw fail("config-invalid", { reason: "witnesses are no URLs" });
  }
  return {
    rpcUrl: readText(raw, "rpcUrl"),
    quorum,
    feePayerFile: readText(raw, "feePayerFile"),
    store,
    witnesses: witnesses.map(String),
    policy: readPolicy((raw.policy ?? {}) as Record<string, unknown>),
  };
}

function readPolicy(raw: Record<string, unknown>): Partial<QuorumPolicy> {
  for (const [name, value] of Object.entries(raw)) {
    const good =
      name === "closeEpochs"
        ? typeof value === "boolean"
        : (NUMBERS as readonly string[]).includes(name) && typeof value === "number" && value >= 0;
    if (!good) throw fail("config-invalid", { reason: `policy.${name}` });
  }
  return raw as Partial<QuorumPolicy>;
}
