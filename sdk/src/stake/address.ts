import { type Address, type AddressLike, type DerivedAddress, deriveAddress, toAddress } from "../address.ts";
import { u16, u32 } from "../encode.ts";

/** Where the stake program lives on one cluster. */
export interface StakeDeployment {
  /** Program id. */
  readonly stake: Address;
  /** Mint of the native token, and the token program that owns it. */
  readonly mint: Address;
  readonly tokenProgram: Address;
  /** Token account that slashed tokens go to, as far as they are not burned. */
  readonly treasury: Address;
}

/** Returns a deployment with all addresses as bytes. @throws address-invalid */
export function createStakeDeployment(
  parts: { readonly [Key in keyof StakeDeployment]: AddressLike },
): StakeDeployment {
  return {
    stake: toAddress(parts.stake),
    mint: toAddress(parts.mint),
    tokenProgram: toAddress(parts.tokenProgram),
    treasury: toAddress(parts.treasury),
  };
}

const text = (value: string) => new TextEncoder().encode(value);

/** StakeConfig: `["stake"]`. */
export function deriveStakeConfig(stake: AddressLike): DerivedAddress {
  return deriveAddress(stake, [text("stake")]);
}

/** StakeTree: `["tree"]`. */
export function deriveStakeTree(stake: AddressLike): DerivedAddress {
  return deriveAddress(stake, [text("tree")]);
}

/** Token account of all stake: `["stake-vault"]`. */
export function deriveStakeVault(stake: AddressLike): DerivedAddress {
  return deriveAddress(stake, [text("stake-vault")]);
}

/** `["operator", owner]`. @throws address-invalid */
export function deriveOperator(stake: AddressLike, owner: AddressLike): DerivedAddress {
  return deriveAddress(stake, [text("operator"), toAddress(owner)]);
}

/** `["node", operator, number u16]`. @throws address-invalid, integer-range */
export function deriveNode(stake: AddressLike, operator: AddressLike, number: number): DerivedAddress {
  return deriveAddress(stake, [text("node"), toAddress(operator), u16(number, "number")]);
}

/** `["position", operator, staker]`. @throws address-invalid */
export function derivePosition(
  stake: AddressLike,
  operator: AddressLike,
  staker: AddressLike,
): DerivedAddress {
  return deriveAddress(stake, [text("position"), toAddress(operator), toAddress(staker)]);
}

/** `["exit", position, number u32]`. @throws address-invalid, integer-range */
export function deriveExit(stake: AddressLike, position: AddressLike, number: number): DerivedAddress {
  return deriveAddress(stake, [text("exit"), toAddress(position), u32(number, "number")]);
}
