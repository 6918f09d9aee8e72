import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { fromBase58, toBase58 } from "./base58.ts";
import { checkInteger, concatBytes } from "./bytes.ts";
import { type ErrorTable, errorsOf } from "./errors.ts";

/** A Solana address, 32 bytes. */
export type Address = Uint8Array;

/** What is accepted where an address is asked for: bytes, base58, or anything with `toBytes()` such as a web3.js PublicKey. */
export type AddressLike = Uint8Array | string | { toBytes(): Uint8Array };

/** A program-derived address and the bump that takes it off the curve. */
export interface DerivedAddress {
  readonly address: Address;
  readonly bump: number;
}

/** Where TollDNS lives on one cluster. Everything else follows from this. */
export interface Deployment {
  /** Program id of the escrow. */
  readonly escrow: Address;
  /** Mint of the Index Unit. */
  readonly mint: Address;
  /** SPL Token or Token-2022, whichever owns the mint. */
  readonly tokenProgram: Address;
  /** Genesis hash of the cluster, 32 bytes; part of every ledger's address. */
  readonly genesisHash: Uint8Array;
}

/** Context of each address error. */
export interface AddressErrors {
  "address-invalid": { got: string };
  "address-no-bump": { seeds: number };
  "address-genesis": { expected: string; got: string };
}

/** Address errors, 180-189. */
export const ADDRESS_ERRORS: ErrorTable<AddressErrors> = {
  "address-invalid": {
    number: 180,
    message: "not an address",
    hint: "Pass 32 bytes, their base58, or a PublicKey.",
  },
  "address-no-bump": {
    number: 181,
    message: "no bump takes these seeds off the curve",
    hint: "Use other seeds; this practically never happens.",
  },
  "address-genesis": {
    number: 182,
    message: "the chain is another cluster than the deployment names",
    hint: "Point the RPC address or the deployment at the right cluster.",
  },
};

const fail = /* #__PURE__ */ errorsOf(ADDRESS_ERRORS);

const text = (value: string) => new TextEncoder().encode(value);

/** System program. */
export const SYSTEM_PROGRAM = "11111111111111111111111111111111";
/** SPL Token. */
export const TOKEN_PROGRAM = "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA";
/** Token-2022. */
export const TOKEN_2022_PROGRAM = "TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb";
/** Associated token accounts. */
export const ASSOCIATED_TOKEN_PROGRAM = "ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL";
/** Upgradeable BPF loader. */
export const UPGRADEABLE_LOADER = "BPFLoaderUpgradeab1e11111111111111111111111";
/** Compute budget program. */
export const COMPUTE_BUDGET_PROGRAM = "ComputeBudget111111111111111111111111111111";

/** The 32 bytes of an address. Bytes pass through without a copy. @throws address-invalid */
export function toAddress(value: AddressLike): Address {
  let bytes: Uint8Array | undefined;
  if (value instanceof Uint8Array) bytes = value;
  else if (typeof value === "string") bytes = decodeOrNothing(value);
  else if (typeof value?.toBytes === "function") bytes = value.toBytes();
  if (bytes?.length !== 32) throw fail("address-invalid", { got: String(value).slice(0, 64) });
  return bytes;
}

function decodeOrNothing(value: string): Uint8Array | undefined {
  try {
    return fromBase58(value);
  } catch {
    return undefined;
  }
}

/** Address as people read it. @throws address-invalid */
export function formatAddress(value: AddressLike): string {
  return toBase58(toAddress(value));
}

/**
 * Derives a program address as Solana does: the highest bump for which
 * SHA-256(seeds, bump, program, "ProgramDerivedAddress") is no point of the curve.
 * @throws address-no-bump, address-invalid
 */
export function deriveAddress(program: AddressLike, seeds: readonly Uint8Array[]): DerivedAddress {
  const tail = concatBytes(toAddress(program), text("ProgramDerivedAddress"));
  const head = concatBytes(...seeds);
  for (let bump = 255; bump >= 0; bump--) {
    const address = sha256(concatBytes(head, Uint8Array.of(bump), tail));
    if (!isOnCurve(address)) return { address, bump };
  }
  throw fail("address-no-bump", { seeds: seeds.length });
}

/** Is this a point of edwards25519? Decoded as the runtime does, so non-canonical encodings count. */
export function isOnCurve(bytes: Uint8Array): boolean {
  try {
    // The runtime's decoder reduces y and ignores negative zero, which is what ZIP 215 asks as well.
    ed25519.Point.fromBytes(bytes, true);
    return true;
  } catch {
    return false;
  }
}

/** Config account: seeds `["config"]`. */
export function deriveConfig(escrow: AddressLike): DerivedAddress {
  return deriveAddress(escrow, [text("config")]);
}

/** Vault token account: seeds `["vault"]`. */
export function deriveVault(escrow: AddressLike): DerivedAddress {
  return deriveAddress(escrow, [text("vault")]);
}

/** Balance of an owner: seeds `["balance", owner]`. */
export function deriveBalance(escrow: AddressLike, owner: AddressLike): DerivedAddress {
  return deriveAddress(escrow, [text("balance"), toAddress(owner)]);
}

/** Ledger of an operator: seeds `["ledger", genesis hash, operator, index u16]`. @throws integer-range, address-invalid */
export function deriveLedger(
  escrow: AddressLike,
  genesisHash: AddressLike,
  operator: AddressLike,
  index: number,
): DerivedAddress {
  checkInteger(index, 0xffff, "index");
  const indexBytes = Uint8Array.of(index & 0xff, index >>> 8);
  return deriveAddress(escrow, [text("ledger"), toAddress(genesisHash), toAddress(operator), indexBytes]);
}

/** Associated token account of `owner` for `mint`. */
export function deriveTokenAccount(
  owner: AddressLike,
  mint: AddressLike,
  tokenProgram: AddressLike,
): DerivedAddress {
  return deriveAddress(ASSOCIATED_TOKEN_PROGRAM, [
    toAddress(owner),
    toAddress(tokenProgram),
    toAddress(mint),
  ]);
}

/** Account that holds an upgradeable program's code and its upgrade authority. */
export function deriveProgramData(program: AddressLike): DerivedAddress {
  return deriveAddress(UPGRADEABLE_LOADER, [toAddress(program)]);
}

/** Returns a deployment with all addresses as bytes. @throws address-invalid */
export function createDeployment(parts: { readonly [Key in keyof Deployment]: AddressLike }): Deployment {
  return {
    escrow: toAddress(parts.escrow),
    mint: toAddress(parts.mint),
    tokenProgram: toAddress(parts.tokenProgram),
    genesisHash: toAddress(parts.genesisHash),
  };
}

/** Throws unless the chain's genesis hash (as RPC answers it, base58) is the deployment's. @throws address-genesis, address-invalid */
export function checkGenesis(deployment: Deployment, genesisHash: AddressLike): void {
  const expected = formatAddress(deployment.genesisHash);
  const got = formatAddress(genesisHash);
  if (expected !== got) throw fail("address-genesis", { expected, got });
}
