/** Transactions without web3.js: compile, measure, sign and take apart legacy, v0 and v1 (SIMD-0385). */
export * from "../instruction.ts";
export * from "./budget.ts";
export type { CompiledInstruction, MessageHeader } from "./compile.ts";
export { TRANSACTION_ERRORS, type TransactionErrors } from "./errors.ts";
export { type LegacyMessage, PACKET_SIZE_LIMIT } from "./legacy.ts";
export * from "./transaction.ts";
export { V1_SIZE_LIMIT, type V1Config, type V1Message } from "./v1.ts";
