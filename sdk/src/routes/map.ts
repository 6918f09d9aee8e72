import { bytesEqual, checkBytes, copyBytes } from "../bytes.ts";
import { emptyHash, type Sha256, sha256 } from "./hash.ts";
import { isLeaf, NONE, NodePool, type Ref } from "./pool.ts";
import { bitAt, encodeMapProof, type Place, readOpening, sharedBits } from "./proof.ts";
import { type RouteEntry, writeEntry } from "./update.ts";

/** A name hash and what the map holds of it. */
export interface NamedEntry extends RouteEntry {
  readonly nameHash: Uint8Array;
}

/** What stands below a prefix. Hashes have 32 bytes. */
export interface Subtree {
  readonly hash: Uint8Array;
  /** Names in it. */
  readonly count: number;
}

/** Names up to which a subtree is told leaf by leaf. */
export const LEAVES_AT_ONCE = 64;

/** What reconciliation is told about a prefix: its leaves where they are few, else the hashes of its 16 children four bits on. */
export type SubtreeView = Subtree &
  ({ readonly leaves: readonly NamedEntry[] } | { readonly children: readonly Uint8Array[] });

/**
 * The map of all routes: a binary Merkle tree over name hashes whose lone names stand as high as they can (docs/reference/routes.md).
 * A snapshot costs nothing and shares what stays the same, so that the root before an epoch is there while the next is built; `release` gives back what only it held.
 *
 * @example
 * const map = RouteMap.create();
 * map.set(nameHash, entry);
 * const before = map.snapshot();
 * map.prove(nameHash);
 */
export class RouteMap {
  readonly #pool: NodePool;
  readonly #hash: Sha256;
  #top: Ref;
  // What is hashed: 0x00 and an opening, 0x01 and two hashes.
  readonly #leafScratch = new Uint8Array(77);
  readonly #scratch = new Uint8Array(65);

  private constructor(pool: NodePool, hash: Sha256, top: Ref) {
    this.#pool = pool;
    this.#hash = hash;
    this.#top = top;
  }

