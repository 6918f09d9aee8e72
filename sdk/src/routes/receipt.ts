import { type AddressLike, toAddress } from "../address.ts";
import { checkBytes, concatBytes, copyBytes, readU64, writeU32, writeU64 } from "../bytes.ts";
import { type Signer, type VerifyEd25519, verifyEd25519 } from "../ed25519.ts";
import { fail } from "./errors.ts";
import { hashLeaf, type Sha256, sha256, tagBytes } from "./hash.ts";
import { createList, type MerkleList } from "./list-tree.ts";

/** Bytes of a receipt. */
export const RECEIPT_LENGTH = 48;

/** That an update was there, and no word about who asked. */
export interface Receipt {
  readonly epoch: bigint;
  /** 32 bytes. */
  readonly updateHash: Uint8Array;
  /** Unix seconds; written cut down to whole minutes. */
  readonly seenAt: bigint;
}

/** Receipts of one epoch as a witness signs them. */
export interface ReceiptBatch {
  /** Encoded, sorted by their bytes, each once. */
  readonly receipts: readonly Uint8Array[];
  readonly list: MerkleList;
}

/** What a witness's signature over a batch says. */
export interface BatchClaim {
  readonly domain: Uint8Array;
  readonly witness: AddressLike;
  readonly epoch: bigint;
  readonly count: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
}

/** `epoch u64 | update hash 32 | seen_at u64`, the time cut down to whole minutes. @throws integer-range, bytes-length */
export function encodeReceipt(receipt: Receipt): Uint8Array {
  const out = new Uint8Array(RECEIPT_LENGTH);
  writeU64(out, 0, receipt.epoch, "epoch");
  out.set(checkBytes(receipt.updateHash, 32, "updateHash"), 8);
  writeU64(out, 40, receipt.seenAt - (receipt.seenAt % 60n), "seenAt");
  return out;
}

/** Reads what encodeReceipt wrote. @throws bytes-length */
export function decodeReceipt(bytes: Uint8Array): Receipt {
  checkBytes(bytes, RECEIPT_LENGTH, "receipt");
  return { epoch: readU64(bytes, 0), updateHash: copyBytes(bytes, 8, 40), seenAt: readU64(bytes, 40) };
}

/** The batch of these receipts, whatever their order: the same everywhere. @throws list-size and as encodeReceipt */
export function batchReceipts(receipts: readonly Receipt[], hash: Sha256 = sha256): ReceiptBatch {
  const sorted = receipts.map(encodeReceipt).sort(compareBytes);
  const each = sorted.filter((bytes, i) => i === 0 || compareBytes(bytes, sorted[i - 1] as Uint8Array) !== 0);
  return {
    receipts: each,
    list: createList(
      each.map((bytes) => hashLeaf(hash, bytes)),
      hash,
    ),
  };
}

/** What a witness signs over a batch: `"tolldns receipt\0" | SHA-256(domain | witness | epoch u64 | count u32 | root)`. @throws bytes-length, integer-range */
export function receiptSigningBytes(claim: BatchClaim, hash: Sha256 = sha256): Uint8Array {
  const numbers = new Uint8Array(12);
  writeU64(numbers, 0, claim.epoch, "epoch");
  writeU32(numbers, 8, claim.count, "count");
  const domain = checkBytes(claim.domain, 32, "domain");
  const root = checkBytes(claim.root, 32, "root");
  const digest = hash(concatBytes(domain, toAddress(claim.witness), numbers, root));
  return concatBytes(tagBytes("tolldns receipt\0"), digest);
}

/** A witness's signature over its batch, 64 bytes. @throws list-index if the batch is empty, and as receiptSigningBytes */
export function signReceipts(
  batch: ReceiptBatch,
  at: { readonly domain: Uint8Array; readonly epoch: bigint },
  witness: Signer,
): Uint8Array {
  if (batch.list.size === 0) throw fail("list-index", { index: 0, size: 0 });
  const { size: count, root } = batch.list;
  return witness.sign(receiptSigningBytes({ ...at, witness: witness.publicKey, count, root }));
}

/** Did the witness sign this batch? @throws as receiptSigningBytes */
export function verifyReceipts(
  claim: BatchClaim,
  signature: Uint8Array,
  verify: VerifyEd25519 = verifyEd25519,
): boolean {
  return verify(toAddress(claim.witness), receiptSigningBytes(claim), signature);
}

/** Order of bytes: as numbers, the shorter first where one begins with the other. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return (a[i] as number) - (b[i] as number);
  return a.length - b.length;
}
