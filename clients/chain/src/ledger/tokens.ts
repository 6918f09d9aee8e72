import type { Account, Engine } from "../svm/engine.ts";
import { TOKEN, TOKEN_2022 } from "../svm/ids.ts";
import { addressText } from "../wire/base58.ts";
import type { TokenBalance } from "./landed.ts";

/** Length of a token account, and of a mint, without Token-2022 extensions. */
export const TOKEN_ACCOUNT_SIZE = 165;
export const MINT_SIZE = 82;
/** Token-2022 writes the account's kind after the first 165 bytes: 1 a mint, 2 a token account. */
const KIND_AT = 165;

export interface TokenAccount {
  mint: Uint8Array;
  owner: Uint8Array;
  amount: bigint;
  delegate: Uint8Array | null;
  /** 1 initialised, 2 frozen. */
  state: number;
  /** Lamports reserved for rent, for wrapped SOL. */
  native: bigint | null;
  delegated: bigint;
  closeAuthority: Uint8Array | null;
}

export interface Mint {
  authority: Uint8Array | null;
  supply: bigint;
  decimals: number;
  freezeAuthority: Uint8Array | null;
}

export function isTokenProgram(owner: string): boolean {
  return owner === TOKEN || owner === TOKEN_2022;
}

function isKind(data: Uint8Array, size: number, kind: number): boolean {
  return data.length === size || (data.length > KIND_AT && data[KIND_AT] === kind);
}

function optional(data: Buffer, at: number): Uint8Array | null {
  return data.readUInt32LE(at) === 1 ? data.subarray(at + 4, at + 36) : null;
}

/** Reads an initialised token account; null for anything else. */
export function readTokenAccount(bytes: Uint8Array): TokenAccount | null {
  if (!isKind(bytes, TOKEN_ACCOUNT_SIZE, 2)) return null;
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const state = data[108] as number;
  if (state === 0) return null;
  return {
    mint: data.subarray(0, 32),
    owner: data.subarray(32, 64),
    amount: data.readBigUInt64LE(64),
    delegate: optional(data, 72),
    state,
    native: data.readUInt32LE(109) === 1 ? data.readBigUInt64LE(113) : null,
    delegated: data.readBigUInt64LE(121),
    closeAuthority: optional(data, 129),
  };
}

/** Reads an initialised mint; null for anything else. */
export function readMint(bytes: Uint8Array): Mint | null {
  if (!isKind(bytes, MINT_SIZE, 1)) return null;
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (data[45] !== 1) return null;
  return {
    authority: optional(data, 0),
    supply: data.readBigUInt64LE(36),
    decimals: data[44] as number,
    freezeAuthority: optional(data, 46),
  };
}

export function tokenBalance(engine: Engine, accountIndex: number, account: Account): TokenBalance | null {
  const programId = addressText(account.owner());
  if (!isTokenProgram(programId)) return null;
  const token = readTokenAccount(account.data());
  if (token === null) return null;
  const mint = engine.account(token.mint);
  const decimals = mint === null ? undefined : readMint(mint.data())?.decimals;
  if (decimals === undefined) return null;
  return {
    accountIndex,
    mint: addressText(token.mint),
    owner: addressText(token.owner),
    programId,
    amount: token.amount.toString(),
    decimals,
  };
}
