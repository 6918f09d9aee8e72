import type { Address } from "../address.ts";
import { makerOf } from "../program.ts";
import { deriveStakeConfig, deriveStakeTree, deriveStakeVault, type StakeDeployment } from "./address.ts";

/** What every builder asks for. */
export interface Deployed {
  readonly deployment: StakeDeployment;
}

/** An instruction of the stake program. */
export const make = /* #__PURE__ */ makerOf("stake");
export const config = ({ stake }: StakeDeployment): Address => deriveStakeConfig(stake).address;
export const tree = ({ stake }: StakeDeployment): Address => deriveStakeTree(stake).address;
export const vault = ({ stake }: StakeDeployment): Address => deriveStakeVault(stake).address;
