import { type Address, type AddressLike, type DerivedAddress, deriveAddress, toAddress } from "../address.ts";
import { u64 } from "../encode.ts";

/** Where the quorum program and those it reads live on one cluster. */
export interface QuorumDeployment {
  /** Program ids. */
  readonly quorum: Address;
  readonly stake: Address;
  readonly names: Address;
}

/** Returns a deployment with all addresses as bytes. @throws address-invalid */
export function createQuorumDeployment(
  parts: {
    readonly [Key in keyof QuorumDeployment]: AddressLike;
  },
): QuorumDeployment {
  return {
    quorum: toAddress(parts.quorum),
    stake: toAddress(parts.stake),
    names: toAddress(parts.names),
  };
}

const text = (value: string) => new TextEncoder().encode(value);

/** QuorumConfig: `["quorum"]`. @throws address-invalid */
export function deriveQuorumConfig(quorum: AddressLike): DerivedAddress {
  return deriveAddress(quorum, [text("quorum")]);
}

/** `["epoch", number u64]`. @throws address-invalid, integer-range */
export function deriveEpoch(quorum: AddressLike, number: bigint): DerivedAddress {
  return deriveAddress(quorum, [text("epoch"), u64(number, "number")]);
}

/** The one address that may slash stake: `["slasher"]`. @throws address-invalid */
export function deriveSlasher(quorum: AddressLike): DerivedAddress {
  return deriveAddress(quorum, [text("slasher")]);
}
