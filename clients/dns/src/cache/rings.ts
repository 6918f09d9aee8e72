import { BIT_DEAD, ENTRY_HEADER_BYTES, type EntryBytes, entryBytes, HITS_SHIFT, WORD } from "./entry.ts";

const MAX_PROBES = 64;
const MAX_HITS = 3;
/** Hot entries given another round while making room for one; beyond it they go, so that storing takes bounded time. */
const MAX_SECOND_CHANCES = 64;

/** A part of the arena used as a queue of entries: written at `head`, emptied at `tail`. */
interface Ring {
  readonly base: number;
  readonly end: number;
  head: number;
  tail: number;
  /** Bytes between tail and head, skipped ends included. */
  used: number;
}

/** Fixed memory that holds entries and finds them by key. */
export interface Rings {
  readonly entry: EntryBytes;
  /** Bytes reserved: arena, index and ghost table. */
  readonly reservedBytes: number;
  readonly count: number;
  readonly evictions: number;
  /** Position of the live entry with this key, or -1. Counts as no use; see {@link Rings.touch}. */
  find(hash: number, key: Uint8Array, keyLength: number): number;
  /** Notes that the entry was used. */
  touch(pos: number): void;
  /** Copies an entry in, in place of an older one of the same key. Returns its position, or -1 if it can't be kept. */
  put(entry: EntryBytes): number;
  remove(pos: number): void;
  /** Calls `visit` with the position of each live entry, oldest first. */
  forEach(visit: (pos: number) => void): void;
  clear(): void;
}

/**
 * S3-FIFO (Yang et al., SOSP 2023) on two byte rings: a tenth of the space takes newcomers, the rest those asked for
 * again; what leaves the small ring unasked is remembered by hash only. A flood of random names so passes through the
 * small ring and leaves the large one alone. Entries are bytes in one buffer: no objects for the collector to walk, and
 * the bound is exact.
 */
