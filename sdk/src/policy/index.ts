/** The policy program and what verifiers write. Needs no web3.js. */
export * from "./health.ts";
