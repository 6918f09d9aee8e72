import {
  type AddressLike,
  type Deployment,
  deriveConfig,
  deriveProgramData,
  deriveVault,
  SYSTEM_PROGRAM,
} from "../address.ts";
import { encoderOf } from "../encode.ts";
import { type Instruction, paying, readonly, writable } from "../instruction.ts";
import { administrationOf, type ByAuthority, makerOf } from "../program.ts";
import { DISCRIMINATOR, encodeInitialize, type Terms } from "./data.ts";

const encode = /* #__PURE__ */ encoderOf(DISCRIMINATOR);
const administration = /* #__PURE__ */ administrationOf<Deployment>({
  make: /* #__PURE__ */ makerOf("escrow"),
  config: ({ escrow }) => deriveConfig(escrow).address,
  encode,
});

/** Arguments of initialize; the genesis hash is the deployment's. */
export interface InitializeInput extends Omit<Terms, "genesisHash"> {
  readonly deployment: Deployment;
  /** The program's upgrade authority; pays the rent. */
  readonly authority: AddressLike;
  /** Token accounts of the treasury's and the name owners' shares. */
  readonly treasury: AddressLike;
  readonly namesPool: AddressLike;
}

/** Creates Config and Vault, once. @throws split-sum, integer-range, address-invalid */
export function initialize(input: InitializeInput): Instruction {
  const { deployment, authority, treasury, namesPool } = input;
  const { escrow, mint, tokenProgram, genesisHash } = deployment;
  return {
    program: escrow,
    accounts: [
      paying(authority),
      writable(deriveConfig(escrow).address),
      writable(deriveVault(escrow).address),
      readonly(mint),
      readonly(treasury),
      readonly(namesPool),
      readonly(deriveProgramData(escrow).address),
      readonly(tokenProgram),
      readonly(SYSTEM_PROGRAM),
    ],
    data: encodeInitialize({ ...input, genesisHash }),
  };
}

/** Proposes the next authority; it must accept. The zero address takes a proposal back. @throws address-invalid */
export const proposeAuthority = administration.proposeAuthority;

/** The proposed authority takes over. @throws address-invalid */
export const acceptAuthority = administration.acceptAuthority;

/** Names who may pause. @throws address-invalid */
export const setGuardian = administration.setGuardian;

/** Pauses (guardian or authority) or resumes (authority). No exit is stopped by a pause. @throws address-invalid */
export const setPaused = administration.setPaused;

/** Names the token accounts of the treasury's and the name owners' shares. @throws address-invalid */
export function setTreasury(
  input: ByAuthority<Deployment> & { readonly treasury: AddressLike; readonly namesPool: AddressLike },
): Instruction {
  const { deployment, authority, treasury, namesPool } = input;
  const more = [readonly(treasury), readonly(namesPool)];
  return administration.administer(deployment, authority, encode("setTreasury"), more);
}
