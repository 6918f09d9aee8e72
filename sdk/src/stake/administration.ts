import { type AddressLike, deriveProgramData, SYSTEM_PROGRAM, toAddress } from "../address.ts";
import { type Instruction, paying, readonly, writable } from "../instruction.ts";
import { administrationOf, type ByAuthority, termsSetterOf } from "../program.ts";
import type { StakeDeployment } from "./address.ts";
import { encode, encodeTerms, type StakeTerms } from "./data.ts";
import { config, make, tree, vault } from "./parts.ts";

const administration = /* #__PURE__ */ administrationOf<StakeDeployment>({ make, config, encode });

/** Creates StakeConfig, StakeTree and the vault, once; by the program's upgrade authority. Without a slasher nobody may slash. @throws integer-range, address-invalid */
export function initialize(
  input: ByAuthority<StakeDeployment> & {
    readonly terms: StakeTerms;
    readonly guardian: AddressLike;
    readonly slasher?: AddressLike;
  },
): Instruction {
  const { deployment, authority, terms, guardian, slasher = SYSTEM_PROGRAM } = input;
  return make(
    deployment,
    [
      paying(authority),
      writable(config(deployment)),
      writable(tree(deployment)),
      writable(vault(deployment)),
      readonly(deployment.mint),
      readonly(deployment.treasury),
      readonly(deriveProgramData(deployment.stake).address),
      readonly(deployment.tokenProgram),
      readonly(SYSTEM_PROGRAM),
    ],
    encode("initialize", encodeTerms(terms), toAddress(guardian), toAddress(slasher)),
  );
}

/** Proposes the next authority; it must accept. @throws address-invalid */
export const proposeAuthority = administration.proposeAuthority;

/** The proposed authority takes over. @throws address-invalid */
export const acceptAuthority = administration.acceptAuthority;

/** Names who may pause. @throws address-invalid */
export const setGuardian = administration.setGuardian;

/** Stops registrations, nodes, deposits and cancelled exits, or lets them in again. @throws address-invalid */
export const setPaused = administration.setPaused;

/** Sets delays, tiers and what offences cost. @throws integer-range, address-invalid */
export const setTerms = /* #__PURE__ */ termsSetterOf(administration.administer, encode, encodeTerms);

/** Names the treasury's token account. @throws address-invalid */
export function setTreasury(
  input: ByAuthority<StakeDeployment> & { readonly treasury: AddressLike },
): Instruction {
  const { deployment, authority, treasury } = input;
  return administration.administer(deployment, authority, encode("setTreasury"), [readonly(treasury)]);
}

/** Names who may slash: the quorum program's slasher; without one, nobody. @throws address-invalid */
export function setSlasher(
  input: ByAuthority<StakeDeployment> & { readonly slasher?: AddressLike },
): Instruction {
  const { deployment, authority, slasher = SYSTEM_PROGRAM } = input;
  return administration.administer(deployment, authority, encode("setSlasher", toAddress(slasher)));
}
