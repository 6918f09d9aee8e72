/** The policy program and what verifiers write: terms, verdicts and transitions. Needs no web3.js. */
export * from "./terms.ts";
export * from "./transition.ts";
export * from "./verdict.ts";
