import { createHash } from "node:crypto";
import { concatBytes } from "@tolldns/sdk";
import { emptyHash, hashEntry, hashNode, isEmptyHash, type NamedEntry, sha256 } from "@tolldns/sdk/routes";
import fc from "fast-check";

// The map as docs/reference/routes.md has it, in the plainest words: the oracle of the real one.

const bit = (hash: Uint8Array, at: number) => ((hash[at >> 3] as number) >> (7 - (at % 8))) & 1;

/** Root of the subtree of these names at `level`. */
export function modelRoot(entries: readonly NamedEntry[], level = 0): Uint8Array {
  const [first] = entries;
  if (first === undefined) return emptyHash();
  if (entries.length === 1) return hashEntry(first.nameHash, first);
  const [left, right] = [0, 1].map((side) =>
    modelRoot(
      entries.filter(({ nameHash }) => bit(nameHash, level) === side),
      level + 1,
    ),
  ) as [Uint8Array, Uint8Array];
  if (isEmptyHash(left)) return right;
  return isEmptyHash(right) ? left : sha256(concatBytes(Uint8Array.of(1, level), left, right));
}

/** Root of a list as RFC 9162, section 2.1.1, defines it. */
export function modelListRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length <= 1) return leaves[0] ?? emptyHash();
  const split = 2 ** (Math.ceil(Math.log2(leaves.length)) - 1);
  return hashNode(sha256, modelListRoot(leaves.slice(0, split)), modelListRoot(leaves.slice(split)));
}

export const digest = (...parts: (string | Uint8Array)[]): Uint8Array =>
  new Uint8Array(
    createHash("sha256")
      .update(concatBytes(...parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part))))
      .digest(),
  );

/** A name hash: number `n` of a crowd of which a third part late, so that lone names, chains and neighbours all occur. */
export function nameOf(n: number): Uint8Array {
  const hash = digest("name", String(n));
  if (n % 3 === 0) hash.fill(0x6d, 0, 4 + (n % 9));
  return hash;
}

export const entryOf = (n: number, version = 1): NamedEntry => ({
  nameHash: nameOf(n),
  generation: 1 + (n % 2),
  version: BigInt(version),
  updateHash: digest("update", String(n), String(version)),
});

/** Sets of entries, each name once. */
export const entries = (most = 60): fc.Arbitrary<NamedEntry[]> =>
  fc
    .uniqueArray(fc.tuple(fc.nat(90), fc.integer({ min: 1, max: 9 })), {
      maxLength: most,
      selector: ([n]) => n,
    })
    .map((rows) => rows.map(([n, version]) => entryOf(n, version)));

/** Each single bit of `bytes` flipped, one after another. */
export function* flipped(bytes: Uint8Array): IterableIterator<Uint8Array> {
  for (let at = 0; at < 8 * bytes.length; at++)
    yield bytes.map((byte, i) => (i === at >> 3 ? byte ^ (1 << (at & 7)) : byte));
}