export function createRings(bytes: number): Rings {
  const slotCount = 2 ** Math.ceil(Math.log2(Math.max(1024, bytes / 160)));
  const mask = slotCount - 1;
  const ghostMask = slotCount / 2 - 1;
  const arenaBytes = Math.max(64 * 1024, bytes - slotCount * 8 - (ghostMask + 1) * 4) & ~7;
  const smallBytes = Math.floor(arenaBytes / 10) & ~7;
  const entry = entryBytes(arenaBytes);
  const { bytes: arena, words } = entry;
  // Position / 8 + 1 of the entry, 0 for none; beside it the whole hash, so that most probes read no entry.
  const slots = new Uint32Array(slotCount);
  const tags = new Uint32Array(slotCount);
  const ghosts = new Uint32Array(ghostMask + 1);
  const small: Ring = { base: 0, end: smallBytes, head: 0, tail: 0, used: 0 };
  const main: Ring = { base: smallBytes, end: arenaBytes, head: smallBytes, tail: smallBytes, used: 0 };
  let count = 0;
  let evictions = 0;
  let chances = 0;
  // Where an entry waits while its ring moves on; the large ring may be emptied while one of the small ring waits.
  const spares = { small: entryBytes(4096), main: entryBytes(4096) };

  const findSlot = (hash: number, pos: number): number => {
    for (let slot = hash & mask, i = 0; i <= MAX_PROBES; slot = (slot + 1) & mask, i++)
      if (slots[slot] === pos / 8 + 1) return slot;
    return -1;
  };

  const unlink = (pos: number) => {
    const word = pos >>> 2;
    words[word + WORD.FLAGS] = (words[word + WORD.FLAGS] as number) | BIT_DEAD;
    let slot = findSlot(words[word + WORD.HASH] as number, pos);
    if (slot < 0) return;
    count--;
    // Backward shift: probe runs stay unbroken without tombstones.
    for (let next = (slot + 1) & mask; slots[next] !== 0; next = (next + 1) & mask) {
      const home = (tags[next] as number) & mask;
      if (((next - home) & mask) < ((next - slot) & mask)) continue;
      slots[slot] = slots[next] as number;
      tags[slot] = tags[next] as number;
      slot = next;
    }
    slots[slot] = 0;
  };

  const link = (hash: number, pos: number): boolean => {
    for (let slot = hash & mask, i = 0; i < MAX_PROBES; slot = (slot + 1) & mask, i++) {
      if (slots[slot] !== 0) continue;
      slots[slot] = pos / 8 + 1;
      tags[slot] = hash;
      count++;
      return true;
    }
    return false;
  };

  const fits = (ring: Ring, size: number): boolean => {
    if (ring.used === 0) {
      ring.head = ring.tail = ring.base;
      return size <= ring.end - ring.base;
    }
    if (ring.head > ring.tail) return ring.end - ring.head >= size || ring.tail - ring.base >= size;
    return ring.tail - ring.head >= size;
  };

  /** Copies `size` bytes to the head of a ring in which they fit. Returns the position. */
  const append = (ring: Ring, from: Uint8Array, size: number): number => {
    const left = ring.end - ring.head;
    if (ring.head >= ring.tail && left < size) {
      // Mark the rest as skipped: size 0 means "go on at the base".
      if (left >= 8) words[ring.head >>> 2] = 0;
      ring.used += left;
      ring.head = ring.base;
    }
    const pos = ring.head;
    arena.set(from.subarray(0, size), pos);
    ring.head += size;
    ring.used += size;
    if (ring.head === ring.end) ring.head = ring.base;
    return pos;
  };

  /** Takes the oldest entry off a ring; keeps it, in the large ring, if it was asked for since. */
  const evict = (ring: Ring) => {
    if (ring.used === 0) return;
    const left = ring.end - ring.tail;
    if (left === 0 || (ring.tail >= ring.head && words[ring.tail >>> 2] === 0)) {
      ring.used -= left;
      ring.tail = ring.base;
      return;
    }
    const pos = ring.tail;
    const word = pos >>> 2;
    const size = words[word + WORD.SIZE] as number;
    const flags = words[word + WORD.FLAGS] as number;
    const hash = words[word + WORD.HASH] as number;
    const hits = (flags >>> HITS_SHIFT) & MAX_HITS;
    const live = (flags & BIT_DEAD) === 0;
    if (live) unlink(pos);
    const place = ring === small ? "small" : "main";
    if (spares[place].bytes.length < size) spares[place] = entryBytes(size);
    const spare = spares[place];
    if (live && hits > 0) spare.bytes.set(arena.subarray(pos, pos + size));
    ring.tail += size;
    ring.used -= size;
    if (ring.tail === ring.end) ring.tail = ring.base;
    if (!live) return;
    if (hits > 0 && chances++ < MAX_SECOND_CHANCES) {
      if (ring === small) while (!fits(main, size) && main.used > 0) evict(main);
      if (fits(main, size)) {
        const left = ring === main ? hits - 1 : 0;
        spare.words[WORD.FLAGS] = (flags & ~(MAX_HITS << HITS_SHIFT)) | (left << HITS_SHIFT);
        link(hash, append(main, spare.bytes, size));
        return;
      }
    }
    evictions++;
    if (ring === small) ghosts[hash & ghostMask] = hash;
  };

  const makeRoom = (ring: Ring, size: number) => {
    while (!fits(ring, size) && ring.used > 0) evict(ring);
  };

  const find = (hash: number, key: Uint8Array, keyLength: number): number => {
    for (let slot = hash & mask, i = 0; i < MAX_PROBES; slot = (slot + 1) & mask, i++) {
      const value = slots[slot] as number;
      if (value === 0) return -1;
      if (tags[slot] !== hash) continue;
      const pos = (value - 1) * 8;
      if (((words[(pos >>> 2) + WORD.LENGTHS] as number) & 0xffff) !== keyLength) continue;
      let at = pos + ENTRY_HEADER_BYTES;
      let same = 0;
      while (same < keyLength && arena[at++] === key[same]) same++;
      if (same === keyLength) return pos;
    }
    return -1;
  };

  const visitRing = (ring: Ring, visit: (pos: number) => void) => {
    let at = ring.tail;
    for (let left = ring.used; left > 0; ) {
      const size = at === ring.end ? 0 : (words[at >>> 2] as number);
      if (size === 0 || at + size > ring.end) {
        left -= ring.end - at;
        at = ring.base;
        continue;
      }
      if (((words[(at >>> 2) + WORD.FLAGS] as number) & BIT_DEAD) === 0) visit(at);
      at += size;
      left -= size;
    }
  };

  return {
    entry,
    reservedBytes: arenaBytes + slotCount * 8 + (ghostMask + 1) * 4,
    get count() {
      return count;
    },
    get evictions() {
      return evictions;
    },
    find,
    touch(pos) {
      const word = (pos >>> 2) + WORD.FLAGS;
      const flags = words[word] as number;
      if (((flags >>> HITS_SHIFT) & MAX_HITS) < MAX_HITS) words[word] = flags + (1 << HITS_SHIFT);
    },
    put(given) {
      const size = given.bytes.length;
      const hash = given.words[WORD.HASH] as number;
      const keyLength = (given.words[WORD.LENGTHS] as number) & 0xffff;
      const key = given.bytes.subarray(ENTRY_HEADER_BYTES, ENTRY_HEADER_BYTES + keyLength);
      const old = find(hash, key, keyLength);
      const known = old >= small.end || ghosts[hash & ghostMask] === hash;
      if (old >= 0) unlink(old);
      const ring = known || size > (small.end - small.base) / 4 ? main : small;
      if (size > (ring.end - ring.base) / 4) return -1;
      chances = 0;
      // The index is sized for ordinary answers; very many tiny ones make room by count.
      while (count > slotCount * 0.75 && (small.used > 0 || main.used > 0))
        evict(small.used > 0 ? small : main);
      makeRoom(ring, size);
      const pos = append(ring, given.bytes, size);
      if (link(hash, pos)) return pos;
      words[(pos >>> 2) + WORD.FLAGS] = (words[(pos >>> 2) + WORD.FLAGS] as number) | BIT_DEAD;
      return -1;
    },
    remove: unlink,
    forEach(visit) {
      visitRing(small, visit);
      visitRing(main, visit);
    },
    clear() {
      slots.fill(0);
      ghosts.fill(0);
      for (const ring of [small, main]) {
        ring.head = ring.tail = ring.base;
        ring.used = 0;
      }
      count = 0;
    },
  };
}
