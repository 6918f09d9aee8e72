export { decodeEvidenceFile, type EvidenceFile } from "./car.ts";
export { VERIFIER_ERRORS, type VerifierErrors } from "./errors.ts";
export * from "./options.ts";
export { type Replayed, replay } from "./replay.ts";
export { readBundledSets } from "./sets.ts";
export { startVerifier } from "./verifier.ts";
