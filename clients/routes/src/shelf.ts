import { fromBase64Url, toBase64Url } from "@tolldns/sdk";
import type { Verified } from "./judge.ts";

/** Verified evidence by registered name, the least recently used thrown out first; and what a file of last time held, until it is judged. */
export interface Shelf {
  get(name: string): Verified | null;
  put(name: string, verified: Verified): void;
  /** Evidence of last time that nobody has judged yet; it is given once. */
  takeSaved(name: string): Uint8Array | null;
  /** Forgets what stands under an epoch's root. */
  readonly size: number;
  readonly bytes: number;
  save(): readonly SavedEvidence[];
  load(saved: readonly SavedEvidence[]): void;
}

export interface SavedEvidence {
  readonly name: string;
  readonly evidence: string;
}

/** What an entry costs beside its evidence: parsed records, maps, strings. Measured at about twice the evidence. */
const costOf = (evidence: Uint8Array) => 512 + 3 * evidence.length;

/** @param limit bytes held at most */
export function createShelf(limit: number): Shelf {
  const entries = new Map<string, Verified>();
  const saved = new Map<string, Uint8Array>();
  let bytes = 0;

  function drop(name: string): void {
    const old = entries.get(name);
    if (old === undefined) return;
    entries.delete(name);
    bytes -= costOf(old.evidence);
  }

  return {
    get(name) {
      const found = entries.get(name);
      if (found === undefined) return null;
      // Last in the map is used last.
      entries.delete(name);
      entries.set(name, found);
      return found;
    },
    put(name, verified) {
      drop(name);
      entries.set(name, verified);
      bytes += costOf(verified.evidence);
      for (const oldest of entries.keys()) {
        if (bytes <= limit || oldest === name) break;
        drop(oldest);
      }
    },
    takeSaved(name) {
      const found = saved.get(name) ?? null;
      saved.delete(name);
      return found;
    },
    get size() {
      return entries.size;
    },
    get bytes() {
      return bytes;
    },
    save() {
      const kept: SavedEvidence[] = [...saved].map(([name, evidence]) => ({
        name,
        evidence: toBase64Url(evidence),
      }));
      for (const [name, { evidence }] of entries) kept.push({ name, evidence: toBase64Url(evidence) });
      return kept;
    },
    load(given) {
      let size = 0;
      // The last ones were used last.
      for (const { name, evidence } of given.toReversed()) {
        const raw = fromBase64Url(evidence);
        size += costOf(raw);
        if (size > limit) return;
        saved.set(name, raw);
      }
    },
  };
}