  /** A map of these names, in any order; a name that is there twice has its last entry. Each hash is made once. @throws bytes-length, integer-range */
  static create(entries: Iterable<NamedEntry> = [], hash: Sha256 = sha256): RouteMap {
    const map = new RouteMap(new NodePool(), hash, NONE);
    const leaves = Array.from(entries, (entry) => map.#addLeaf(entry.nameHash, entry));
    const pool = map.#pool;
    const keys = Float64Array.from(leaves, (leaf) => pool.sortKey(leaf));
    const compare = (a: number, b: number) =>
      (keys[a] as number) - (keys[b] as number) ||
      pool.compareNames(leaves[a] as Ref, leaves[b] as Ref) ||
      a - b;
    const order = Uint32Array.from(leaves, (_, i) => i).sort(compare);
    const each: Ref[] = [];
    for (const at of order) {
      const leaf = leaves[at] as Ref;
      const last = each.at(-1);
      if (last !== undefined && pool.compareNames(last, leaf) === 0) pool.release(each.pop() as Ref);
      each.push(leaf);
    }
    map.#top = map.#build(each, 0, each.length, 0);
    return map;
  }

  /** How many names there are. */
  get size(): number {
    return this.#pool.count(this.#top);
  }

  /** The root, 32 bytes; zero bytes of an empty map. */
  get root(): Uint8Array {
    return this.#hashOf(this.#top);
  }

  /** Leaves, nodes and bytes of memory that this map and its snapshots hold. */
  get usage(): NodePool["usage"] {
    return this.#pool.usage;
  }

  /** What the map holds of a name. @throws bytes-length */
  get(nameHash: Uint8Array): RouteEntry | undefined {
    const place = this.#place(this.#find(checkBytes(nameHash, 32, "nameHash")).ref, nameHash);
    return place.kind === "name" ? place.entry : undefined;
  }

  /** Sets a name's entry; whether it may follow the last one is the caller's to know. @throws bytes-length, integer-range */
  set(nameHash: Uint8Array, entry: RouteEntry): void {
    this.#top = this.#insert(this.#top, 0, nameHash, this.#addLeaf(nameHash, entry));
  }

  /** A map of its own with what this one has now. */
  snapshot(): RouteMap {
    return new RouteMap(this.#pool, this.#hash, this.#pool.hold(this.#top));
  }

  /** Empties this map and gives back what no snapshot shares. */
  release(): void {
    this.#pool.release(this.#top);
    this.#top = NONE;
  }

  /** The proof that a name is there, or is not, encoded. @throws bytes-length */
  prove(nameHash: Uint8Array): Uint8Array {
    const { ref, path } = this.#find(checkBytes(nameHash, 32, "nameHash"));
    const place = this.#place(ref, nameHash);
    const siblings = path.map(({ node, side }) => {
      const beside = this.#pool.child(node, side ^ 1);
      return beside === NONE ? undefined : this.#hashOf(beside);
    });
    return encodeMapProof({ place, siblings: siblings.reverse() });
  }

  /** Hash and count of the names whose hash begins with the first `bits` bits of `prefix`. */
  subtree(prefix: Uint8Array, bits: number): Subtree {
    const ref = this.#below(prefix, bits);
    return { hash: this.#hashOf(ref), count: this.#pool.count(ref) };
  }

  /** What another map needs to find where it differs below a prefix. */
  view(prefix: Uint8Array, bits: number): SubtreeView {
    const ref = this.#below(prefix, bits);
    const whole = { hash: this.#hashOf(ref), count: this.#pool.count(ref) };
    if (whole.count <= LEAVES_AT_ONCE || bits + 4 > 256) return { ...whole, leaves: [...this.#entries(ref)] };
    const children = Array.from({ length: 16 }, (_, nibble) => {
      let below = ref;
      for (let i = 0; i < 4; i++) below = this.#step(below, bits + i, (nibble >> (3 - i)) & 1);
      return this.#hashOf(below);
    });
    return { ...whole, children };
  }

  /** All names with their entries, in order of name hash. The map must not change meanwhile. */
  entries(): IterableIterator<NamedEntry> {
    return this.#entries(this.#top);
  }

  #addLeaf(nameHash: Uint8Array, entry: RouteEntry): Ref {
    const scratch = this.#leafScratch;
    scratch.set(checkBytes(nameHash, 32, "nameHash"), 1);
    writeEntry(scratch, 33, entry);
    return this.#pool.addLeaf(scratch.subarray(1), this.#hash(scratch));
  }

  /** The subtree of leaves `[from, to)`, sorted, at `level`. */
  #build(leaves: readonly Ref[], from: number, to: number, level: number): Ref {
    if (to - from <= 1) return from === to ? NONE : (leaves[from] as Ref);
    let [low, high] = [from, to];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#pool.nameBit(leaves[middle] as Ref, level) === 0) low = middle + 1;
      else high = middle;
    }
    return this.#node(this.#build(leaves, from, low, level + 1), this.#build(leaves, low, to, level + 1));
  }

  /** Puts a leaf where it belongs at or below `ref` and returns what stands there then. Takes over what the caller held of both. */
  #insert(ref: Ref, level: number, nameHash: Uint8Array, leaf: Ref): Ref {
    const pool = this.#pool;
    if (ref === NONE) return leaf;
    if (isLeaf(ref)) {
      const parting = sharedBits(nameHash, pool.opening(ref));
      if (parting === 256) {
        pool.release(ref);
        return leaf;
      }
      let own = bitAt(nameHash, parting) === 0 ? this.#node(leaf, ref) : this.#node(ref, leaf);
      for (let above = parting - 1; above >= level; above--)
        own = bitAt(nameHash, above) === 0 ? this.#node(own, NONE) : this.#node(NONE, own);
      return own;
    }
    const side = bitAt(nameHash, level);
    // What others hold too stays as it is; they keep the old node, this map gets one of its own.
    let own = ref;
    if (pool.isShared(ref)) {
      own = pool.addNode(pool.hold(pool.child(ref, 0)), pool.hold(pool.child(ref, 1)));
      pool.release(ref);
    }
    pool.setChild(own, side, this.#insert(pool.child(own, side), level + 1, nameHash, leaf));
    this.#rehash(own);
    return own;
  }

  #node(left: Ref, right: Ref): Ref {
    const ref = this.#pool.addNode(left, right);
    this.#rehash(ref);
    return ref;
  }

  #rehash(ref: Ref): void {
    const scratch = this.#scratch;
    scratch[0] = 1;
    this.#pool.copyHash(this.#pool.child(ref, 0), scratch, 1);
    this.#pool.copyHash(this.#pool.child(ref, 1), scratch, 33);
    this.#pool.setHash(ref, this.#hash(scratch));
  }

  #hashOf(ref: Ref): Uint8Array {
    const hash = emptyHash();
    this.#pool.copyHash(ref, hash, 0);
    return hash;
  }

  /** Where a name belongs, and the nodes above with the side that was taken, from the top down. */
  #find(nameHash: Uint8Array): { ref: Ref; path: { node: Ref; side: number }[] } {
    const path: { node: Ref; side: number }[] = [];
    let ref = this.#top;
    while (ref !== NONE && !isLeaf(ref)) {
      const side = bitAt(nameHash, path.length);
      path.push({ node: ref, side });
      ref = this.#pool.child(ref, side);
    }
    return { ref, path };
  }

  #place(
    ref: Ref,
    nameHash: Uint8Array,
  ): (Place & { kind: "empty" | "other" }) | { kind: "name"; entry: RouteEntry } {
    if (ref === NONE) return { kind: "empty" };
    const held = readOpening(this.#pool.opening(ref));
    return bytesEqual(held.nameHash, nameHash)
      ? { kind: "name", entry: held.entry }
      : { kind: "other", ...held };
  }

  /** What stands at a prefix; a lone leaf above it, if it has that prefix. */
  #below(prefix: Uint8Array, bits: number): Ref {
    let ref = this.#top;
    for (let level = 0; level < bits; level++) ref = this.#step(ref, level, bitAt(prefix, level));
    return ref;
  }

  #step(ref: Ref, level: number, side: number): Ref {
    if (ref === NONE) return NONE;
    if (!isLeaf(ref)) return this.#pool.child(ref, side);
    return this.#pool.nameBit(ref, level) === side ? ref : NONE;
  }

  *#entries(from: Ref): IterableIterator<NamedEntry> {
    const waiting = [from];
    for (let ref = waiting.pop(); ref !== undefined; ref = waiting.pop()) {
      if (ref === NONE) continue;
      if (!isLeaf(ref)) waiting.push(this.#pool.child(ref, 1), this.#pool.child(ref, 0));
      else {
        const { nameHash, entry } = readOpening(copyBytes(this.#pool.opening(ref)));
        yield { nameHash, ...entry };
      }
    }
  }
}
