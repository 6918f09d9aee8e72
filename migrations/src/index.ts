/** Deploys, initialises and upgrades the programs of TollDNS on any cluster. */
export { addressesOf, type Deployment, readDeployment } from "./deployment.ts";
export { MIGRATION_ERRORS, type MigrationErrors } from "./errors.ts";
export { mintIndexUnits, mintNativeTokens } from "./faucet.ts";
export { readKey, readOrMakeKey } from "./keys.ts";
export {
  DEFAULT_TERMS,
  type MigrateOptions,
  migrate,
  PROGRAMS,
  type ProgramName,
  type Progress,
} from "./migrate.ts";
export { NATIVE_DECIMALS } from "./native.ts";
export { DEFAULT_NAMES_TERMS } from "./steps/0005-initialize-names.ts";
export { DEFAULT_STAKE_TERMS } from "./steps/0006-stake.ts";
export { DEFAULT_QUORUM_TERMS } from "./steps/0007-quorum.ts";
export { DEFAULT_POLICY_TERMS } from "./steps/0008-policy.ts";
export type { InitializeTerms } from "./steps/step.ts";
