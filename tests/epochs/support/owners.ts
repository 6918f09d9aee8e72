import type { Signer } from "@tolldns/sdk";
import { toHex } from "@tolldns/sdk";
import { createFeed, type Feed, type SubmittedUpdate, webTransport } from "@tolldns/sdk/feed";
import { hashName, wireName } from "@tolldns/sdk/names";
import {
  canonicalizeRecords,
  hashRecords,
  hashUpdate,
  type RouteUpdate,
  signUpdate,
} from "@tolldns/sdk/routes";
import { typeNumber } from "@tolldns/sdk/zone";

/** A name whose owner changes its route again and again. */
export interface OwnedName {
  readonly label: string;
  readonly owner: Signer;
  readonly generation: number;
  /** Unix seconds. */
  readonly expiresAt: bigint;
}

/** What an owner last asked for. */
export interface Wish {
  readonly version: bigint;
  /** The address the name's A record shall have. */
  readonly address: string;
  /** Hex. */
  readonly updateHash: string;
  /** Milliseconds of `performance.now` when the owner signed. */
  readonly signedAt: number;
}

/** Tries at other feeds when one is dead, full or doesn't know the name yet. */
const TRIES = 40;
const PAUSE_MS = 250;

/** An IPv4 address that tells name and version apart. */
export function addressOf(index: number, version: bigint): string {
  return `45.${Number(version % 250n) + 1}.${index >> 8}.${index & 255}`;
}

/** The signed update of a name for this version, with one A record. */
export function signRoute(
  { label, owner, generation, expiresAt }: OwnedName,
  version: bigint,
  address: string,
  domain: Uint8Array,
): { readonly submitted: SubmittedUpdate; readonly update: RouteUpdate } {
  const zone = wireName(label);
  const data = Uint8Array.from(address.split(".").map(Number));
  const records = canonicalizeRecords(
    [{ owner: zone, type: typeNumber("A") as number, ttl: 60, data }],
    zone,
  );
  const update = {
    nameHash: hashName(label),
    generation,
    version,
    expiresAt,
    recordsHash: hashRecords(records),
  };
  const { signer, signature } = signUpdate(update, domain, owner);
  const submitted = { name: `${label}.dns`, generation, version, expiresAt, records, signer, signature };
  return { submitted, update };
}

/** Hands updates to whichever feed takes them and remembers what was asked for last. */
export interface Owners {
  /** Signs the next version of the name and brings it to a feed. */
  change(index: number): Promise<void>;
  /** By index of the name; undefined before its first change. */
  wishes(): readonly (Wish | undefined)[];
}

export function createOwners(
  names: readonly OwnedName[],
  domain: Uint8Array,
  feeds: () => readonly string[],
  roll: () => number,
): Owners {
  const wishes: (Wish | undefined)[] = names.map(() => undefined);
  const clients = new Map<string, Feed>();
  const clientOf = (url: string): Feed => {
    const known = clients.get(url) ?? createFeed(url, webTransport(globalThis.fetch));
    clients.set(url, known);
    return known;
  };

  async function submit(update: SubmittedUpdate): Promise<void> {
    let last: unknown;
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const urls = feeds();
      const url = urls[Math.floor(roll() * urls.length)];
      try {
        if (url !== undefined) {
          await clientOf(url).submit(update, { signal: AbortSignal.timeout(10_000) });
          return;
        }
      } catch (error) {
        last = error;
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    throw new Error(`no feed took ${update.name}`, { cause: last });
  }

  return {
    change: async (index) => {
      const name = names[index] as OwnedName;
      const version = (wishes[index]?.version ?? 0n) + 1n;
      const address = addressOf(index, version);
      const signedAt = performance.now();
      const { submitted, update } = signRoute(name, version, address, domain);
      await submit(submitted);
      wishes[index] = { version, address, updateHash: toHex(hashUpdate(update, domain)), signedAt };
    },
    wishes: () => wishes,
  };
}
