import { bytesEqual, toHex } from "@tolldns/sdk";
import { emptyHash, type NamedEntry, RouteMap, type SignedUpdate, traceUpdates } from "@tolldns/sdk/routes";
import { fail } from "./errors.ts";
import type { EpochRecord, Leaf } from "./store/epochs.ts";
import type { FeedStore } from "./store/open.ts";
import type { NewUpdate, StoredUpdate } from "./store/updates.ts";

/** The map under the last final root, with those of some epochs before. Memory follows disk. */
export interface RouteBook {
  /** The map as of `final`. Nobody but the book changes it. */
  readonly map: RouteMap;
  /** Its epoch; 0 before the first. */
  readonly final: bigint;
  readonly root: Uint8Array;
  /** The map under a final root that is still held. */
  at(epoch: bigint): RouteMap | null;
  epochs(): bigint[];
  /** Goes on by an epoch whose updates are all here. @throws map-broken if they lead elsewhere; nothing changed then */
  advance(record: EpochRecord, updates: readonly Named<SignedUpdate>[], done: Done): Promise<void>;
  /** Jumps to a root by the leaves that differ, or, to replace the map, by all. @throws map-broken as above */
  jump(
    record: EpochRecord,
    leaves: readonly Leaf[],
    bodies: readonly NewUpdate[],
    done: Done,
    replace: boolean,
  ): Promise<void>;
}

export type Named<T> = T & { readonly label: string };

/** Pending updates that are no later than these leaves. */
export type Done = (
  leaves: readonly NamedEntry[],
) => readonly Pick<StoredUpdate, "updateHash" | "authHash">[];

/** Reads the map from disk. @throws map-broken when the leaves don't have the root they should */
export async function openBook(store: FeedStore, keepEpochs: number, domain: Uint8Array): Promise<RouteBook> {
  const last = await store.epochs.last();
  const leaves: NamedEntry[] = [];
  await store.epochs.eachLeaf((leaf) => leaves.push(leaf));
  let map = RouteMap.create(leaves);
  let final = last?.epoch ?? 0n;
  const root = last?.root ?? emptyHash();
  if (!bytesEqual(map.root, root)) throw fail("map-broken", { expected: toHex(root), got: toHex(map.root) });
  const versions = new Map<bigint, RouteMap>([[final, map]]);

  async function swap(
    next: RouteMap,
    record: EpochRecord,
    changed: readonly Leaf[],
    bodies: readonly NewUpdate[],
    done: Done,
    replace: boolean,
  ): Promise<void> {
    if (!bytesEqual(next.root, record.root)) {
      const got = toHex(next.root);
      next.release();
      throw fail("map-broken", { expected: toHex(record.root), got });
    }
    try {
      await store.epochs.apply({ record, leaves: changed, bodies, replace, superseded: done(changed) });
    } catch (error) {
      next.release();
      throw error;
    }
    map = next;
    final = record.epoch;
    versions.set(final, map);
    for (const [epoch, old] of versions) {
      if (versions.size <= keepEpochs) break;
      versions.delete(epoch);
      old.release();
    }
  }

  return {
    get map() {
      return map;
    },
    get final() {
      return final;
    },
    get root() {
      return map.root;
    },
    at: (epoch) => versions.get(epoch) ?? null,
    epochs: () => [...versions.keys()],
    advance: async (record, updates, done) => {
      const next = map.snapshot();
      const trace = traceUpdates(next, updates, domain);
      if (!bytesEqual(trace.list.root, record.updatesRoot)) {
        next.release();
        throw fail("map-broken", { expected: toHex(record.updatesRoot), got: toHex(trace.list.root) });
      }
      const changed = updates.map(({ update, label }): Leaf => {
        const { nameHash } = update;
        const entry = next.get(nameHash);
        if (entry === undefined) throw fail("map-broken", { expected: label, got: "nothing" });
        return { nameHash, label, ...entry };
      });
      await swap(next, record, changed, [], done, false);
    },
    jump: async (record, leaves, bodies, done, replace) => {
      const next = replace ? RouteMap.create() : map.snapshot();
      for (const { nameHash, ...entry } of leaves) next.set(nameHash, entry);
      await swap(next, record, leaves, bodies, done, replace);
    },
  };
}
