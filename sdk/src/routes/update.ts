import {
  bytesEqual,
  checkBytes,
  concatBytes,
  copyBytes,
  readU32,
  readU64,
  writeU32,
  writeU64,
} from "../bytes.ts";
import { type Signer, type VerifyEd25519, verifyEd25519 } from "../ed25519.ts";
import { fail } from "./errors.ts";
import { hashLeaf, hashTagged, type Sha256, sha256, tagBytes } from "./hash.ts";

/** Bytes of an update. */
export const UPDATE_LENGTH = 133;
/** Bytes of an update after tag and domain: what an instruction carries. */
export const UPDATE_BODY_LENGTH = 84;

/** What a name's route shall be from the next epoch on. */
export interface RouteUpdate {
  /** 32 bytes, of hashName. */
  readonly nameHash: Uint8Array;
  /** The name's registration it belongs to, u32. */
  readonly generation: number;
  /** At least 1 and above the last within the generation. */
  readonly version: bigint;
  /** Unix seconds; from then on the route is no answer. Not after the name's own. */
  readonly expiresAt: bigint;
  /** 32 bytes, of hashRecords. */
  readonly recordsHash: Uint8Array;
}

/** An update and who signed it. */
export interface SignedUpdate {
  readonly update: RouteUpdate;
  /** The name's authority or a delegate for routes, 32 bytes. */
  readonly signer: Uint8Array;
  /** Ed25519, 64 bytes. */
  readonly signature: Uint8Array;
}

/** What the map holds of a name. */
export interface RouteEntry {
  readonly generation: number;
  readonly version: bigint;
  /** 32 bytes. */
  readonly updateHash: Uint8Array;
}

/** A signed update with its records, as bodies and CAR blocks have it. */
export interface UpdateBody extends SignedUpdate {
  /** Canonical wire form, of canonicalizeRecords. */
  readonly records: Uint8Array;
}

const TAG = "tolldns route v1\0";
const AT_DOMAIN = TAG.length;
const AT_BODY = AT_DOMAIN + 32;

/** `name hash 32 | generation u32 | version u64 | expires_at u64 | records hash 32`. @throws bytes-length, integer-range, update-version */
export function encodeUpdateBody(update: RouteUpdate): Uint8Array {
  if (update.version === 0n) throw fail("update-version", { got: "0" });
  const out = new Uint8Array(UPDATE_BODY_LENGTH);
  out.set(checkBytes(update.nameHash, 32, "nameHash"));
  writeU32(out, 32, update.generation, "generation");
  writeU64(out, 36, update.version, "version");
  writeU64(out, 44, update.expiresAt, "expiresAt");
  out.set(checkBytes(update.recordsHash, 32, "recordsHash"), 52);
  return out;
}

/** `"tolldns route v1\0" | domain | body`, 133 bytes. @throws as encodeUpdateBody */
export function encodeUpdate(update: RouteUpdate, domain: Uint8Array): Uint8Array {
  return concatBytes(tagBytes(TAG), checkBytes(domain, 32, "domain"), encodeUpdateBody(update));
}

/** Reads an update of this domain. @throws update-form, update-domain, update-version */
export function decodeUpdate(bytes: Uint8Array, domain: Uint8Array): RouteUpdate {
  if (bytes.length !== UPDATE_LENGTH || !bytesEqual(bytes.subarray(0, AT_DOMAIN), tagBytes(TAG)))
    throw fail("update-form", { got: bytes.length });
  if (!bytesEqual(bytes.subarray(AT_DOMAIN, AT_BODY), domain)) throw fail("update-domain", {});
  const update = {
    nameHash: copyBytes(bytes, AT_BODY, AT_BODY + 32),
    generation: readU32(bytes, AT_BODY + 32),
    version: readU64(bytes, AT_BODY + 36),
    expiresAt: readU64(bytes, AT_BODY + 44),
    recordsHash: copyBytes(bytes, AT_BODY + 52),
  };
  if (update.version === 0n) throw fail("update-version", { got: "0" });
  return update;
}

/** `SHA-256(update)`. @throws as encodeUpdateBody */
export function hashUpdate(update: RouteUpdate, domain: Uint8Array, hash: Sha256 = sha256): Uint8Array {
  return hash(encodeUpdate(update, domain));
}

