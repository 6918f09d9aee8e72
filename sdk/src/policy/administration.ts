import { type AddressLike, deriveProgramData, SYSTEM_PROGRAM, toAddress } from "../address.ts";
import { hash, u16, u32 } from "../encode.ts";
import { type Instruction, paying, readonly, writable } from "../instruction.ts";
import { administrationOf, type ByAuthority, termsSetterOf } from "../program.ts";
import type { PolicyDeployment } from "./address.ts";
import { encode, encodeTerms } from "./data.ts";
import { config, make } from "./parts.ts";
import type { PolicyTerms } from "./terms.ts";

const administration = /* #__PURE__ */ administrationOf<PolicyDeployment>({ make, config, encode });

/** Creates PolicyConfig, once; by the program's upgrade authority. `genesisHash`: the cluster's, 32 bytes. @throws bytes-length, integer-range, address-invalid */
export function initialize(
  input: ByAuthority<PolicyDeployment> & {
    readonly terms: PolicyTerms;
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
      readonly(deriveProgramData(deployment.policy).address),
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

/** Stops judging, or lets it go on. @throws address-invalid */
export const setPaused = administration.setPaused;

/** Sets the terms of windows that begin from now on. @throws integer-range, address-invalid */
export const setTerms = /* #__PURE__ */ termsSetterOf(administration.administer, encode, encodeTerms);

/** Publishes the challenge set of windows that begin from now on; `root`: of the list of its entries. @throws integer-range, bytes-length, address-invalid */
export function publishSet(
  input: ByAuthority<PolicyDeployment> & {
    readonly version: number;
    readonly count: number;
    readonly root: Uint8Array;
  },
): Instruction {
  const { deployment, authority, version, count, root } = input;
  const data = encode("publishSet", u32(version, "version"), u16(count, "count"), hash(root, "root"));
  return administration.administer(deployment, authority, data);
}
