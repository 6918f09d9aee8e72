import { type AddressLike, deriveProgramData, SYSTEM_PROGRAM, toAddress } from "../address.ts";
import { hash } from "../encode.ts";
import { type Instruction, paying, readonly, writable } from "../instruction.ts";
import { administrationOf, type ByAuthority, termsSetterOf } from "../program.ts";
import { deriveSlasher, type QuorumDeployment } from "./address.ts";
import { encode, encodeTerms, type QuorumTerms } from "./data.ts";
import { config, make } from "./parts.ts";

const administration = /* #__PURE__ */ administrationOf<QuorumDeployment>({ make, config, encode });

/** Creates QuorumConfig, once; by the program's upgrade authority. `genesisHash`: the cluster's, 32 bytes. @throws bytes-length, integer-range, address-invalid */
export function initialize(
  input: ByAuthority<QuorumDeployment> & {
    readonly terms: QuorumTerms;
    readonly genesisHash: Uint8Array;
    readonly guardian: AddressLike;
  },
): Instruction {
  const { deployment, authority, terms, genesisHash, guardian } = input;
  return make(
    deployment,
    [
      paying(authority),
      writable(config(deployment)),
      readonly(deriveSlasher(deployment.quorum).address),
      readonly(deriveProgramData(deployment.quorum).address),
      readonly(SYSTEM_PROGRAM),
    ],
    encode("initialize", encodeTerms(terms), hash(genesisHash, "genesisHash"), toAddress(guardian)),
  );
}

/** Proposes the next authority; it must accept. @throws address-invalid */
export const proposeAuthority = administration.proposeAuthority;

/** The proposed authority takes over. @throws address-invalid */
export const acceptAuthority = administration.acceptAuthority;

/** Names who may pause. @throws address-invalid */
export const setGuardian = administration.setGuardian;

/** Stops new epochs, or lets them begin again. @throws address-invalid */
export const setPaused = administration.setPaused;

/** Sets times and seats, from the next freeze on. @throws integer-range, address-invalid */
export const setTerms = /* #__PURE__ */ termsSetterOf(administration.administer, encode, encodeTerms);
