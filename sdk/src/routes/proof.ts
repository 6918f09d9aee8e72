import { bytesEqual, checkBytes, checkInteger, concatBytes, copyBytes, readU32, readU64 } from "../bytes.ts";
import { fail } from "./errors.ts";
import { emptyHash, hashMapNode, isEmptyHash, type Sha256, sha256 } from "./hash.ts";
import { encodeEntry, hashEntry, type RouteEntry } from "./update.ts";

/** A map of a million names has no proof above this, bytes. */
export const MAX_PROOF = 1_024;
const OPENING_LENGTH = 76;

/** What stands where a name belongs: the name itself; nothing, for the map is empty; or another name's leaf, which parts from it where no node of the way does. */
export type Place =
  | { readonly kind: "name" }
  | { readonly kind: "empty" }
  | { readonly kind: "other"; readonly nameHash: Uint8Array; readonly entry: RouteEntry };

/** A node on a name's way: at which bit of their hashes names part there, 0 to 255, and the half the name doesn't go to. */
export interface ProofNode {
  readonly level: number;
  /** 32 bytes. */
  readonly sibling: Uint8Array;
}

/** A proof in the map of routes. */
export interface MapProof {
  readonly place: Place;
  /** From the lowest upwards. */
  readonly nodes: readonly ProofNode[];
}

const KINDS = ["name", "empty", "other"] as const;
const NODE_LENGTH = 33;

/** `nodes u8 | kind u8 | [other 76] | (level u8 | sibling 32) * nodes`. @throws integer-range, bytes-length */
export function encodeMapProof({ place, nodes }: MapProof): Uint8Array {
  const count = checkInteger(nodes.length, 255, "nodes");
  const other = place.kind === "other" ? [place.nameHash, encodeEntry(place.entry)] : [];
  const parts = nodes.flatMap(({ level, sibling }) => [Uint8Array.of(level), sibling]);
  return concatBytes(Uint8Array.of(count, KINDS.indexOf(place.kind)), ...other, ...parts);
}

/**
 * Reads a proof in its one form. Siblings are views of `bytes`.
 * @throws proof-form for an unknown kind, cut or extended bytes, levels that don't fall, an empty sibling, or an empty place beside names
 */
export function decodeMapProof(bytes: Uint8Array): MapProof {
  const refuse = (reason: string) => fail("proof-form", { reason });
  const count = bytes[0];
  const kind = KINDS[bytes[1] ?? 3];
  if (count === undefined || kind === undefined) throw refuse("no such kind");
  const start = kind === "other" ? 2 + OPENING_LENGTH : 2;
  if (bytes.length !== start + count * NODE_LENGTH) throw refuse("not as long as it says");
  if (kind === "empty" && count > 0) throw refuse("an empty place beside names");
  const nodes = Array.from({ length: count }, (_, i): ProofNode => {
    const at = start + i * NODE_LENGTH;
    return { level: bytes[at] as number, sibling: bytes.subarray(at + 1, at + NODE_LENGTH) };
  });
  nodes.forEach(({ level, sibling }, i) => {
    if (i > 0 && level >= (nodes[i - 1] as ProofNode).level) throw refuse("levels that don't fall");
    if (isEmptyHash(sibling)) throw refuse("an empty sibling");
  });
  if (kind !== "other") return { place: { kind }, nodes };
  return { place: { kind, ...readOpening(bytes.subarray(2, start)) }, nodes };
}

/** `name hash | generation u32 | version u64 | update hash`: the opening of a leaf, 76 bytes. The caller has checked the length. */
export function readOpening(bytes: Uint8Array): { nameHash: Uint8Array; entry: RouteEntry } {
  return {
    nameHash: copyBytes(bytes, 0, 32),
    entry: {
      generation: readU32(bytes, 32),
      version: readU64(bytes, 36),
      updateHash: copyBytes(bytes, 44, OPENING_LENGTH),
    },
  };
}

