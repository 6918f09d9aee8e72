import type { Address, AddressLike } from "../address.ts";
import { makerOf } from "../program.ts";
import {
  derivePolicyConfig,
  deriveRoster,
  deriveRound,
  deriveTarget,
  deriveVerifier,
  type PolicyDeployment,
} from "./address.ts";

export interface Deployed {
  readonly deployment: PolicyDeployment;
}
/** A target's window. */
export interface OfRound extends Deployed {
  /** The target's, 32 bytes. */
  readonly id: Uint8Array;
  /** Unix seconds. */
  readonly begin: bigint;
}

/** An instruction of the policy program. */
export const make = /* #__PURE__ */ makerOf("policy");
export const config = ({ policy }: PolicyDeployment): Address => derivePolicyConfig(policy).address;
export const rosterOf = ({ policy }: PolicyDeployment, number: bigint): Address =>
  deriveRoster(policy, number).address;
export const roundOf = ({ deployment, id, begin }: OfRound): Address =>
  deriveRound(deployment.policy, id, begin).address;
export const verifierOf = ({ policy }: PolicyDeployment, operator: AddressLike): Address =>
  deriveVerifier(policy, operator).address;
export const targetOf = ({ policy }: PolicyDeployment, id: Uint8Array): Address =>
  deriveTarget(policy, id).address;
