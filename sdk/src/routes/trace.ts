import { checkBytes, copyBytes, readU32, writeU32 } from "../bytes.ts";
import { fail } from "./errors.ts";
import { hashLeaf, type Sha256, sha256 } from "./hash.ts";
import { createList, MAX_LIST, type MerkleList } from "./list-tree.ts";
import type { RouteMap } from "./map.ts";
import { compareBytes } from "./receipt.ts";
import { entryOf, hashAuth, isLater, type SignedUpdate } from "./update.ts";

/** Bytes of a step. */
export const STEP_LENGTH = 132;

/** One update of an epoch in its place: how the root goes on. Hashes have 32 bytes. */
export interface Step {
  readonly index: number;
  readonly updateHash: Uint8Array;
  readonly authHash: Uint8Array;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/** How an epoch goes from root to root. */
export interface Trace {
  /** In order of name hash. */
  readonly steps: readonly Step[];
  /** Root of the map once all is in it. */
  readonly root: Uint8Array;
  /** Leaves are the steps; its root is the epoch's updates root. */
  readonly list: MerkleList;
}

/** `index u32 | update hash | auth hash | before | after`. @throws integer-range, bytes-length */
export function encodeStep(step: Step): Uint8Array {
  const out = new Uint8Array(STEP_LENGTH);
  writeU32(out, 0, step.index, "index");
  (["updateHash", "authHash", "before", "after"] as const).forEach((field, i) => {
    out.set(checkBytes(step[field], 32, field), 4 + 32 * i);
  });
  return out;
}

/** Reads what encodeStep wrote. @throws bytes-length */
export function decodeStep(bytes: Uint8Array): Step {
  checkBytes(bytes, STEP_LENGTH, "step");
  const [updateHash, authHash, before, after] = [4, 36, 68, 100].map((at) => copyBytes(bytes, at, at + 32));
  return { index: readU32(bytes, 0), updateHash, authHash, before, after } as Step;
}

/** A step's leaf in the list of an epoch. @throws as encodeStep */
export function hashStep(step: Step, hash: Sha256 = sha256): Uint8Array {
  return hashLeaf(hash, encodeStep(step));
}

/**
 * Puts an epoch's updates into the map one by one, in order of name hash, and tells each step. `map` is changed: keep the root before by `map.snapshot()`.
 * Signatures, owners and records are the caller's to check.
 * @throws trace-order if a name has two updates or there are too many, update-version if a version doesn't rise; then the map is unchanged
 */
export function traceUpdates(
  map: RouteMap,
  updates: readonly SignedUpdate[],
  domain: Uint8Array,
  hash: Sha256 = sha256,
): Trace {
  const sorted = [...updates].sort((a, b) => compareBytes(a.update.nameHash, b.update.nameHash));
  if (sorted.length > MAX_LIST) throw fail("trace-order", { index: MAX_LIST, reason: "too many" });
  sorted.forEach(({ update }, index) => {
    const last = sorted[index - 1]?.update;
    if (last !== undefined && compareBytes(last.nameHash, update.nameHash) === 0)
      throw fail("trace-order", { index, reason: "a name twice" });
    const held = map.get(update.nameHash);
    if (held !== undefined && !isLater(update, held))
      throw fail("update-version", { got: String(update.version) });
  });
  // All that can be refused comes before the first change.
  const rows = sorted.map(({ update, signer, signature }) => ({
    nameHash: update.nameHash,
    entry: entryOf(update, domain, hash),
    authHash: hashAuth(signer, signature, hash),
  }));
  let before = map.root;
  const steps = rows.map(({ nameHash, entry, authHash }, index): Step => {
    map.set(nameHash, entry);
    const step = { index, updateHash: entry.updateHash, authHash, before, after: map.root };
    before = step.after;
    return step;
  });
  const list = createList(
    steps.map((step) => hashStep(step, hash)),
    hash,
  );
  return { steps, root: before, list };
}
