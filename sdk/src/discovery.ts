import { MAX_AMOUNT } from "./amounts.ts";
import { fromBase58, toBase58 } from "./base58.ts";
import { type ErrorTable, errorsOf } from "./errors.ts";

/** Version of the toll protocol spoken here. */
export const PROTOCOL_VERSION = 1;

/** What a gateway publishes at `/.well-known/tolldns`; `charges` tells which of the two it is. */
export type Discovery = TollDiscovery | FreeDiscovery;

/** What every gateway publishes. */
export interface DiscoveryBase {
  readonly protocol: 1;
  /** True if unpaid queries are served. */
  readonly free: boolean;
  /** Path of DoH on the host that published this, such as `/dns-query`. */
  readonly dohPath: string;
  /** 0 where there is none. */
  readonly dotPort: number;
  readonly udpPort: number;
}

/** Of a gateway that charges nothing: it has no terms, so the document has none of their fields. */
export interface FreeDiscovery extends DiscoveryBase {
  /** Not in the document: false if it has no terms. */
  readonly charges: false;
  readonly free: true;
}

/** Of a gateway that takes tolls. */
export interface TollDiscovery extends DiscoveryBase {
  /** Not in the document: true if it has terms. */
  readonly charges: true;
  /** 32 bytes each. */
  readonly operator: Uint8Array;
  readonly ledger: Uint8Array;
  readonly escrow: Uint8Array;
  readonly genesis: Uint8Array;
  /** micro-IU a unit. */
  readonly tickPrice: bigint;
  /** Units a query costs, by class; 1 to 64 each. `standard` is always there. */
  readonly classes: Readonly<Record<string, number>> & { readonly standard: number };
  /** Units the gateway lends. */
  readonly k: number;
  /** Seconds it lends them for. */
  readonly t: number;
  /** Longest chain it accepts. */
  readonly maxUnits: number;
  /** Expiry days it accepts, counted from today. */
  readonly expiryDays: { readonly min: number; readonly max: number };
  /** Smallest reserve of a lane, micro-IU. */
  readonly minReserve: bigint;
}

/** Context of each discovery error. */
export interface DiscoveryErrors {
  "discovery-field": { field: string; expected: string };
  "discovery-protocol": { got: string };
}

/** Discovery errors, 170-179. */
export const DISCOVERY_ERRORS: ErrorTable<DiscoveryErrors> = {
  "discovery-field": {
    number: 170,
    message: "a field of the discovery document is missing or wrong",
    hint: "The gateway is misconfigured or is no TollDNS gateway; choose another.",
  },
  "discovery-protocol": {
    number: 171,
    message: "the gateway speaks another version of the protocol",
    hint: "Update this client or choose another gateway.",
  },
};

const fail = /* #__PURE__ */ errorsOf(DISCOVERY_ERRORS);

/** The JSON document, ready for JSON.stringify. */
export function formatDiscovery(discovery: Discovery): Record<string, unknown> {
  return {
    protocol: discovery.protocol,
    ...(discovery.charges ? formatTerms(discovery) : {}),
    free: discovery.free,
    doh_path: discovery.dohPath,
    dot_port: discovery.dotPort,
    udp_port: discovery.udpPort,
  };
}

function formatTerms(discovery: TollDiscovery): Record<string, unknown> {
  return {
    operator: toBase58(discovery.operator),
    ledger: toBase58(discovery.ledger),
    escrow: toBase58(discovery.escrow),
    genesis: toBase58(discovery.genesis),
    tick_price: discovery.tickPrice.toString(),
    classes: discovery.classes,
    k: discovery.k,
    t: discovery.t,
    max_units: discovery.maxUnits,
    expiry_days: discovery.expiryDays,
    min_reserve: discovery.minReserve.toString(),
  };
}

/** The fields that say how to pay: all of them, or none if nothing is charged. */
const TERMS = [
  "operator",
  "ledger",
  "escrow",
  "genesis",
  "tick_price",
  "classes",
  "k",
  "t",
  "max_units",
  "expiry_days",
  "min_reserve",
] as const;

