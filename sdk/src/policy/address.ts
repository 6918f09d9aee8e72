import { type Address, type AddressLike, type DerivedAddress, deriveAddress, toAddress } from "../address.ts";
import { checkBytes } from "../bytes.ts";
import { u64 } from "../encode.ts";

/** Where the policy program and the one it reads live on one cluster. */
export interface PolicyDeployment {
  /** Program ids. */
  readonly policy: Address;
  readonly stake: Address;
}

/** Returns a deployment with all addresses as bytes. @throws address-invalid */
export function createPolicyDeployment(
  parts: { readonly [Key in keyof PolicyDeployment]: AddressLike },
): PolicyDeployment {
  return { policy: toAddress(parts.policy), stake: toAddress(parts.stake) };
}

const text = (value: string) => new TextEncoder().encode(value);

/** PolicyConfig: `["policy"]`. @throws address-invalid */
export function derivePolicyConfig(policy: AddressLike): DerivedAddress {
  return deriveAddress(policy, [text("policy")]);
}

/** `["roster", number u64]`; the first is 1. @throws address-invalid, integer-range */
export function deriveRoster(policy: AddressLike, number: bigint): DerivedAddress {
  return deriveAddress(policy, [text("roster"), u64(number, "number")]);
}

/** `["verifier", operator]`, where `operator` is the stake program's account. It is there only once the operator was struck. @throws address-invalid */
export function deriveVerifier(policy: AddressLike, operator: AddressLike): DerivedAddress {
  return deriveAddress(policy, [text("verifier"), toAddress(operator)]);
}

/** `["target", id]`; `id`: 32 bytes, of hashTarget. @throws address-invalid, bytes-length */
export function deriveTarget(policy: AddressLike, id: Uint8Array): DerivedAddress {
  return deriveAddress(policy, [text("target"), checkBytes(id, 32, "id")]);
}

/** `["round", id, begin u64]`; `begin`: of the window, Unix seconds. @throws address-invalid, bytes-length, integer-range */
export function deriveRound(policy: AddressLike, id: Uint8Array, begin: bigint): DerivedAddress {
  return deriveAddress(policy, [text("round"), checkBytes(id, 32, "id"), u64(begin, "begin")]);
}
