import { fromBase58 } from "../wire/base58.ts";

function id(text: string): Uint8Array {
  const bytes = fromBase58(text, 32);
  if (bytes === null) throw new Error(`not an address: ${text}`);
  return bytes;
}

export const SYSTEM = "11111111111111111111111111111111";
export const TOKEN = "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA";
export const TOKEN_2022 = "TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb";
export const ATA = "ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL";
export const MEMO = "MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr";
export const MEMO_V1 = "Memo1UhkJRfHyvLMcVucJwxXeuD728EqVDDwQDxFMNo";
export const COMPUTE_BUDGET = "ComputeBudget111111111111111111111111111111";
export const ED25519 = "Ed25519SigVerify111111111111111111111111111";
export const SECP256K1 = "KeccakSecp256k11111111111111111111111111111";
export const SECP256R1 = "Secp256r1SigVerify1111111111111111111111111";
export const LOADER_V3 = "BPFLoaderUpgradeab1e11111111111111111111111";
export const LOOKUP_TABLE = "AddressLookupTab1e1111111111111111111111111";
export const SYSVAR_SLOT_HASHES = id("SysvarS1otHashes111111111111111111111111111");
export const SYSTEM_BYTES = id(SYSTEM);
export const SYSVAR_OWNER = id("Sysvar1111111111111111111111111111111111111");
/** Programs that are part of the runtime; each costs 3 000 compute units by default (SIMD-0170). */
export const BUILTINS: ReadonlySet<string> = new Set([
  SYSTEM,
  COMPUTE_BUDGET,
  LOADER_V3,
  "BPFLoader2111111111111111111111111111111111",
  "BPFLoader1111111111111111111111111111111111",
  "LoaderV411111111111111111111111111111111111",
  "Vote111111111111111111111111111111111111111",
  ED25519,
  SECP256K1,
]);
