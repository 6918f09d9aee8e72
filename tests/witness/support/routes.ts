import { type Signer, toHex } from "@tolldns/sdk";
import { hashName, wireName } from "@tolldns/sdk/names";
import { createSignerNode } from "@tolldns/sdk/node";
import {
  canonicalizeRecords,
  hashDomain,
  hashRecords,
  hashUpdate,
  type NamedEntry,
  signUpdate,
  type UpdateBody,
} from "@tolldns/sdk/routes";

/** A domain that is of no cluster. */
export const DOMAIN = hashDomain(new Uint8Array(32).fill(1), new Uint8Array(32).fill(2));

/** The signer of a small number. */
export function signerOf(number: number): Signer {
  const seed = new Uint8Array(32);
  new DataView(seed.buffer).setUint32(0, number);
  return createSignerNode(seed);
}

export interface Wanted {
  readonly label: string;
  readonly version?: bigint;
  readonly generation?: number;
  /** Unix seconds. */
  readonly expiresAt?: bigint;
  /** Last byte of the one address. */
  readonly host?: number;
  readonly signer?: Signer;
  readonly domain?: Uint8Array;
}

/** A signed update with one A record. */
export function updateOf(wanted: Wanted): UpdateBody & { readonly label: string } {
  const { label, version = 1n, generation = 1, expiresAt = 4_000_000_000n, host = 1 } = wanted;
  const { signer = signerOf(1), domain = DOMAIN } = wanted;
  const zone = wireName(label);
  const record = { owner: zone, type: 1, ttl: 60, data: Uint8Array.of(10, 0, 0, host) };
  const records = canonicalizeRecords([record], zone);
  const update = {
    nameHash: hashName(label),
    generation,
    version,
    expiresAt,
    recordsHash: hashRecords(records),
  };
  return { label, records, ...signUpdate(update, domain, signer) };
}

/** What a map holds of an update. */
export function entryOfUpdate({ update }: UpdateBody): NamedEntry {
  const { nameHash, generation, version } = update;
  return { nameHash, generation, version, updateHash: hashUpdate(update, DOMAIN) };
}

export const hex = toHex;
