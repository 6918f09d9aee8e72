/** What verifiers write: targets' names, records of probes, reports, transcripts, challenge sets. Pure; the bytes of docs/reference/verifier.md. */
export * from "./challenge-set.ts";
export * from "./challenge-set-file.ts";
export * from "./digest.ts";
export { HEALTH_ERRORS, type HealthErrors } from "./health-errors.ts";
export * from "./record.ts";
export * from "./report.ts";
export * from "./target.ts";
export * from "./transcript.ts";
