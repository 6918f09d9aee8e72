import type { Address } from "../address.ts";
import { makerOf } from "../program.ts";
import { deriveEpoch, deriveQuorumConfig, type QuorumDeployment } from "./address.ts";

export interface Deployed {
  readonly deployment: QuorumDeployment;
}
export interface OfEpoch extends Deployed {
  /** Number of the epoch. */
  readonly epoch: bigint;
}

/** An instruction of the quorum program. */
export const make = /* #__PURE__ */ makerOf("quorum");
export const config = ({ quorum }: QuorumDeployment): Address => deriveQuorumConfig(quorum).address;
export const epochOf = ({ deployment, epoch }: OfEpoch): Address =>
  deriveEpoch(deployment.quorum, epoch).address;
