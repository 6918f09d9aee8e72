import {
  type AddressLike,
  type Deployment,
  deriveConfig,
  deriveProgramData,
  deriveVault,
  SYSTEM_PROGRAM,
} from "../address.ts";
import { type Instruction, paying, readonly, signing, writable } from "../instruction.ts";
import { encodeInitialize, encodePlain, encodeSetPaused, encodeWithAddress, type Terms } from "./data.ts";

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
export function proposeAuthority(input: {
  readonly deployment: Deployment;
  readonly authority: AddressLike;
  readonly newAuthority: AddressLike;
}): Instruction {
  return administer(
    input.deployment,
    input.authority,
    encodeWithAddress("proposeAuthority", input.newAuthority),
  );
}

/** The proposed authority takes over. @throws address-invalid */
export function acceptAuthority(input: {
  readonly deployment: Deployment;
  readonly pendingAuthority: AddressLike;
}): Instruction {
  return administer(input.deployment, input.pendingAuthority, encodePlain("acceptAuthority"));
}

/** Names who may pause. @throws address-invalid */
export function setGuardian(input: {
  readonly deployment: Deployment;
  readonly authority: AddressLike;
  readonly guardian: AddressLike;
}): Instruction {
  return administer(input.deployment, input.authority, encodeWithAddress("setGuardian", input.guardian));
}

/** Pauses (guardian or authority) or resumes (authority). No exit is stopped by a pause. @throws address-invalid */
export function setPaused(input: {
  readonly deployment: Deployment;
  readonly signer: AddressLike;
  readonly paused: boolean;
}): Instruction {
  return administer(input.deployment, input.signer, encodeSetPaused(input.paused));
}

/** Names the token accounts of the treasury's and the name owners' shares. @throws address-invalid */
export function setTreasury(input: {
  readonly deployment: Deployment;
  readonly authority: AddressLike;
  readonly treasury: AddressLike;
  readonly namesPool: AddressLike;
}): Instruction {
  const base = administer(input.deployment, input.authority, encodePlain("setTreasury"));
  return { ...base, accounts: [...base.accounts, readonly(input.treasury), readonly(input.namesPool)] };
}

function administer({ escrow }: Deployment, signer: AddressLike, data: Uint8Array): Instruction {
  return { program: escrow, accounts: [writable(deriveConfig(escrow).address), signing(signer)], data };
}
