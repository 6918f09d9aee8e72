import { checkBytes, concatBytes, copyBytes, readU32, readU64 } from "../bytes.ts";
import { fail } from "./errors.ts";
import { emptyHash, hashNode, isEmptyHash, type Sha256, sha256 } from "./hash.ts";
import { encodeEntry, hashEntry, type RouteEntry } from "./update.ts";

/** A map of a million names has no proof above this, bytes. */
export const MAX_PROOF = 1_024;
const OPENING_LENGTH = 76;

/** What stands where a name belongs: the name itself, nothing, or another name's leaf. */
export type Place =
  | { readonly kind: "name" }
  | { readonly kind: "empty" }
  | { readonly kind: "other"; readonly nameHash: Uint8Array; readonly entry: RouteEntry };

/** A proof in the map of routes. */
export interface MapProof {
  readonly place: Place;
  /** Beside each node on the way, from the place upwards; undefined where that half is empty. */
  readonly siblings: readonly (Uint8Array | undefined)[];
}

const KINDS = ["name", "empty", "other"] as const;

/** `depth u8 | kind u8 | [other 76] | bitmap | siblings`. @throws proof-form if deeper than 255, bytes-length */
export function encodeMapProof(proof: MapProof): Uint8Array {
  const { place, siblings } = proof;
  if (siblings.length > 255) throw fail("proof-form", { reason: "deeper than 255" });
  const bitmap = new Uint8Array(Math.ceil(siblings.length / 8));
  siblings.forEach((sibling, up) => {
    if (sibling !== undefined) bitmap[up >> 3] = (bitmap[up >> 3] as number) | (1 << (up & 7));
  });
  const other = place.kind === "other" ? [place.nameHash, encodeEntry(place.entry)] : [];
  const full = siblings.filter((sibling) => sibling !== undefined);
  return concatBytes(Uint8Array.of(siblings.length, KINDS.indexOf(place.kind)), ...other, bitmap, ...full);
}

/**
 * Reads a proof in its one form. Siblings are views of `bytes`.
 * @throws proof-form for an unknown kind, cut or extended bytes, stray bits, an empty sibling spelled out, or none beside the place
 */
export function decodeMapProof(bytes: Uint8Array): MapProof {
  const refuse = (reason: string) => fail("proof-form", { reason });
  const depth = bytes[0];
  const kind = KINDS[bytes[1] ?? 3];
  if (depth === undefined || kind === undefined) throw refuse("no such kind");
  const atBitmap = kind === "other" ? 2 + OPENING_LENGTH : 2;
  let at = atBitmap + Math.ceil(depth / 8);
  if (bytes.length < at) throw refuse("cut");
  const siblings: (Uint8Array | undefined)[] = [];
  for (let up = 0; up < Math.ceil(depth / 8) * 8; up++) {
    const isSet = (((bytes[atBitmap + (up >> 3)] as number) >> (up & 7)) & 1) === 1;
    if (isSet && up >= depth) throw refuse("stray bits");
    if (up >= depth) continue;
    if (isSet && bytes.length < at + 32) throw refuse("cut");
    siblings.push(isSet ? bytes.subarray(at, at + 32) : undefined);
    if (isSet) at += 32;
  }
  if (bytes.length !== at) throw refuse("extended");
  // Above a place are at least two names, so what is beside it is not empty.
  if (depth > 0 && siblings[0] === undefined) throw refuse("nothing beside the place");
  if (siblings.some((sibling) => sibling !== undefined && isEmptyHash(sibling)))
    throw refuse("an empty sibling spelled out");
  if (kind !== "other") return { place: { kind }, siblings };
  return { place: { kind, ...readOpening(bytes.subarray(2, atBitmap)) }, siblings };
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
  return held === undefined ? undefined : climb(proof.siblings, nameHash, held, hash);
}

/** The root as rootOfMapProof has it, and the root once the name's entry is `after`. Undefined as there. @throws bytes-length, integer-range */
export function rootsOfMapProof(
  proof: MapProof,
  nameHash: Uint8Array,
  before: RouteEntry | undefined,
  after: RouteEntry,
  hash: Sha256 = sha256,
): { readonly before: Uint8Array; readonly after: Uint8Array } | undefined {
  const { place, siblings } = proof;
  const held = hashHeld(proof, nameHash, before, hash);
  if (held === undefined) return undefined;
  let set = hashEntry(nameHash, after, hash);
  if (place.kind === "other") {
    // Beside another's leaf it goes down to where the two part.
    const parting = sharedBits(nameHash, place.nameHash);
    set = join(nameHash, parting, set, held, hash);
    for (let level = parting - 1; level >= siblings.length; level--)
      set = join(nameHash, level, set, undefined, hash);
  }
  return { before: climb(siblings, nameHash, held, hash), after: climb(siblings, nameHash, set, hash) };
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

function hashHeld(
  { place, siblings }: MapProof,
  nameHash: Uint8Array,
  entry: RouteEntry | undefined,
  hash: Sha256,
): Uint8Array | undefined {
  checkBytes(nameHash, 32, "nameHash");
  if (entry !== undefined) return place.kind === "name" ? hashEntry(nameHash, entry, hash) : undefined;
  if (place.kind === "empty") return emptyHash();
  if (place.kind === "name") return undefined;
  const shared = sharedBits(nameHash, place.nameHash);
  return shared >= siblings.length && shared < 256 ? hashEntry(place.nameHash, place.entry, hash) : undefined;
}

function climb(
  siblings: readonly (Uint8Array | undefined)[],
  nameHash: Uint8Array,
  from: Uint8Array,
  hash: Sha256,
): Uint8Array {
  return siblings.reduce<Uint8Array>(
    (own, sibling, up) => join(nameHash, siblings.length - 1 - up, own, sibling, hash),
    from,
  );
}

const NOTHING = /* #__PURE__ */ emptyHash();

/** The node at `level` whose half towards the name is `own`. */
function join(
  nameHash: Uint8Array,
  level: number,
  own: Uint8Array,
  beside: Uint8Array | undefined,
  hash: Sha256,
): Uint8Array {
  const other = beside ?? NOTHING;
  return bitAt(nameHash, level) === 0 ? hashNode(hash, own, other) : hashNode(hash, other, own);
}
