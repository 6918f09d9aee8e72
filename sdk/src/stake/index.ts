/** The stake program: instructions to build, accounts, weights and failures to read, proofs to make. Needs no web3.js. */
export {
  ACCOUNT_DISCRIMINATORS,
  EVENT_DISCRIMINATORS,
  PROGRAM_ERRORS,
  STAKE_PROGRAM_ID,
} from "../generated/stake.ts";
export * from "../instruction.ts";
export * from "./account.ts";
export * from "./address.ts";
export * from "./administration.ts";
export {
  DISCRIMINATOR,
  MAX_ENDPOINT,
  MIN_EXIT_DELAY,
  type NodeRole,
  OFFENCES,
  type Offence,
  ROLES,
  type StakeInstruction,
  type StakeTerms,
  type Tier,
} from "./data.ts";
export * from "./failure.ts";
export * from "./operators.ts";
export * from "./positions.ts";
export * from "./tree.ts";
export * from "./weight.ts";
