import { type AddressLike, deriveProgramData, SYSTEM_PROGRAM } from "../address.ts";
import { type Instruction, paying, readonly, writable } from "../instruction.ts";
import { administrationOf, type ByAuthority, termsSetterOf } from "../program.ts";
import type { NamesDeployment } from "./address.ts";
import { address, encode, encodeTerms, type NamesTerms } from "./data.ts";
import { config, make, vault } from "./parts.ts";

const administration = /* #__PURE__ */ administrationOf<NamesDeployment>({ make, config, encode });

/** Creates NamesConfig and the auction vault, once; by the program's upgrade authority. @throws amount errors, integer-range, address-invalid */
export function initialize(
  input: ByAuthority<NamesDeployment> & {
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

/** Proposes the next authority; it must accept. @throws address-invalid */
export const proposeAuthority = administration.proposeAuthority;

/** The proposed authority takes over. @throws address-invalid */
export const acceptAuthority = administration.acceptAuthority;

/** Names who may pause. @throws address-invalid */
export const setGuardian = administration.setGuardian;

/** Stops commitments, registrations and bids, or lets them in again. @throws address-invalid */
export const setPaused = administration.setPaused;

/** Sets prices and times. @throws amount errors, integer-range, address-invalid */
export const setTerms = /* #__PURE__ */ termsSetterOf(administration.administer, encode, encodeTerms);

/** Names the treasury's token account. @throws address-invalid */
export function setTreasury(
  input: ByAuthority<NamesDeployment> & { readonly treasury: AddressLike },
): Instruction {
  const { deployment, authority, treasury } = input;
  return administration.administer(deployment, authority, encode("setTreasury"), [readonly(treasury)]);
}
