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
 * The map of all routes: a binary Merkle tree over name hashes that has a node only where names part (docs/reference/routes.md).
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
  // What is hashed: 0x00 and an opening; 0x01, level and two hashes.
  readonly #leafScratch = new Uint8Array(77);
  readonly #scratch = new Uint8Array(66);

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
    map.#top = map.#build(each, 0, each.length);
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
    const leaf = this.#addLeaf(nameHash, entry);
    const { ref } = this.#find(nameHash);
    const parting = ref === NONE ? 256 : sharedBits(nameHash, this.#pool.opening(ref));
    this.#top = ref === NONE ? leaf : this.#insert(this.#top, parting, nameHash, leaf);
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
    const nodes = path.map(({ node, side }) => ({
      level: this.#pool.level(node),
      sibling: this.#hashOf(this.#pool.child(node, side ^ 1)),
    }));
    return encodeMapProof({ place, nodes: nodes.reverse() });
  }

  /** Hash and count of the names whose hash begins with the first `bits` bits of `prefix`. */
  subtree(prefix: Uint8Array, bits: number): Subtree {
    const ref = this.#below(wholePrefix(prefix), bits);
    return { hash: this.#hashOf(ref), count: this.#pool.count(ref) };
  }

  /** What another map needs to find where it differs below a prefix. */
  view(prefix: Uint8Array, bits: number): SubtreeView {
    const ref = this.#below(wholePrefix(prefix), bits);
    const whole = { hash: this.#hashOf(ref), count: this.#pool.count(ref) };
    if (whole.count <= LEAVES_AT_ONCE || bits + 4 > 256) return { ...whole, leaves: [...this.#entries(ref)] };
    const children = Array.from({ length: 16 }, (_, nibble) => {
      const way = wholePrefix(prefix);
      for (let i = 0; i < 4; i++) setBit(way, bits + i, (nibble >> (3 - i)) & 1);
      return this.#hashOf(this.#below(way, bits + 4));
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

  /** The subtree of leaves `[from, to)`, sorted. */
  #build(leaves: readonly Ref[], from: number, to: number): Ref {
    if (to - from <= 1) return from === to ? NONE : (leaves[from] as Ref);
    const level = this.#pool.sharedBits(leaves[from] as Ref, leaves[to - 1] as Ref);
    let [low, high] = [from, to];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#pool.nameBit(leaves[middle] as Ref, level) === 0) low = middle + 1;
      else high = middle;
    }
    return this.#node(level, this.#build(leaves, from, low), this.#build(leaves, low, to));
  }

  /** Puts a leaf into what stands at `ref` and returns what stands there then. `parting` is where it leaves the name it comes nearest to. Takes over what the caller held of both. */
  #insert(ref: Ref, parting: number, nameHash: Uint8Array, leaf: Ref): Ref {
    const pool = this.#pool;
    if (isLeaf(ref) && parting === 256) {
      pool.release(ref);
      return leaf;
    }
    if (isLeaf(ref) || pool.level(ref) > parting)
      return bitAt(nameHash, parting) === 0 ? this.#node(parting, leaf, ref) : this.#node(parting, ref, leaf);
    const level = pool.level(ref);
    const side = bitAt(nameHash, level);
    // What others hold too stays as it is; they keep the old node, this map gets one of its own.
    let own = ref;
    if (pool.isShared(ref)) {
      own = pool.addNode(level, pool.hold(pool.child(ref, 0)), pool.hold(pool.child(ref, 1)));
      pool.release(ref);
    }
    pool.setChild(own, side, this.#insert(pool.child(own, side), parting, nameHash, leaf));
    this.#rehash(own);
    return own;
  }

  #node(level: number, left: Ref, right: Ref): Ref {
    const ref = this.#pool.addNode(level, left, right);
    this.#rehash(ref);
    return ref;
  }

  #rehash(ref: Ref): void {
    const scratch = this.#scratch;
    scratch[0] = 1;
    scratch[1] = this.#pool.level(ref);
    this.#pool.copyHash(this.#pool.child(ref, 0), scratch, 2);
    this.#pool.copyHash(this.#pool.child(ref, 1), scratch, 34);
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
      const side = bitAt(nameHash, this.#pool.level(ref));
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

  /** The names of a prefix: what stands lowest above all of them, if that has no others. */
  #below(prefix: Uint8Array, bits: number): Ref {
    const pool = this.#pool;
    let ref = this.#top;
    while (ref !== NONE && !isLeaf(ref) && pool.level(ref) < bits)
      ref = pool.child(ref, bitAt(prefix, pool.level(ref)));
    // All below share what the first leaf has; whether that is the prefix, the nodes on the way don't tell.
    let leaf = ref;
    while (leaf !== NONE && !isLeaf(leaf)) leaf = pool.child(leaf, 0);
    return leaf !== NONE && sharedBits(prefix, pool.opening(leaf)) >= bits ? ref : NONE;
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

/** A prefix as 32 bytes: what is missing counts for nothing. */
function wholePrefix(prefix: Uint8Array): Uint8Array {
  const whole = new Uint8Array(32);
  whole.set(prefix.subarray(0, 32));
  return whole;
}

function setBit(bytes: Uint8Array, at: number, bit: number): void {
  const mask = 0x80 >> (at & 7);
  bytes[at >> 3] = bit === 1 ? (bytes[at >> 3] as number) | mask : (bytes[at >> 3] as number) & ~mask;
}
