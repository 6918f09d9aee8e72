import { toBase58 } from "../base58.ts";
import {
  bytesEqual,
  checkBytes,
  checkInteger,
  concatBytes,
  copyBytes,
  readU16,
  readU32,
  readU64,
  writeU16,
  writeU32,
  writeU64,
} from "../bytes.ts";
import { type VerifyEd25519, verifyEd25519 } from "../ed25519.ts";
import { isTollError } from "../errors.ts";
import { fail } from "./errors.ts";
import { hashTagged, type Sha256, sha256 } from "./hash.ts";
import { decodeMapProof, isWayOfBoth, type MapProof, rootOfMapProof } from "./proof.ts";
import { hashRecords, MAX_RECORDS_LENGTH, parseRecords, type RouteRecord } from "./records.ts";
import { hashUpdate, type RouteEntry, type RouteUpdate, updateSigningBytes } from "./update.ts";

/** What stands in evidence beside a proof that the name is there. */
export interface EvidenceRoute {
  readonly generation: number;
  readonly version: bigint;
  /** Unix seconds. */
  readonly expiresAt: bigint;
  /** 32 bytes. */
  readonly signer: Uint8Array;
  /** 64 bytes. */
  readonly signature: Uint8Array;
  /** Canonical wire form. */
  readonly records: Uint8Array;
}

/** What a client needs beside a root it trusts. */
export interface Evidence {
  readonly epoch: bigint;
  /** Encoded map proof. */
  readonly proof: Uint8Array;
  /** There if the proof is of the name itself. */
  readonly route?: EvidenceRoute;
}

/** What the evidence is held against. */
export interface Trust {
  /** The name asked for: its canonical wire name, of wireName. */
  readonly name: Uint8Array;
  /** Of hashDomain, 32 bytes. */
  readonly domain: Uint8Array;
  /** A final root, from the chain, and its epoch. */
  readonly epoch: bigint;
  readonly root: Uint8Array;
  /** Unix seconds. */
  readonly now: bigint;
  readonly verify?: VerifyEd25519;
  readonly hash?: Sha256;
}

/** What evidence shows. */
export type VerifiedRoute =
  | {
      readonly status: "present";
      readonly update: RouteUpdate;
      readonly updateHash: Uint8Array;
      readonly signer: Uint8Array;
      /** An empty set: the owner took the route away. */
      readonly records: readonly RouteRecord[];
      readonly proof: MapProof;
    }
  | { readonly status: "absent"; readonly proof: MapProof };

const VERSION = 1;
const AT_PROOF = 11;
/** Bytes of the route before its records. */
const ROUTE_HEAD = 4 + 8 + 8 + 32 + 64 + 2;

/** `0x01 | epoch u64 | proof length u16 | proof | [generation u32 | version u64 | expires_at u64 | signer | signature | records length u16 | records]`. @throws bytes-length, integer-range */
export function encodeEvidence({ epoch, proof, route }: Evidence): Uint8Array {
  const head = new Uint8Array(AT_PROOF);
  head[0] = VERSION;
  writeU64(head, 1, epoch, "epoch");
  writeU16(head, 9, proof.length, "proof length");
  if (route === undefined) return concatBytes(head, proof);
  const body = new Uint8Array(ROUTE_HEAD);
  writeU32(body, 0, route.generation, "generation");
  writeU64(body, 4, route.version, "version");
  writeU64(body, 12, route.expiresAt, "expiresAt");
  body.set(checkBytes(route.signer, 32, "signer"), 20);
  body.set(checkBytes(route.signature, 64, "signature"), 52);
  writeU16(body, 116, checkInteger(route.records.length, MAX_RECORDS_LENGTH, "records length"), "records");
  return concatBytes(head, proof, body, route.records);
}

