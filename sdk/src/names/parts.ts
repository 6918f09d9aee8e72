import {
  type Address,
  type AddressLike,
  ASSOCIATED_TOKEN_PROGRAM,
  SYSTEM_PROGRAM,
  TOKEN_2022_PROGRAM,
} from "../address.ts";
import { makerOf } from "../program.ts";
import {
  deriveAuctionVault,
  deriveHolding,
  deriveName,
  deriveNamesConfig,
  deriveNft,
  type NamesDeployment,
} from "./address.ts";

export interface Deployed {
  readonly deployment: NamesDeployment;
}
export interface Labelled extends Deployed {
  /** Normalised, without `.dns`; see normalizeLabel. */
  readonly label: string;
}
export interface Generation extends Labelled {
  /** Of the NFT or auction; read it from the Name. */
  readonly generation: number;
}
export interface Held extends Generation {
  readonly holder: AddressLike;
}

/** An instruction of the names program. */
export const make = /* #__PURE__ */ makerOf("names");
export const config = ({ names }: NamesDeployment): Address => deriveNamesConfig(names).address;
export const vault = ({ names }: NamesDeployment): Address => deriveAuctionVault(names).address;
export const nameOf = ({ deployment, label }: Labelled): Address =>
  deriveName(deployment.names, label).address;
export const holdingOf = ({ deployment, label, generation }: Generation, holder: AddressLike): Address =>
  deriveHolding(holder, deriveNft(deployment.names, label, generation).address).address;
/** The programs by which NFTs are made and held. */
export const TOKENS = [TOKEN_2022_PROGRAM, ASSOCIATED_TOKEN_PROGRAM, SYSTEM_PROGRAM];
