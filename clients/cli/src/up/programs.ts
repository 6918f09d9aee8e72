import { type MigrateOptions, migrate, PROGRAMS } from "@tolldns/migrations";
import { deploymentFolder } from "../wallet/faucet.ts";

/**
 * Seconds between promise and registration of a name on a chain of one's own. A minute keeps others from seeing a name in time to take
 * it; here there are no others.
 */
const COMMIT_SECONDS = 2;

/** Epochs that one can watch; on a network of many they take minutes. Seconds, and slots for the seed's delay. */
const EPOCH_TERMS = { length: 20, window: 5, evidence: 600, seedDelay: 2, committee: 16 };

/** Terms of policy by which states are seen to change; a network of many has longer ones. `window` in seconds. */
const policyTerms = (window: number) => ({
  window,
  report: Math.min(window, 10),
  dwell: window,
  roster: 900,
  enrol: 30,
  evidence: 3_600,
  leastProbes: 4,
  degradeAfter: 2,
  disableAfter: 3,
  recoverAfter: 2,
  restoreAfter: 4,
});

/** Brings the chain to where this version wants it; run again it changes nothing. */
export async function deployPrograms(
  rpcUrl: string,
  data: string,
  onProgress: (text: string) => void = () => {},
) {
  const report: NonNullable<MigrateOptions["onProgress"]> = ({ message, done, total }) =>
    onProgress(done === undefined || total === undefined ? message : `${message} ${done}/${total}`);
  return migrate({
    rpcUrl,
    folder: deploymentFolder(data),
    // The screen does not wait for it: see deployPolicy.
    programs: PROGRAMS.filter((name) => name !== "policy"),
    namesTerms: { commitMin: COMMIT_SECONDS },
    quorumTerms: EPOCH_TERMS,
    onProgress: report,
  });
}

/** Same for the policy program, which comes last. */
export async function deployPolicy(
  rpcUrl: string,
  data: string,
  window: number,
  signal: AbortSignal,
): Promise<void> {
  await migrate({
    rpcUrl,
    folder: deploymentFolder(data),
    programs: PROGRAMS,
    policyTerms: policyTerms(window),
    signal,
  });
}
