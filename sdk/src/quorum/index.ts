/** The quorum program: epochs, the draw, votes and challenges; instructions to build, accounts and failures to read. Needs no web3.js. */
export {
  ACCOUNT_DISCRIMINATORS,
  EVENT_DISCRIMINATORS,
  PROGRAM_ERRORS,
  QUORUM_PROGRAM_ID,
} from "../generated/quorum.ts";
export * from "../instruction.ts";
export * from "./account.ts";
export * from "./address.ts";
export * from "./administration.ts";
export * from "./builders.ts";
export * from "./challenges.ts";
export {
  CHALLENGES,
  type ChallengeKind,
  DISCRIMINATOR,
  EPOCH_STATUSES,
  type EpochStatus,
  MAX_RELAY_ROWS,
  type QuorumInstruction,
  type QuorumTerms,
} from "./data.ts";
export * from "./draw.ts";
export * from "./failure.ts";
export * from "./slashing.ts";
export * from "./vote.ts";
