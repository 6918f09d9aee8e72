/** What the builders of all programs have alike: how an instruction is put together, and the administration (`programs/common`). */
import { type Address, type AddressLike, toAddress } from "./address.ts";
import { u8 } from "./encode.ts";
import { type AccountMeta, type Instruction, signing, writable } from "./instruction.ts";

/** Makes the function that makes a program's instructions; `name`: what its id is called in a deployment. */
export function makerOf<Name extends string>(name: Name) {
  return (
    deployment: { readonly [N in Name]: Address },
    accounts: readonly AccountMeta[],
    data: Uint8Array,
  ): Instruction => ({ program: deployment[name], accounts, data });
}

/** Input of a builder that the authority signs. */
export interface ByAuthority<Deployment> {
  readonly deployment: Deployment;
  readonly authority: AddressLike;
}

/** What the administration needs of a program. */
export interface Administered<Deployment> {
  readonly make: (deployment: Deployment, accounts: readonly AccountMeta[], data: Uint8Array) => Instruction;
  /** Address of its configuration. */
  readonly config: (deployment: Deployment) => Address;
  readonly encode: (
    name: "proposeAuthority" | "acceptAuthority" | "setGuardian" | "setPaused",
    ...parts: readonly Uint8Array[]
  ) => Uint8Array;
}

/** Builders of the administration of one program. Each throws address-invalid. */
export interface Administration<Deployment> {
  /** Any change of the configuration that `signer` may make: the configuration, the signer, `more`. */
  administer(
    deployment: Deployment,
    signer: AddressLike,
    data: Uint8Array,
    more?: readonly AccountMeta[],
  ): Instruction;
  proposeAuthority(input: ByAuthority<Deployment> & { readonly newAuthority: AddressLike }): Instruction;
  acceptAuthority(input: {
    readonly deployment: Deployment;
    readonly pendingAuthority: AddressLike;
  }): Instruction;
  setGuardian(input: ByAuthority<Deployment> & { readonly guardian: AddressLike }): Instruction;
  setPaused(input: {
    readonly deployment: Deployment;
    readonly signer: AddressLike;
    readonly paused: boolean;
  }): Instruction;
}

/** Makes a program's builders of its administration. */
export function administrationOf<Deployment>({
  make,
  config,
  encode,
}: Administered<Deployment>): Administration<Deployment> {
  const administer: Administration<Deployment>["administer"] = (deployment, signer, data, more = []) =>
    make(deployment, [writable(config(deployment)), signing(signer), ...more], data);
  return {
    administer,
    proposeAuthority: ({ deployment, authority, newAuthority }) =>
      administer(deployment, authority, encode("proposeAuthority", toAddress(newAuthority))),
    acceptAuthority: ({ deployment, pendingAuthority }) =>
      administer(deployment, pendingAuthority, encode("acceptAuthority")),
    setGuardian: ({ deployment, authority, guardian }) =>
      administer(deployment, authority, encode("setGuardian", toAddress(guardian))),
    setPaused: ({ deployment, signer, paused }) =>
      administer(deployment, signer, encode("setPaused", u8(paused ? 1 : 0, "paused"))),
  };
}

/** Makes the builder of a program whose authority sets its terms; `encodeTerms`: the bytes after the discriminator. */
export function termsSetterOf<Deployment, Terms>(
  administer: Administration<Deployment>["administer"],
  encode: (name: "setTerms", ...parts: readonly Uint8Array[]) => Uint8Array,
  encodeTerms: (terms: Terms) => Uint8Array,
) {
  return (input: ByAuthority<Deployment> & { readonly terms: Terms }): Instruction =>
    administer(input.deployment, input.authority, encode("setTerms", encodeTerms(input.terms)));
}
