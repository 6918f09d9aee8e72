import { bytesEqual, toHex } from "@tolldns/sdk";
import {
  hashMapNode,
  isEmptyHash,
  LEAVES_AT_ONCE,
  type NamedEntry,
  RouteMap,
  type SubtreeView,
  sha256,
} from "@tolldns/sdk/routes";
import { fail } from "./errors.ts";
import { readHash, readObject, readU64 } from "./submission.ts";

/** What was found, and what it took. */
export interface Difference {
  /** Leaves that `local` lacks or has otherwise. */
  readonly leaves: readonly NamedEntry[];
  /** `local` has names that the root does not: it was none of its earlier maps. */
  readonly excess: boolean;
  readonly requests: number;
}

/** Asks one feed for the view of a prefix under a root. */
export type AskView = (prefix: string, bits: number) => Promise<unknown>;

/** Requests under way at once. */
const ABREAST = 8;

/**
 * Finds the leaves in which `local` differs from the map of `root`, asking only below hashes that differ. Every answer is held against
 * the hash that the one above it gave, and the first against `root`, so a feed can't slip anything in.
 * @throws peer-lied, and what `ask` throws
 */
export async function findDifference(
  local: RouteMap,
  root: Uint8Array,
  url: string,
  ask: AskView,
): Promise<Difference> {
  const leaves: NamedEntry[] = [];
  let excess = false;
  let requests = 0;

  async function visit(
    prefix: string,
    expected: Uint8Array,
  ): Promise<{ prefix: string; hash: Uint8Array }[]> {
    const bits = prefix.length * 4;
    const bytes = bytesOf(prefix);
    requests++;
    const view = readView(await ask(prefix, bits), url);
    if ("leaves" in view) {
      checkLeaves(view.leaves, bytes, bits, expected, url);
      for (const leaf of view.leaves) {
        const held = local.get(leaf.nameHash);
        if (held === undefined || !sameEntry(held, leaf)) leaves.push(leaf);
      }
      const shown = new Set(view.leaves.map(({ nameHash }) => toHex(nameHash)));
      const mine = local.subtree(bytes, bits).count;
      const common = view.leaves.filter(({ nameHash }) => local.get(nameHash) !== undefined).length;
      if (mine > common || shown.size !== view.leaves.length) excess = true;
      return [];
    }
    if (!bytesEqual(hashChildren(view.children, bits), expected))
      throw fail("peer-lied", { url, what: `children of ${prefix}` });
    return view.children.flatMap((hash, nibble) => {
      const below = prefix + nibble.toString(16);
      const mine = local.subtree(bytesOf(below), bits + 4);
      if (bytesEqual(mine.hash, hash)) return [];
      if (isEmptyHash(hash)) {
        excess = true;
        return [];
      }
      return [{ prefix: below, hash }];
    });
  }

  if (bytesEqual(local.root, root)) return { leaves, excess, requests };
  if (isEmptyHash(root)) return { leaves, excess: true, requests };
  let waiting = [{ prefix: "", hash: root }];
  while (waiting.length > 0 && !excess) {
    const some = waiting.slice(0, ABREAST);
    const found = await Promise.all(some.map(({ prefix, hash }) => visit(prefix, hash)));
    // Depth first: what waits stays small.
    waiting = [...found.flat(), ...waiting.slice(ABREAST)];
  }
  return { leaves, excess, requests };
}

/** Bytes of a prefix in hex digits, filled up to 32. */
export function bytesOf(prefix: string): Uint8Array {
  return new Uint8Array(Buffer.from(prefix.padEnd(64, "0"), "hex"));
}

function sameEntry(a: Omit<NamedEntry, "nameHash">, b: Omit<NamedEntry, "nameHash">): boolean {
  return a.generation === b.generation && a.version === b.version && bytesEqual(a.updateHash, b.updateHash);
}

function checkLeaves(
  leaves: readonly NamedEntry[],
  prefix: Uint8Array,
  bits: number,
  expected: Uint8Array,
  url: string,
): void {
  const map = RouteMap.create(leaves);
  const below = map.subtree(prefix, bits);
  if (below.count !== leaves.length || !bytesEqual(below.hash, expected))
    throw fail("peer-lied", { url, what: `leaves of ${toHex(prefix).slice(0, bits / 4)}` });
}

/** The hash that these 16, four bits below `bits`, make: a node stands only where both halves have names. */
function hashChildren(children: readonly Uint8Array[], bits: number): Uint8Array {
  let row = children;
  for (let level = bits + 3; level >= bits; level--)
    row = Array.from({ length: row.length / 2 }, (_, i) => {
      const [left, right] = [row[2 * i] as Uint8Array, row[2 * i + 1] as Uint8Array];
      if (isEmptyHash(left)) return right;
      return isEmptyHash(right) ? left : hashMapNode(sha256, level, left, right);
    });
  return row[0] as Uint8Array;
}

/** @throws request-form, peer-lied */
function readView(value: unknown, url: string): SubtreeView {
  const json = readObject(value);
  const hash = readHash(json.hash, "hash");
  const count = Number(readU64(json.count, "count"));
  if (Array.isArray(json.children)) {
    if (json.children.length !== 16) throw fail("peer-lied", { url, what: "children" });
    return { hash, count, children: json.children.map((child) => readHash(child, "children")) };
  }
  if (!Array.isArray(json.leaves) || json.leaves.length > LEAVES_AT_ONCE)
    throw fail("peer-lied", { url, what: "leaves" });
  const leaves = json.leaves.map((leaf): NamedEntry => {
    const row = readObject(leaf);
    return {
      nameHash: readHash(row.nameHash, "nameHash"),
      generation: Number(readU64(row.generation, "generation")),
      version: readU64(row.version, "version"),
      updateHash: readHash(row.updateHash, "updateHash"),
    };
  });
  return { hash, count, leaves };
}
