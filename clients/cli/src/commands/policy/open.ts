import type { Run } from "../../command.ts";
import { CliError, isCliError } from "../../errors.ts";
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
  try {
    return { rpc, program: await findPolicy(rpc, run.settings("chain").policyProgram) };
  } catch (error) {
    if (!isCliError(error, "rpc-unreachable")) throw error;
    const { message, hint } = error;
    throw new CliError(
      "rpc-unreachable",
      message,
      `${hint} \`tolldns policy log\` needs no chain: it shows what gateway and edge decided here.`,
      { cause: error },
    );
  }
}
