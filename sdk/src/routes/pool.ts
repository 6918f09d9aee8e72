import { sharedBits } from "./proof.ts";
import { compareBytes } from "./receipt.ts";

// Nodes of the map in typed arrays: no object a node, so a million names are some two hundred megabytes outside of the garbage collector's way.
// A reference is a u32: 0 nothing, odd a leaf, even a node. Memory grows by pages, so that growing copies nothing.

/** Reference to what stands at a place of the map: nothing, a leaf or a node. */
export type Ref = number;
/** Nothing. */
export const NONE: Ref = 0;
/** Is this a leaf? */
export const isLeaf = (ref: Ref): boolean => (ref & 1) === 1;

const PAGE_BITS = 14;
const PAGE = 1 << PAGE_BITS;
const IN_PAGE = PAGE - 1;

/** Rows of `bytes` bytes and `words` u32 each, handed out and taken back. Row 0 is never handed out. */
class Rows {
  readonly #bytes: number;
  readonly #words: number;
  readonly #bytePages: Uint8Array[] = [];
  readonly #wordPages: Uint32Array[] = [];
  #next = 1;
  /** The first free row; each names the next in its first word. */
  #free = 0;
  #used = 0;

  constructor(bytes: number, words: number) {
    this.#bytes = bytes;
    this.#words = words;
  }

  get used(): number {
    return this.#used;
  }

  /** Bytes of memory held. */
  get held(): number {
    return this.#bytePages.length * PAGE * (this.#bytes + 4 * this.#words);
  }

