/** The escrow program: instructions to build, accounts, events and failures to read. Needs no web3.js. */
export {
  ACCOUNT_DISCRIMINATORS,
  ESCROW_PROGRAM_ID,
  EVENT_DISCRIMINATORS,
  PROGRAM_ERRORS,
} from "../generated/escrow.ts";
export * from "../instruction.ts";
export * from "./account.ts";
export * from "./balance.ts";
export * from "./data.ts";
export * from "./event.ts";
export * from "./failure.ts";
export * from "./lane.ts";
export * from "./ledger.ts";
export * from "./protocol.ts";
export * from "./settlement.ts";