/** What the signer signs: `"tolldns route\0" | update hash`, 46 bytes. @throws bytes-length */
export function updateSigningBytes(updateHash: Uint8Array): Uint8Array {
  return concatBytes(tagBytes("tolldns route\0"), checkBytes(updateHash, 32, "updateHash"));
}

/** Signs an update for one cluster. @throws as encodeUpdateBody */
export function signUpdate(update: RouteUpdate, domain: Uint8Array, signer: Signer): SignedUpdate {
  const signature = signer.sign(updateSigningBytes(hashUpdate(update, domain)));
  return { update, signer: signer.publicKey, signature };
}

/** Is the update signed by the signer it names, for this cluster? Whether that one may sign, the chain tells. @throws as encodeUpdateBody */
export function verifyUpdate(
  signed: SignedUpdate,
  domain: Uint8Array,
  verify: VerifyEd25519 = verifyEd25519,
): boolean {
  return verify(signed.signer, updateSigningBytes(hashUpdate(signed.update, domain)), signed.signature);
}

/** `SHA-256("tolldns auth v1\0" | signer | signature)`. @throws bytes-length */
export function hashAuth(signer: Uint8Array, signature: Uint8Array, hash: Sha256 = sha256): Uint8Array {
  checkBytes(signer, 32, "signer");
  checkBytes(signature, 64, "signature");
  return hashTagged(hash, "tolldns auth v1\0", signer, signature);
}

/** What the map holds once the update is in it. */
export function entryOf(update: RouteUpdate, domain: Uint8Array, hash: Sha256 = sha256): RouteEntry {
  const { generation, version } = update;
  return { generation, version, updateHash: hashUpdate(update, domain, hash) };
}

/**
 * The highest version an update may have at this Unix second: its milliseconds. So whoever holds a name next can always go above what was
 * signed before.
 */
export function maxVersion(at: bigint): bigint {
  return at * 1_000n;
}

/** May `later` take the place of `entry`? Its registration is later, or the same and its version higher. */
export function isLater(later: RouteEntry | RouteUpdate, entry: RouteEntry | RouteUpdate): boolean {
  if (later.generation !== entry.generation) return later.generation > entry.generation;
  return later.version > entry.version;
}

/** `generation u32 | version u64 | update hash 32`: an entry in a leaf and in an opening. @throws bytes-length, integer-range */
export function encodeEntry(entry: RouteEntry): Uint8Array {
  const out = new Uint8Array(44);
  writeEntry(out, 0, entry);
  return out;
}

/** What encodeEntry gives, into `out` at `at`. @throws bytes-length, integer-range */
export function writeEntry(out: Uint8Array, at: number, entry: RouteEntry): void {
  writeU32(out, at, entry.generation, "generation");
  writeU64(out, at + 4, entry.version, "version");
  out.set(checkBytes(entry.updateHash, 32, "updateHash"), at + 12);
}

/** `leaf = SHA-256(0x00 | name hash | generation u32 | version u64 | update hash)`. @throws bytes-length, integer-range */
export function hashEntry(nameHash: Uint8Array, entry: RouteEntry, hash: Sha256 = sha256): Uint8Array {
  return hashLeaf(hash, checkBytes(nameHash, 32, "nameHash"), encodeEntry(entry));
}

/** `update | signer | signature | records`: the raw block of a CAR file and what bodies are sent as. @throws as encodeUpdateBody */
export function encodeBody(body: UpdateBody, domain: Uint8Array): Uint8Array {
  const { update, signer, signature, records } = body;
  return concatBytes(
    encodeUpdate(update, domain),
    checkBytes(signer, 32, "signer"),
    checkBytes(signature, 64, "signature"),
    records,
  );
}

/** Reads what encodeBody wrote. Whether the records are a record set and hash to the update's, the caller asks. @throws update-form, update-domain, update-version */
export function decodeBody(bytes: Uint8Array, domain: Uint8Array): UpdateBody {
  const AT_RECORDS = UPDATE_LENGTH + 96;
  if (bytes.length < AT_RECORDS) throw fail("update-form", { got: bytes.length });
  return {
    update: decodeUpdate(bytes.subarray(0, UPDATE_LENGTH), domain),
    signer: copyBytes(bytes, UPDATE_LENGTH, UPDATE_LENGTH + 32),
    signature: copyBytes(bytes, UPDATE_LENGTH + 32, AT_RECORDS),
    records: copyBytes(bytes, AT_RECORDS),
  };
}
