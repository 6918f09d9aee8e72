import { readFileSync, statSync } from "node:fs";
import { type AddressLike, fromBase58, type Signer } from "@tolldns/sdk";
import { createSignerNode } from "@tolldns/sdk/node";
import type { StoreConfig } from "@tolldns/store";
import { fail } from "./errors.ts";
import type { SettlementPolicy } from "./settlement/options.ts";

/** What the process reads: a JSON object. Amounts are decimal strings, addresses base58. */
export interface KeeperConfig {
  readonly rpcUrl: string;
  readonly escrow: AddressLike;
  readonly ledgers?: readonly string[];
  /** File with the fee payer's key, as `solana-keygen` writes it (64 numbers); mode 0600. */
  readonly feePayerFile: string;
  readonly store: StoreConfig;
  readonly policy: Partial<SettlementPolicy>;
}

const BIGINTS = ["minWorth", "lamportsPerIndexUnit", "distributeAt"] as const;
const NUMBERS = [
  "intervalSeconds",
  "leaseSeconds",
  "maxAgeSeconds",
  "expiryMarginSeconds",
  "maxRows",
  "maxInFlight",
  "maxPrice",
  "pricePercentile",
  "historySeconds",
] as const;

/** Reads and checks a config file. @throws config-invalid */
export function readConfig(path: string): KeeperConfig {
  const raw = readJson(path);
  const text = (name: string) => readText(raw, name);
  const store = readStore(raw);
  const ledgers = raw.ledgers as readonly string[] | undefined;
  checkSecrecy(path, store);
  for (const address of [text("escrow"), ...(ledgers ?? [])]) checkAddress(address);
  return {
    rpcUrl: text("rpcUrl"),
    escrow: text("escrow"),
    feePayerFile: text("feePayerFile"),
    store,
    policy: readPolicy((raw.policy ?? {}) as Record<string, unknown>),
    ...(ledgers === undefined ? {} : { ledgers }),
  };
}

/** @throws config-invalid */
export function readText(raw: Record<string, unknown>, name: string): string {
  const value = raw[name];
  if (typeof value !== "string" || value === "")
    throw fail("config-invalid", { reason: `${name} is missing` });
  return value;
}

/** @throws config-invalid */
export function readStore(raw: Record<string, unknown>): StoreConfig {
  const store = raw.store as StoreConfig | undefined;
  if (store?.kind !== "sqlite" && store?.kind !== "postgres") {
    throw fail("config-invalid", { reason: "store.kind is neither sqlite nor postgres" });
  }
  return store;
}

/** The signer of a key file. @throws config-invalid when others may read it or it holds no key */
export function readSigner(path: string): Signer {
  if ((statSync(path).mode & 0o077) !== 0) {
    throw fail("config-invalid", { reason: `${path} may be read by others: chmod 600` });
  }
  const bytes = Uint8Array.from(JSON.parse(readFileSync(path, "utf8")) as number[]);
  if (bytes.length !== 64) throw fail("config-invalid", { reason: `${path} holds no key of 64 bytes` });
  return createSignerNode(bytes.subarray(0, 32));
}

function readPolicy(raw: Record<string, unknown>): Partial<SettlementPolicy> {
  const policy: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(raw)) {
    if ((BIGINTS as readonly string[]).includes(name) && typeof value === "string" && /^\d+$/.test(value)) {
      policy[name] = BigInt(value);
    } else if ((NUMBERS as readonly string[]).includes(name) && typeof value === "number" && value >= 0) {
      policy[name] = value;
    } else if (name === "closeLanes" && typeof value === "boolean") {
      policy[name] = value;
    } else if (name === "wireVersion" && (value === 0 || value === 1 || value === "auto")) {
      policy[name] = value;
    } else {
      throw fail("config-invalid", { reason: `policy.${name}` });
    }
  }
  return policy;
}

/** A password in the file makes the file a secret. */
export function checkSecrecy(path: string, store: StoreConfig): void {
  if (store.kind !== "postgres") return;
  const { connection } = store;
  const secret =
    typeof connection === "string"
      ? /:\/\/[^/@]*:[^/@]+@|[?&]password=/.test(connection)
      : connection.password;
  if (secret && (statSync(path).mode & 0o077) !== 0) {
    throw fail("config-invalid", { reason: `${path} holds a password and may be read by others: chmod 600` });
  }
}

/** @throws config-invalid */
export function readJson(path: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
  } catch (error) {
    throw fail("config-invalid", { reason: `${path}: ${String(error)}` }, error);
  }
}

/** @throws config-invalid */
export function checkAddress(address: string): void {
  try {
    if (fromBase58(address).length === 32) return;
  } catch {
    // Said below.
  }
  throw fail("config-invalid", { reason: `${address} is no address` });
}
