import {
  type Address,
  type AddressLike,
  type DerivedAddress,
  deriveAddress,
  deriveTokenAccount,
  TOKEN_2022_PROGRAM,
  toAddress,
} from "../address.ts";
import { checkBytes } from "../bytes.ts";
import { u32 } from "../encode.ts";
import { hashName } from "./hash.ts";

/** Where the names program lives on one cluster. */
export interface NamesDeployment {
  /** Program id. */
  readonly names: Address;
  /** Mint of the Index Unit, and the token program that owns it. */
  readonly mint: Address;
  readonly tokenProgram: Address;
  /** Token account that prices and winning bids go to. */
  readonly treasury: Address;
}

/** Returns a deployment with all addresses as bytes. @throws address-invalid */
export function createNamesDeployment(
  parts: {
    readonly [Key in keyof NamesDeployment]: AddressLike;
  },
): NamesDeployment {
  return {
    names: toAddress(parts.names),
    mint: toAddress(parts.mint),
    tokenProgram: toAddress(parts.tokenProgram),
    treasury: toAddress(parts.treasury),
  };
}

const text = (value: string) => new TextEncoder().encode(value);
const number = (generation: number) => u32(generation, "generation");

/** NamesConfig: `["names"]`. */
export function deriveNamesConfig(names: AddressLike): DerivedAddress {
  return deriveAddress(names, [text("names")]);
}

/** Token account of all bids: `["auction-vault"]`. */
export function deriveAuctionVault(names: AddressLike): DerivedAddress {
  return deriveAddress(names, [text("auction-vault")]);
}

/** `["commitment", owner, hash]`. @throws address-invalid, bytes-length */
export function deriveCommitment(names: AddressLike, owner: AddressLike, hash: Uint8Array): DerivedAddress {
  return deriveAddress(names, [text("commitment"), toAddress(owner), checkBytes(hash, 32, "hash")]);
}

/** Name of a normalised label: `["name", name hash]`. @throws label-invalid, address-invalid */
export function deriveName(names: AddressLike, label: string): DerivedAddress {
  return deriveAddress(names, [text("name"), hashName(label)]);
}

/** NFT mint of a name's generation: `["nft", name hash, generation u32]`. @throws label-invalid, integer-range */
export function deriveNft(names: AddressLike, label: string, generation: number): DerivedAddress {
  return deriveAddress(names, [text("nft"), hashName(label), number(generation)]);
}

/** `["auction", name hash, generation u32]`. @throws label-invalid, integer-range */
export function deriveAuction(names: AddressLike, label: string, generation: number): DerivedAddress {
  return deriveAddress(names, [text("auction"), hashName(label), number(generation)]);
}

/** `["bid", auction, bidder]`. @throws address-invalid */
export function deriveBid(names: AddressLike, auction: AddressLike, bidder: AddressLike): DerivedAddress {
  return deriveAddress(names, [text("bid"), toAddress(auction), toAddress(bidder)]);
}

/** `["delegate", name, delegate]`. @throws label-invalid, address-invalid */
export function deriveDelegate(names: AddressLike, label: string, delegate: AddressLike): DerivedAddress {
  return deriveAddress(names, [text("delegate"), deriveName(names, label).address, toAddress(delegate)]);
}

/** `["passport", wallet]`. @throws address-invalid */
export function derivePassport(names: AddressLike, wallet: AddressLike): DerivedAddress {
  return deriveAddress(names, [text("passport"), toAddress(wallet)]);
}

/** `["passport-mint", wallet]`. @throws address-invalid */
export function derivePassportMint(names: AddressLike, wallet: AddressLike): DerivedAddress {
  return deriveAddress(names, [text("passport-mint"), toAddress(wallet)]);
}

/** A wallet's associated token account of a token minted by the program. @throws address-invalid */
export function deriveHolding(owner: AddressLike, mint: AddressLike): DerivedAddress {
  return deriveTokenAccount(owner, mint, TOKEN_2022_PROGRAM);
}
