/** The escrow's instructions, and transactions, in the types of @solana/web3.js 1.x. */
export * from "./convert.ts";
export * from "./instructions.ts";
