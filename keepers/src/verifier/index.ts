export { VERIFIER_ERRORS, type VerifierErrors } from "./errors.ts";
export * from "./options.ts";
