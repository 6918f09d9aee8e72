/** The policy program and what verifiers write: instructions to build, accounts, events and failures to read, the rules' twin, health reports. Needs no web3.js. */
export {
  ACCOUNT_DISCRIMINATORS,
  EVENT_DISCRIMINATORS,
  POLICY_PROGRAM_ID,
  PROGRAM_ERRORS,
} from "../generated/policy.ts";
export * from "../instruction.ts";
export * from "./account.ts";
export * from "./address.ts";
export * from "./administration.ts";
export * from "./builders.ts";
export * from "./challenge-set.ts";
export * from "./challenge-set-file.ts";
export * from "./challenges.ts";
export { DISCRIMINATOR, type PolicyInstruction, STRIKES, type StrikeKind, TARGET_IDLE } from "./data.ts";
export * from "./digest.ts";
export { HEALTH_ERRORS, type HealthErrors } from "./errors.ts";
export * from "./event.ts";
export * from "./evidence.ts";
export * from "./failure.ts";
export type { Deployed, OfRound } from "./parts.ts";
export * from "./record.ts";
export * from "./report.ts";
export * from "./target.ts";
export * from "./terms.ts";
export * from "./transcript.ts";
export * from "./transition.ts";
export * from "./verdict.ts";
