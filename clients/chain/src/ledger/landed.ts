import type { TransactionErrorJson } from "../svm/errors.ts";

/** A token account's balance before or after a transaction, as `meta` shows it. */
export interface TokenBalance {
  accountIndex: number;
  mint: string;
  owner: string;
  programId: string;
  amount: string;
  decimals: number;
}

/** What is kept of a landed transaction besides its bytes; plain JSON. Amounts are decimal strings of lamports. */
export interface LandedMeta {
  error: TransactionErrorJson | null;
  fee: string;
  units: number;
  logs: string[];
  pre: string[];
  post: string[];
  preTokens: TokenBalance[];
  postTokens: TokenBalance[];
  /** `[programIndex, accounts, data (base64), stackHeight]` of each call, by instruction. */
  inner: [number, number[], string, number][][];
  /** Addresses that came from lookup tables, base58. */
  loaded: { writable: string[]; readonly: string[] };
  returnData: { program: string; data: string } | null;
}

/** A transaction that is in a block. */
export interface Landed {
  /** The first signature: base58 and as bytes. */
  signature: string;
  key: string;
  slot: number;
  /** Place in its block. */
  index: number;
  /** Unix seconds of its block. */
  time: number;
  bytes: Uint8Array;
  /** Keys of `keyOf` for every account it names, static ones first. */
  accounts: string[];
  /** Which of them it could write. */
  writable: boolean[];
  meta: LandedMeta;
  /** Running number in the log; it may be shown once the log is on disk up to here. */
  sequence: number;
}
