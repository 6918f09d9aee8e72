import { type AddressLike, deriveProgramData, SYSTEM_PROGRAM } from "../address.ts";
import { u8 } from "../encode.ts";
import { type Instruction, paying, readonly, signing, writable } from "../instruction.ts";
import type { NamesDeployment } from "./address.ts";
import { address, encode, encodeTerms, type NamesTerms } from "./data.ts";
import { config, type Deployed, make, vault } from "./parts.ts";

/** Creates NamesConfig and the auction vault, once; by the program's upgrade authority. @throws amount errors, integer-range, address-invalid */
export function initialize(
  input: Deployed & {
    readonly authority: AddressLike;
    readonly terms: NamesTerms;
    readonly guardian: AddressLike;
  },
): Instruction {
  const { deployment, authority, terms, guardian } = input;
  return make(
    deployment,
    [
      paying(authority),
      writable(config(deployment)),
      writable(vault(deployment)),
      readonly(deployment.mint),
      readonly(deployment.treasury),
      readonly(deriveProgramData(deployment.names).address),
      readonly(deployment.tokenProgram),
      readonly(SYSTEM_PROGRAM),
    ],
    encode("initialize", encodeTerms(terms), address(guardian)),
  );
}

const administer = (deployment: NamesDeployment, authority: AddressLike, data: Uint8Array): Instruction =>
  make(deployment, [writable(config(deployment)), signing(authority)], data);

/** Proposes the next authority; it must accept. @throws address-invalid */
export function proposeAuthority(
  input: Deployed & { readonly authority: AddressLike; readonly newAuthority: AddressLike },
): Instruction {
  return administer(
    input.deployment,
    input.authority,
    encode("proposeAuthority", address(input.newAuthority)),
  );
}

/** The proposed authority takes over. @throws address-invalid */
export function acceptAuthority(input: Deployed & { readonly pendingAuthority: AddressLike }): Instruction {
  return administer(input.deployment, input.pendingAuthority, encode("acceptAuthority"));
}

/** Names who may pause. @throws address-invalid */
export function setGuardian(
  input: Deployed & { readonly authority: AddressLike; readonly guardian: AddressLike },
): Instruction {
  return administer(input.deployment, input.authority, encode("setGuardian", address(input.guardian)));
}

/** Stops commitments, registrations and bids, or lets them in again. @throws address-invalid */
export function setPaused(
  input: Deployed & { readonly signer: AddressLike; readonly paused: boolean },
): Instruction {
  return administer(input.deployment, input.signer, encode("setPaused", u8(input.paused ? 1 : 0, "paused")));
}

/** Sets prices and times. @throws amount errors, integer-range, address-invalid */
export function setTerms(
  input: Deployed & { readonly authority: AddressLike; readonly terms: NamesTerms },
): Instruction {
  return administer(input.deployment, input.authority, encode("setTerms", encodeTerms(input.terms)));
}

/** Names the treasury's token account. @throws address-invalid */
export function setTreasury(
  input: Deployed & { readonly authority: AddressLike; readonly treasury: AddressLike },
): Instruction {
  const { deployment, authority, treasury } = input;
  const accounts = [writable(config(deployment)), signing(authority), readonly(treasury)];
  return make(deployment, accounts, encode("setTreasury"));
}
