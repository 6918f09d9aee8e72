import { zstdCompressSync } from "node:zlib";
import { invalid } from "../rpc/errors.ts";
import type { Account } from "../svm/engine.ts";
import { addressText, toBase58 } from "../wire/base58.ts";
import { u64 } from "./numbers.ts";
import { type Lookup, parseAccount } from "./parsed-account.ts";

export type AccountEncoding = "binary" | "base58" | "base64" | "base64+zstd" | "jsonParsed";

export interface DataSlice {
  offset: number;
  length: number;
}

const ENCODINGS: readonly AccountEncoding[] = ["binary", "base58", "base64", "base64+zstd", "jsonParsed"];
/** Base58 takes quadratic time, so validators refuse it for more bytes than this. */
const BASE58_LIMIT = 128;

export function accountEncoding(value: unknown, fallback: AccountEncoding = "binary"): AccountEncoding {
  if (value === undefined || value === null) return fallback;
  const known = ENCODINGS.find((encoding) => encoding === value);
  if (known === undefined) throw invalid(`unknown encoding ${String(value)}`);
  return known;
}

export function dataSlice(value: unknown): DataSlice | null {
  if (value === undefined || value === null) return null;
  const { offset, length } = value as Partial<DataSlice>;
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length)) throw invalid("invalid dataSlice");
  return { offset: offset as number, length: length as number };
}

export interface UiAccount {
  lamports: number | object;
  data: unknown;
  owner: string;
  executable: boolean;
  rentEpoch: number | object;
  space: number;
}

/** An account as the RPC shows it. @throws RpcError -32602 for base58 of more than 128 bytes */
export function uiAccount(
  account: Account,
  encoding: AccountEncoding,
  slice: DataSlice | null,
  lookup: Lookup,
): UiAccount {
  const data = account.data();
  return {
    lamports: u64(account.lamports()),
    data: uiData(account, data, encoding, slice, lookup),
    owner: addressText(account.owner()),
    executable: account.executable(),
    rentEpoch: u64(0xffff_ffff_ffff_ffffn),
    space: data.length,
  };
}

function uiData(
  account: Account,
  data: Uint8Array,
  encoding: AccountEncoding,
  slice: DataSlice | null,
  lookup: Lookup,
): unknown {
  if (encoding === "jsonParsed") {
    const parsed = parseAccount(addressText(account.owner()), data, lookup);
    if (parsed !== null) return parsed;
  }
  const part = slice === null ? data : data.subarray(slice.offset, slice.offset + slice.length);
  switch (encoding) {
    case "binary":
      return base58(part);
    case "base58":
      return [base58(part), encoding];
    case "base64+zstd":
      return [zstdCompressSync(part).toString("base64"), encoding];
    default:
      return [Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString("base64"), "base64"];
  }
}

function base58(data: Uint8Array): string {
  if (data.length > BASE58_LIMIT) {
    throw invalid("Encoded binary (base 58) data should be less than 128 bytes, please use Base64 encoding.");
  }
  return toBase58(data);
}
