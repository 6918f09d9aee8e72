import { toHex } from "@tolldns/sdk";
import { isLater, type RouteEntry } from "@tolldns/sdk/routes";

/** A pending update without its records, which stay on disk. */
export interface PoolEntry extends RouteEntry {
  readonly nameHash: Uint8Array;
  readonly label: string;
  readonly authHash: Uint8Array;
  readonly signer: Uint8Array;
  readonly expiresAt: bigint;
  /** Unix seconds by the clock handed in. */
  readonly seenAt: number;
  /** Posted on chain, and nobody has shown its records yet. */
  readonly bare: boolean;
}

/** Updates waiting for an epoch, bounded. Of a name, the highest versions of its latest generation. */
export interface Pool {
  readonly size: number;
  get(updateHash: Uint8Array): PoolEntry | undefined;
  /** Highest first. */
  ofName(nameHash: Uint8Array): readonly PoolEntry[];
  /** "stale": a version as high is waiting already. "full": no room. Else what it pushed out. */
  add(entry: PoolEntry): "stale" | "full" | readonly PoolEntry[];
  /** Would `add` take it? Costs no hash. */
  check(nameHash: Uint8Array, generation: number, version: bigint): "stale" | "full" | "room";
  remove(entry: Pick<PoolEntry, "nameHash" | "updateHash">): void;
  /** Notes that a bare one's records have come. */
  complete(updateHash: Uint8Array): void;
  /** The highest of each name. */
  heads(): IterableIterator<PoolEntry>;
  /** All, in the order they came. */
  all(): IterableIterator<PoolEntry>;
}

export function createPool(perName: number, total: number): Pool {
  const names = new Map<string, PoolEntry[]>();
  const byHash = new Map<string, PoolEntry>();

  function check(nameHash: Uint8Array, generation: number, version: bigint): "stale" | "full" | "room" {
    const waiting = names.get(toHex(nameHash)) ?? [];
    const [head] = waiting;
    if (head !== undefined && head.generation > generation) return "stale";
    const same = waiting.filter((entry) => entry.generation === generation);
    // A lower version than the highest is worth keeping only where it may still be needed: never, once a higher one is here.
    if (same.some((entry) => entry.version >= version)) return "stale";
    return byHash.size >= total && waiting.length < perName ? "full" : "room";
  }

  function remove({ nameHash, updateHash }: Pick<PoolEntry, "nameHash" | "updateHash">): void {
    const [key, hash] = [toHex(nameHash), toHex(updateHash)];
    byHash.delete(hash);
    const left = (names.get(key) ?? []).filter((entry) => toHex(entry.updateHash) !== hash);
    if (left.length === 0) names.delete(key);
    else names.set(key, left);
  }

  return {
    get size() {
      return byHash.size;
    },
    get: (updateHash) => byHash.get(toHex(updateHash)),
    ofName: (nameHash) => names.get(toHex(nameHash)) ?? [],
    check,
    add: (entry) => {
      const verdict = check(entry.nameHash, entry.generation, entry.version);
      if (verdict !== "room") return verdict;
      const key = toHex(entry.nameHash);
      const waiting = [...(names.get(key) ?? []), entry].sort((a, b) => (isLater(a, b) ? -1 : 1));
      const out = waiting.splice(perName);
      names.set(key, waiting);
      byHash.set(toHex(entry.updateHash), entry);
      for (const { updateHash } of out) byHash.delete(toHex(updateHash));
      return out;
    },
    remove,
    complete: (updateHash) => {
      const entry = byHash.get(toHex(updateHash));
      if (entry === undefined || !entry.bare) return;
      const whole = { ...entry, bare: false };
      byHash.set(toHex(updateHash), whole);
      const key = toHex(entry.nameHash);
      names.set(
        key,
        (names.get(key) ?? []).map((one) => (one === entry ? whole : one)),
      );
    },
    *heads() {
      for (const [head] of names.values()) if (head !== undefined) yield head;
    },
    all: () => byHash.values(),
  };
}
