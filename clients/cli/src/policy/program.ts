import { formatAddress, type Signer, toAddress } from "@tolldns/sdk";
import {
  ACCOUNT_DISCRIMINATORS,
  createPolicyDeployment,
  decodePolicyConfig,
  decodePolicyFailure,
  decodeRoster,
  decodeTarget,
  derivePolicyConfig,
  deriveRoster,
  type Instruction,
  POLICY_PROGRAM_ID,
  type PolicyConfig,
  type PolicyDeployment,
  type Roster,
  type TargetAccount,
} from "@tolldns/sdk/policy";
import { CliError } from "../errors.ts";
import type { FailureReader, Rpc } from "../wallet/rpc.ts";

/** The policy program of a chain. */
export interface PolicyProgram {
  readonly deployment: PolicyDeployment;
  readonly config: PolicyConfig;
}

/** Reads it from the chain. @throws CliError policy-missing */
export async function findPolicy(rpc: Rpc, named: string | undefined): Promise<PolicyProgram> {
  const policy = toAddress(named ?? POLICY_PROGRAM_ID);
  const account = await rpc.readAccount(derivePolicyConfig(policy).address);
  if (account === null)
    throw new CliError(
      "policy-missing",
      `the policy program ${formatAddress(policy)} is not initialised on the chain of ${rpc.url}`,
      "After the first start of `tolldns up` it follows within a minute; else name the right RPC with --rpc or the program with --policy-program.",
    );
  const config = decodePolicyConfig(account.data);
  return { config, deployment: createPolicyDeployment({ policy, stake: config.stakeProgram }) };
}

/** All targets: gateways before backends, each by name. */
export async function readTargets(rpc: Rpc, { deployment }: PolicyProgram): Promise<TargetAccount[]> {
  const rows = await rpc.readProgramAccounts(
    deployment.policy,
    Uint8Array.from(ACCOUNT_DISCRIMINATORS.Target),
  );
  return rows
    .map(({ data }) => decodeTarget(data))
    .sort((a, b) => b.kind.localeCompare(a.kind) || a.name.localeCompare(b.name, "en"));
}

export async function readRoster(
  rpc: Rpc,
  { deployment }: PolicyProgram,
  number: bigint,
): Promise<Roster | null> {
  if (number <= 0n) return null;
  const account = await rpc.readAccount(deriveRoster(deployment.policy, number).address);
  return account === null ? null : decodeRoster(account.data);
}

/** The roster that reports of a window beginning at `time` count by, Unix seconds; null while none is in force. */
export async function readRosterInForce(
  rpc: Rpc,
  program: PolicyProgram,
  time: bigint,
): Promise<Roster | null> {
  const { roster, enrolmentEnds } = program.config;
  return readRoster(rpc, program, time >= enrolmentEnds ? roster : roster - 1n);
}

/** Says what a failed transaction of the policy program means. */
export const policyFailure =
  ({ deployment }: PolicyProgram): FailureReader =>
  (err, logs) =>
    decodePolicyFailure(err, deployment.policy, logs);

/** Signs with the wallet, sends and waits. @returns the signature. @throws TollError of the policy program */
export function sendPolicy(
  rpc: Rpc,
  program: PolicyProgram,
  signer: Signer,
  instructions: readonly Instruction[],
): Promise<string> {
  return rpc.send(instructions, [signer], policyFailure(program));
}