/**
 * The root under which `entry` is the name's, or, with undefined, under which the name is not there.
 * Undefined if the proof is of the other kind, or its other leaf is not where this name belongs. @throws bytes-length, integer-range
 */
export function rootOfMapProof(
  proof: MapProof,
  nameHash: Uint8Array,
  entry: RouteEntry | undefined,
  hash: Sha256 = sha256,
): Uint8Array | undefined {
  const held = hashHeld(proof, nameHash, entry, hash);
  return held === undefined ? undefined : climb(nameHash, held, proof.nodes, hash);
}

/** The root as rootOfMapProof has it, and the root once the name's entry is `after`. Undefined as there. @throws bytes-length, integer-range */
export function rootsOfMapProof(
  proof: MapProof,
  nameHash: Uint8Array,
  before: RouteEntry | undefined,
  after: RouteEntry,
  hash: Sha256 = sha256,
): { readonly before: Uint8Array; readonly after: Uint8Array } | undefined {
  const { place, nodes } = proof;
  const held = hashHeld(proof, nameHash, before, hash);
  if (held === undefined) return undefined;
  const leaf = hashEntry(nameHash, after, hash);
  const root = climb(nameHash, held, nodes, hash);
  if (place.kind !== "other") return { before: root, after: climb(nameHash, leaf, nodes, hash) };
  // The name's leaf stands beside all that is below the bit at which it parts from the other.
  const parting = sharedBits(nameHash, place.nameHash);
  const below = nodes.filter(({ level }) => level > parting);
  const beside = climb(nameHash, held, below, hash);
  const joined = join(nameHash, parting, leaf, beside, hash);
  return { before: root, after: climb(nameHash, joined, nodes.slice(below.length), hash) };
}

/** How many bits two hashes of 32 bytes begin with alike. */
export function sharedBits(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < 32; i++) {
    const differ = (a[i] as number) ^ (b[i] as number);
    if (differ !== 0) return 8 * i + Math.clz32(differ) - 24;
  }
  return 256;
}

/** Bit `at` of a hash, the most significant first. */
export function bitAt(hash: Uint8Array, at: number): number {
  return ((hash[at >> 3] as number) >> (7 - (at & 7))) & 1;
}

/** Do two names go the same way at each of these nodes? */
export function isWayOfBoth(nodes: readonly ProofNode[], a: Uint8Array, b: Uint8Array): boolean {
  return nodes.every(({ level }) => bitAt(a, level) === bitAt(b, level));
}

function hashHeld(
  { place, nodes }: MapProof,
  nameHash: Uint8Array,
  entry: RouteEntry | undefined,
  hash: Sha256,
): Uint8Array | undefined {
  checkBytes(nameHash, 32, "nameHash");
  if (entry !== undefined) return place.kind === "name" ? hashEntry(nameHash, entry, hash) : undefined;
  if (place.kind === "empty") return emptyHash();
  if (place.kind === "name" || bytesEqual(nameHash, place.nameHash)) return undefined;
  if (!isWayOfBoth(nodes, nameHash, place.nameHash)) return undefined;
  return hashEntry(place.nameHash, place.entry, hash);
}

/** The hash over `from` and these nodes' other halves. */
function climb(
  nameHash: Uint8Array,
  from: Uint8Array,
  nodes: readonly ProofNode[],
  hash: Sha256,
): Uint8Array {
  return nodes.reduce((own, { level, sibling }) => join(nameHash, level, own, sibling, hash), from);
}

/** The node at `level` with `own` in the half where the name goes. */
function join(
  nameHash: Uint8Array,
  level: number,
  own: Uint8Array,
  beside: Uint8Array,
  hash: Sha256,
): Uint8Array {
  return bitAt(nameHash, level) === 0
    ? hashMapNode(hash, level, own, beside)
    : hashMapNode(hash, level, beside, own);
}
