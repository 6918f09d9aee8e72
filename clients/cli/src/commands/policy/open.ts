import type { Run } from "../../command.ts";
import { findPolicy, type PolicyProgram } from "../../policy/program.ts";
import { createRpc, type Rpc } from "../../wallet/rpc.ts";
import { rpcUrl } from "../wallet/open.ts";

export interface OpenPolicy {
  readonly rpc: Rpc;
  readonly program: PolicyProgram;
}

/** The chain and the policy program on it. @throws CliError not-running, rpc-unreachable, policy-missing */
export async function openPolicyProgram(run: Run): Promise<OpenPolicy> {
  const rpc = createRpc(rpcUrl(run));
  return { rpc, program: await findPolicy(rpc, run.settings("chain").policyProgram) };
}
