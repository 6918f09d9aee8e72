/** Names, updates and maps as an epoch makes them, signed and folded by the SDK: what a chain and an honest feed would have. */

import type { FinalRoots } from "@tolldns/routes";
import { createSigner, type Signer } from "@tolldns/sdk";
import { wireName } from "@tolldns/sdk/names";
import { verifyEd25519Node } from "@tolldns/sdk/node";
import {
  canonicalizeRecords,
  encodeEvidence,
  entryOf,
  hashDomain,
  hashRecords,
  hashWireName,
  RouteMap,
  signUpdate,
  type UpdateBody,
  verifyUpdate,
} from "@tolldns/sdk/routes";
import { parseZone } from "@tolldns/sdk/zone";

export const DOMAIN = hashDomain(new Uint8Array(32).fill(7), new Uint8Array(32).fill(9));

/** A signer made of one number. */
export const signerOf = (seed: number): Signer => createSigner(new Uint8Array(32).fill(seed));

export interface Published {
  /** Zone file text, relative to the name. */
  readonly zone: string;
  readonly signer?: Signer;
  readonly generation?: number;
  /** Default: one above the last. */
  readonly version?: bigint;
  /** Unix seconds. Default: a year from now. */
  readonly expiresAt?: number;
}

/** One final epoch. */
export interface RegistryEpoch {
  readonly epoch: bigint;
  readonly root: Uint8Array;
  readonly finalAt: number;
  /** Evidence for `example.dns` under this epoch's root. */
  evidence(name: string): Uint8Array;
}

export interface Registry {
  /** Signs an update for a label; it counts from the next `finalize` on. */
  publish(label: string, route: Published): void;
  /** Puts so many other names into the map, so that proofs are as long as they would be. */
  fill(names: number): void;
  /** The epoch becomes final: a new root. */
  finalize(at?: number): RegistryEpoch;
  readonly epochs: readonly RegistryEpoch[];
  last(): RegistryEpoch;
  /** What the chain says. */
  roots(): FinalRoots;
}

export function createRegistry(domain: Uint8Array = DOMAIN, epochSeconds = 600): Registry {
  const map = RouteMap.create();
  const bodies = new Map<string, UpdateBody>();
  const waiting: UpdateBody[] = [];
  const epochs: RegistryEpoch[] = [];
  const versions = new Map<string, bigint>();

  return {
    epochs,
    publish(label, { zone, signer = signerOf(1), generation = 1, version, expiresAt }) {
      const name = wireName(label);
      const records = canonicalizeRecords(parseZone(zone, name).records, name);
      const next = version ?? (versions.get(label) ?? 0n) + 1n;
      versions.set(label, next);
      const update = {
        nameHash: hashWireName(name),
        generation,
        version: next,
        expiresAt: BigInt(Math.floor(expiresAt ?? Date.now() / 1000 + 31_536_000)),
        recordsHash: hashRecords(records),
      };
      const body = { ...signUpdate(update, domain, signer), records };
      if (!verifyUpdate(body, domain, verifyEd25519Node)) throw new Error("a signature made here is good");
      waiting.push(body);
    },
    fill(names) {
      for (let i = 0; i < names; i++) {
        const nameHash = hashWireName(wireName(`filler-${i}`));
        map.set(nameHash, { generation: 1, version: 1n, updateHash: nameHash });
      }
    },
    finalize(at = Date.now() / 1000) {
      for (const body of waiting.splice(0)) {
        map.set(body.update.nameHash, entryOf(body.update, domain));
        bodies.set(Buffer.from(body.update.nameHash).toString("hex"), body);
      }
      const frozen = map.snapshot();
      const held = new Map(bodies);
      const epoch = BigInt(epochs.length + 1);
      const one: RegistryEpoch = {
        epoch,
        root: frozen.root,
        finalAt: at,
        evidence(name) {
          const hash = hashWireName(wireName(name.replace(/\.dns$/, "")));
          const body = held.get(Buffer.from(hash).toString("hex"));
          const proof = frozen.prove(hash);
          if (body === undefined) return encodeEvidence({ epoch, proof });
          const { update, signer, signature, records } = body;
          return encodeEvidence({ epoch, proof, route: { ...update, signer, signature, records } });
        },
      };
      epochs.push(one);
      return one;
    },
    last: () => epochs.at(-1) as RegistryEpoch,
    roots() {
      const last = epochs.at(-1);
      return {
        domain,
        epoch: last?.epoch ?? 0n,
        root: last?.root ?? new Uint8Array(32),
        finalAt: last?.finalAt ?? 0,
        epochSeconds,
        earlier: epochs.slice(-16, -1).map(({ epoch, root }) => ({ epoch, root })),
      };
    },
  };
}