  /** A row with all its words 0. Its bytes are whatever was there. */
  take(): number {
    this.#used++;
    let row = this.#free;
    if (row !== 0) this.#free = this.word(row, 0);
    else {
      row = this.#next++;
      if (row >> PAGE_BITS === this.#bytePages.length) {
        this.#bytePages.push(new Uint8Array(PAGE * this.#bytes));
        this.#wordPages.push(new Uint32Array(PAGE * this.#words));
      }
    }
    for (let i = 0; i < this.#words; i++) this.setWord(row, i, 0);
    return row;
  }

  giveBack(row: number): void {
    this.#used--;
    this.setWord(row, 0, this.#free);
    this.#free = row;
  }

  word(row: number, i: number): number {
    return (this.#wordPages[row >> PAGE_BITS] as Uint32Array)[(row & IN_PAGE) * this.#words + i] as number;
  }

  setWord(row: number, i: number, value: number): void {
    (this.#wordPages[row >> PAGE_BITS] as Uint32Array)[(row & IN_PAGE) * this.#words + i] = value;
  }

  /** The page a row's bytes are in. */
  page(row: number): Uint8Array {
    return this.#bytePages[row >> PAGE_BITS] as Uint8Array;
  }

  /** Where in its page a row's bytes begin. */
  start(row: number): number {
    return (row & IN_PAGE) * this.#bytes;
  }
}

/** Bytes of a leaf: its opening, then its hash. */
export const OPENING_LENGTH = 76;
const LEAF_BYTES = OPENING_LENGTH + 32;
// Words of a leaf: holders. Words of a node: left, right, names below, holders, level.
const LEAF_HOLDERS = 0;
const [LEFT, RIGHT, COUNT, NODE_HOLDERS, LEVEL] = [0, 1, 2, 3, 4];

/** Leaves and nodes of one or more maps that share them. Each counts who holds it, and is taken back with the last. */
export class NodePool {
  readonly #leaves = new Rows(LEAF_BYTES, 1);
  readonly #nodes = new Rows(32, 5);

  /** Leaves and nodes in use, and bytes of memory held for them and their like. */
  get usage(): { readonly leaves: number; readonly nodes: number; readonly bytes: number } {
    const bytes = this.#leaves.held + this.#nodes.held;
    return { leaves: this.#leaves.used, nodes: this.#nodes.used, bytes };
  }

  /** A leaf of this opening and hash, held once. */
  addLeaf(opening: Uint8Array, hash: Uint8Array): Ref {
    const row = this.#leaves.take();
    const start = this.#leaves.start(row);
    this.#leaves.page(row).set(opening, start);
    this.#leaves.page(row).set(hash, start + OPENING_LENGTH);
    this.#leaves.setWord(row, LEAF_HOLDERS, 1);
    return row * 2 + 1;
  }

  /** A node at `level` over two places, held once; it takes over what the caller held of them. Its hash is not set. */
  addNode(level: number, left: Ref, right: Ref): Ref {
    const row = this.#nodes.take();
    this.#nodes.setWord(row, LEFT, left);
    this.#nodes.setWord(row, RIGHT, right);
    this.#nodes.setWord(row, COUNT, this.count(left) + this.count(right));
    this.#nodes.setWord(row, NODE_HOLDERS, 1);
    this.#nodes.setWord(row, LEVEL, level);
    return row * 2;
  }

  /** The bit at which the names below a node part. */
  level(ref: Ref): number {
    return this.#nodes.word(ref >>> 1, LEVEL);
  }

  /** The half of a node: 0 left, 1 right. */
  child(ref: Ref, side: number): Ref {
    return this.#nodes.word(ref >>> 1, side);
  }

  /** Puts another half into a node that has one holder; what the caller held of `child` is the node's now, and the other way round. */
  setChild(ref: Ref, side: number, child: Ref): void {
    const row = ref >>> 1;
    this.#nodes.setWord(row, side, child);
    this.#nodes.setWord(row, COUNT, this.count(this.child(ref, 0)) + this.count(this.child(ref, 1)));
  }

  /** Names at and below a place. */
  count(ref: Ref): number {
    return ref === NONE ? 0 : isLeaf(ref) ? 1 : this.#nodes.word(ref >>> 1, COUNT);
  }

  isShared(ref: Ref): boolean {
    return this.#holders(ref) > 1;
  }

  /** One holder more. */
  hold(ref: Ref): Ref {
    if (ref !== NONE) this.#setHolders(ref, this.#holders(ref) + 1);
    return ref;
  }

  /** One holder less; without any the place is free, and its halves lose a holder. */
  release(ref: Ref): void {
    const waiting = [ref];
    for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
      if (one === NONE) continue;
      const holders = this.#holders(one) - 1;
      this.#setHolders(one, holders);
      if (holders > 0) continue;
      if (!isLeaf(one)) waiting.push(this.child(one, 0), this.child(one, 1));
      (isLeaf(one) ? this.#leaves : this.#nodes).giveBack(one >>> 1);
    }
  }

  /** Writes the hash of a place to `out`; nothing is zero bytes. */
  copyHash(ref: Ref, out: Uint8Array, at: number): void {
    if (ref === NONE) {
      out.fill(0, at, at + 32);
      return;
    }
    const rows = isLeaf(ref) ? this.#leaves : this.#nodes;
    const page = rows.page(ref >>> 1);
    const start = rows.start(ref >>> 1) + (isLeaf(ref) ? OPENING_LENGTH : 0);
    for (let i = 0; i < 32; i++) out[at + i] = page[start + i] as number;
  }

  setHash(ref: Ref, hash: Uint8Array): void {
    this.#nodes.page(ref >>> 1).set(hash, this.#nodes.start(ref >>> 1));
  }

  /** A leaf's opening, as a view that holds as long as the leaf. */
  opening(ref: Ref): Uint8Array {
    const start = this.#leaves.start(ref >>> 1);
    return this.#leaves.page(ref >>> 1).subarray(start, start + OPENING_LENGTH);
  }

  /** Bit `at` of a leaf's name hash, the most significant first. */
  nameBit(ref: Ref, at: number): number {
    const byte = this.#leaves.page(ref >>> 1)[this.#leaves.start(ref >>> 1) + (at >> 3)] as number;
    return (byte >> (7 - (at & 7))) & 1;
  }

  /** The first 48 bits of a leaf's name hash, to sort by. */
  sortKey(ref: Ref): number {
    const page = this.#leaves.page(ref >>> 1);
    const start = this.#leaves.start(ref >>> 1);
    let key = 0;
    for (let i = 0; i < 6; i++) key = key * 256 + (page[start + i] as number);
    return key;
  }

  /** Order of two leaves' name hashes. */
  compareNames(a: Ref, b: Ref): number {
    return compareBytes(this.opening(a).subarray(0, 32), this.opening(b).subarray(0, 32));
  }

  /** How many bits two leaves' name hashes begin with alike. */
  sharedBits(a: Ref, b: Ref): number {
    return sharedBits(this.opening(a), this.opening(b));
  }

  #holders(ref: Ref): number {
    return isLeaf(ref)
      ? this.#leaves.word(ref >>> 1, LEAF_HOLDERS)
      : this.#nodes.word(ref >>> 1, NODE_HOLDERS);
  }

  #setHolders(ref: Ref, holders: number): void {
    if (isLeaf(ref)) this.#leaves.setWord(ref >>> 1, LEAF_HOLDERS, holders);
    else this.#nodes.setWord(ref >>> 1, NODE_HOLDERS, holders);
  }
}
