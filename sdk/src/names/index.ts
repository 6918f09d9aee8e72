/** The names program: labels and hashes, instructions to build, accounts and failures to read. Needs no web3.js. */
export {
  ACCOUNT_DISCRIMINATORS,
  EVENT_DISCRIMINATORS,
  NAMES_PROGRAM_ID,
  PROGRAM_ERRORS,
} from "../generated/names.ts";
export * from "../instruction.ts";
export * from "./account.ts";
export * from "./address.ts";
export * from "./builders.ts";
export {
  DISCRIMINATOR,
  HINT_KINDS,
  type HintKind,
  type NamesInstruction,
  type NamesTerms,
  ROLE_ROUTES,
} from "./data.ts";
export * from "./event.ts";
export * from "./failure.ts";
export * from "./hash.ts";
export * from "./label.ts";
export * from "./transfer.ts";