/** Reads evidence; its proof and records are only looked at by verifyEvidence. @throws evidence-form */
export function decodeEvidence(bytes: Uint8Array): Evidence {
  const refuse = (reason: string) => fail("evidence-form", { reason });
  if (bytes[0] !== VERSION) throw refuse("another version");
  if (bytes.length < AT_PROOF) throw refuse("cut");
  const at = AT_PROOF + readU16(bytes, 9);
  if (bytes.length < at) throw refuse("cut");
  const epoch = readU64(bytes, 1);
  const proof = copyBytes(bytes, AT_PROOF, at);
  if (bytes.length === at) return { epoch, proof };
  if (bytes.length < at + ROUTE_HEAD) throw refuse("cut");
  const records = readU16(bytes, at + 116);
  if (records > MAX_RECORDS_LENGTH || bytes.length !== at + ROUTE_HEAD + records)
    throw refuse("not as long as it says");
  const route = {
    generation: readU32(bytes, at),
    version: readU64(bytes, at + 4),
    expiresAt: readU64(bytes, at + 12),
    signer: copyBytes(bytes, at + 20, at + 52),
    signature: copyBytes(bytes, at + 52, at + 116),
    records: copyBytes(bytes, at + ROUTE_HEAD),
  };
  return { epoch, proof, route };
}

/** Name hash of a canonical wire name, as hashName of `@tolldns/sdk/names` gives it for a label. */
export function hashWireName(name: Uint8Array, hash: Sha256 = sha256): Uint8Array {
  return hashTagged(hash, "tolldns name v1\0", name);
}

/**
 * Holds evidence against a root, in the order of docs/reference/routes.md, each check with its own error.
 * @throws evidence-form, evidence-epoch, evidence-name, evidence-records, evidence-root, evidence-signature, evidence-expired
 */
export function verifyEvidence(bytes: Uint8Array, trust: Trust): VerifiedRoute {
  const { name, domain, epoch, now, verify = verifyEd25519, hash = sha256 } = trust;
  const { proof, route } = checkForm(bytes, epoch);
  const nameHash = hashWireName(name, hash);
  checkPlace(proof, nameHash);
  if (route === undefined) {
    checkRoot(proof, nameHash, undefined, trust);
    return { status: "absent", proof };
  }
  const records = checkRecords(route.records, name);
  const { generation, version, expiresAt, signer, signature } = route;
  const update = { nameHash, generation, version, expiresAt, recordsHash: hashRecords(route.records, hash) };
  const updateHash = hashUpdate(update, domain, hash);
  checkRoot(proof, nameHash, { generation, version, updateHash }, trust);
  if (!verify(signer, updateSigningBytes(updateHash), signature))
    throw fail("evidence-signature", { signer: toBase58(signer) });
  if (now >= expiresAt) throw fail("evidence-expired", { expiresAt: String(expiresAt), now: String(now) });
  return { status: "present", update, updateHash, signer, records, proof };
}

function checkForm(bytes: Uint8Array, epoch: bigint): { proof: MapProof; route: EvidenceRoute | undefined } {
  const evidence = decodeEvidence(bytes);
  const { route } = evidence;
  let proof: MapProof;
  try {
    proof = decodeMapProof(evidence.proof);
  } catch (cause) {
    throw fail("evidence-form", { reason: "its proof is none" }, cause);
  }
  if ((proof.place.kind === "name") !== (route !== undefined))
    throw fail("evidence-form", {
      reason: "a route stands beside a proof of absence, or none beside one of presence",
    });
  if (route?.version === 0n) throw fail("evidence-form", { reason: "version 0" });
  if (evidence.epoch !== epoch)
    throw fail("evidence-epoch", { got: String(evidence.epoch), expected: String(epoch) });
  return { proof, route };
}

function checkPlace({ place, nodes }: MapProof, nameHash: Uint8Array): void {
  if (place.kind !== "other") return;
  if (bytesEqual(nameHash, place.nameHash))
    throw fail("evidence-name", { reason: "the leaf shown is the name's own" });
  if (!isWayOfBoth(nodes, nameHash, place.nameHash))
    throw fail("evidence-name", { reason: "the leaf shown is elsewhere" });
}

function checkRecords(records: Uint8Array, name: Uint8Array): RouteRecord[] {
  try {
    return parseRecords(records, name);
  } catch (cause) {
    if (isTollError(cause, "records-owner"))
      throw fail("evidence-name", { reason: "its records are of another name" }, cause);
    throw fail("evidence-records", { reason: cause instanceof Error ? cause.message : String(cause) }, cause);
  }
}

function checkRoot(
  proof: MapProof,
  nameHash: Uint8Array,
  entry: RouteEntry | undefined,
  { root, epoch, hash = sha256 }: Trust,
): void {
  const found = rootOfMapProof(proof, nameHash, entry, hash);
  if (found === undefined || !bytesEqual(found, root)) throw fail("evidence-root", { epoch: String(epoch) });
}
