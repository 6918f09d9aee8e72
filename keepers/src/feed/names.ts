import { toHex } from "@tolldns/sdk";
import type { DelegateState, NameState, RouteChain } from "./chain/types.ts";
import { fail } from "./errors.ts";

/** What the chain says of names and delegates, remembered for a moment and asked in batches. */
export interface NameBook {
  /** @throws chain-busy, and what the RPC node answers */
  name(label: string): Promise<NameState | null>;
  delegate(label: string, delegate: Uint8Array): Promise<DelegateState | null>;
  readonly size: number;
}

interface Waiting<K, V> {
  readonly key: K;
  resolve(value: V): void;
  reject(error: unknown): void;
}

/** Accounts `getMultipleAccounts` takes at once. */
const AT_ONCE = 100;
const MOST_WAITING = 5_000;
const MOST_KEPT = 20_000;

export function createNameBook(chain: RouteChain, now: () => number, seconds: () => number): NameBook {
  const names = createLookup<string, NameState | null>(
    (label) => label,
    (labels) => chain.readNames(labels),
    now,
    seconds,
  );
  const delegates = createLookup<{ label: string; delegate: Uint8Array }, DelegateState | null>(
    ({ label, delegate }) => `${label} ${toHex(delegate)}`,
    (pairs) => chain.readDelegates(pairs),
    now,
    seconds,
  );
  return {
    name: names.get,
    delegate: (label, delegate) => delegates.get({ label, delegate }),
    get size() {
      return names.size() + delegates.size();
    },
  };
}

function createLookup<K, V>(
  keyOf: (key: K) => string,
  read: (keys: readonly K[]) => Promise<V[]>,
  now: () => number,
  seconds: () => number,
) {
  // In order of reading: the oldest makes room.
  const kept = new Map<string, { value: V; until: number }>();
  const asked = new Map<string, Promise<V>>();
  let waiting: Waiting<K, V>[] = [];
  let busy = false;

  async function drain(): Promise<void> {
    if (busy) return;
    busy = true;
    while (waiting.length > 0) {
      const batch = waiting.slice(0, AT_ONCE);
      waiting = waiting.slice(AT_ONCE);
      try {
        const values = await read(batch.map(({ key }) => key));
        const until = now() + seconds();
        batch.forEach(({ key, resolve }, at) => {
          const value = values[at] as V;
          kept.delete(keyOf(key));
          if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value as string);
          kept.set(keyOf(key), { value, until });
          resolve(value);
        });
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    busy = false;
  }

  return {
    size: () => kept.size,
    get: (key: K): Promise<V> => {
      const id = keyOf(key);
      const held = kept.get(id);
      if (held !== undefined && now() < held.until) return Promise.resolve(held.value);
      const under = asked.get(id);
      if (under !== undefined) return under;
      if (waiting.length >= MOST_WAITING)
        return Promise.reject(fail("chain-busy", { waiting: waiting.length }));
      const promise = new Promise<V>((resolve, reject) => waiting.push({ key, resolve, reject }));
      asked.set(id, promise);
      promise.catch(() => {}).finally(() => asked.delete(id));
      // What else comes in this turn rides along.
      setImmediate(drain);
      return promise;
    },
  };
}
