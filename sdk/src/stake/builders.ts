import { type Address, type AddressLike, deriveProgramData, SYSTEM_PROGRAM, toAddress } from "../address.ts";
import { u8 } from "../encode.ts";
import { type AccountMeta, type Instruction, paying, readonly, signing, writable } from "../instruction.ts";
import { deriveStakeConfig, deriveStakeTree, deriveStakeVault, type StakeDeployment } from "./address.ts";
import { encode, encodeTerms, type StakeTerms } from "./data.ts";

/** What every builder asks for. */
export interface Deployed {
  readonly deployment: StakeDeployment;
}
interface ByAuthority extends Deployed {
  readonly authority: AddressLike;
}

export const make = (
  { stake }: StakeDeployment,
  accounts: readonly AccountMeta[],
  data: Uint8Array,
): Instruction => ({ program: stake, accounts, data });
export const config = ({ stake }: StakeDeployment): Address => deriveStakeConfig(stake).address;
export const tree = ({ stake }: StakeDeployment): Address => deriveStakeTree(stake).address;
export const vault = ({ stake }: StakeDeployment): Address => deriveStakeVault(stake).address;

/** Creates StakeConfig, StakeTree and the vault, once; by the program's upgrade authority. Without a slasher nobody may slash. @throws integer-range, address-invalid */
export function initialize(
  input: ByAuthority & {
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

const administer = (deployment: StakeDeployment, signer: AddressLike, data: Uint8Array): Instruction =>
  make(deployment, [writable(config(deployment)), signing(signer)], data);

/** Proposes the next authority; it must accept. @throws address-invalid */
export function proposeAuthority(input: ByAuthority & { readonly newAuthority: AddressLike }): Instruction {
  const data = encode("proposeAuthority", toAddress(input.newAuthority));
  return administer(input.deployment, input.authority, data);
}

/** The proposed authority takes over. @throws address-invalid */
export function acceptAuthority(input: Deployed & { readonly pendingAuthority: AddressLike }): Instruction {
  return administer(input.deployment, input.pendingAuthority, encode("acceptAuthority"));
}

/** Names who may pause. @throws address-invalid */
export function setGuardian(input: ByAuthority & { readonly guardian: AddressLike }): Instruction {
  return administer(input.deployment, input.authority, encode("setGuardian", toAddress(input.guardian)));
}

/** Stops registrations, nodes, deposits and cancelled exits, or lets them in again. @throws address-invalid */
export function setPaused(
  input: Deployed & { readonly signer: AddressLike; readonly paused: boolean },
): Instruction {
  return administer(input.deployment, input.signer, encode("setPaused", u8(input.paused ? 1 : 0, "paused")));
}

/** Sets delays, tiers and what offences cost. @throws integer-range, address-invalid */
export function setTerms(input: ByAuthority & { readonly terms: StakeTerms }): Instruction {
  return administer(input.deployment, input.authority, encode("setTerms", encodeTerms(input.terms)));
}

/** Names the treasury's token account. @throws address-invalid */
export function setTreasury(input: ByAuthority & { readonly treasury: AddressLike }): Instruction {
  const { deployment, authority, treasury } = input;
  const accounts = [writable(config(deployment)), signing(authority), readonly(treasury)];
  return make(deployment, accounts, encode("setTreasury"));
}

/** Names who may slash: the quorum program's slasher; without one, nobody. @throws address-invalid */
export function setSlasher(input: ByAuthority & { readonly slasher?: AddressLike }): Instruction {
  const data = encode("setSlasher", toAddress(input.slasher ?? SYSTEM_PROGRAM));
  return administer(input.deployment, input.authority, data);
}