/**
 * Checks a document from a stranger (already through JSON.parse). Unknown fields are ignored, so that later versions
 * may add some.
 * @throws discovery-field, discovery-protocol
 */
export function parseDiscovery(json: unknown): Discovery {
  if (!isRecord(json)) throw fail("discovery-field", { field: "(all)", expected: "an object" });
  if (json.protocol !== PROTOCOL_VERSION)
    throw fail("discovery-protocol", { got: String(json.protocol).slice(0, 20) });
  const base = {
    protocol: PROTOCOL_VERSION,
    free: boolean(json, "free"),
    dohPath: path(json, "doh_path"),
    dotPort: integer(json, "dot_port", 0, 65_535),
    udpPort: integer(json, "udp_port", 0, 65_535),
  } as const;
  if (TERMS.some((field) => json[field] !== undefined))
    return { ...base, charges: true, ...parseTerms(json) };
  // Neither for money nor without: whatever it is, it serves nobody.
  if (!base.free) throw fail("discovery-field", { field: "free", expected: "true where nothing is charged" });
  return { ...base, free: true, charges: false };
}

function parseTerms(json: Json): Omit<TollDiscovery, keyof DiscoveryBase | "charges"> {
  const days = json.expiry_days;
  if (!isRecord(days)) throw fail("discovery-field", { field: "expiry_days", expected: "min and max" });
  const min = integer(days, "min", 0, 65_535);
  return {
    operator: address(json, "operator"),
    ledger: address(json, "ledger"),
    escrow: address(json, "escrow"),
    genesis: address(json, "genesis"),
    tickPrice: amount(json, "tick_price"),
    classes: classesOf(json.classes),
    k: integer(json, "k", 0, 0xffff_ffff),
    t: integer(json, "t", 0, 0xffff_ffff),
    maxUnits: integer(json, "max_units", 1, 0xffff_ffff),
    expiryDays: { min, max: integer(days, "max", min, 65_535) },
    minReserve: amount(json, "min_reserve"),
  };
}

type Json = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function address(json: Json, field: string): Uint8Array {
  const value = json[field];
  try {
    const bytes = fromBase58(typeof value === "string" ? value : "");
    if (bytes.length === 32) return bytes;
  } catch {
    // Answered below: which field it was matters more than which character.
  }
  throw fail("discovery-field", { field, expected: "32 bytes in base58" });
}

function amount(json: Json, field: string): bigint {
  const value = json[field];
  if (typeof value === "string" && /^(0|[1-9]\d{0,16})$/.test(value) && BigInt(value) <= MAX_AMOUNT)
    return BigInt(value);
  throw fail("discovery-field", { field, expected: "micro-IU as a decimal string" });
}

function integer(json: Json, field: string, min: number, max: number): number {
  const value = json[field];
  if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return value;
  throw fail("discovery-field", { field, expected: `a whole number from ${min} to ${max}` });
}

function boolean(json: Json, field: string): boolean {
  const value = json[field];
  if (typeof value === "boolean") return value;
  throw fail("discovery-field", { field, expected: "true or false" });
}

function path(json: Json, field: string): string {
  const value = json[field];
  if (typeof value === "string" && /^\/[\x21-\x7e]{0,254}$/.test(value)) return value;
  throw fail("discovery-field", { field, expected: "a path beginning with /" });
}

function classesOf(value: unknown): TollDiscovery["classes"] {
  if (!isRecord(value)) throw fail("discovery-field", { field: "classes", expected: "units by class" });
  const standard = integer(value, "standard", 1, 64);
  const others: Record<string, number> = {};
  for (const name of Object.keys(value)) {
    if (!/^[a-z][a-z0-9-]{0,31}$/.test(name) || Object.keys(value).length > 32)
      throw fail("discovery-field", { field: "classes", expected: "at most 32 lower case names" });
    others[name] = integer(value, name, 1, 64);
  }
  return { ...others, standard };
}
