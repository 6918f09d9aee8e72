import { bytesEqual, formatAddress, toAddress } from "@tolldns/sdk";
import {
  createPolicyDeployment,
  DEFAULT_POLICY_TERMS,
  decodePolicyConfig,
  derivePolicyConfig,
  hashPolicyDomain,
  initialize,
  POLICY_PROGRAM_ID,
} from "@tolldns/sdk/policy";
import { STAKE_PROGRAM_ID } from "@tolldns/sdk/stake";
import { fail } from "../errors.ts";
import { readAccount } from "../rpc.ts";
import { send } from "../send.ts";
import { deployProgram } from "./program.ts";
import type { Step, StepContext } from "./step.ts";

export { DEFAULT_POLICY_TERMS };

const ID = "0008-policy";

/** Deploys or upgrades the policy program and creates PolicyConfig for this cluster; where it is there already, its domain must be this cluster's. */
export const deployPolicy: Step = {
  id: ID,
  async run(context) {
    await deployProgram(ID, "policy", POLICY_PROGRAM_ID).run(context);
    await initializePolicy(context);
  },
};

async function initializePolicy(context: StepContext): Promise<void> {
  const { sender, authority, genesis, terms, policyTerms } = context;
  const address = derivePolicyConfig(POLICY_PROGRAM_ID).address;
  const account = await readAccount(sender.rpc, formatAddress(address));
  if (account !== null && account.owner === POLICY_PROGRAM_ID) {
    const domain = hashPolicyDomain(genesis, address);
    const got = decodePolicyConfig(account.data).domain;
    if (!bytesEqual(got, domain)) {
      const [expected, found] = [formatAddress(domain), formatAddress(got)];
      throw fail("migrate-config", { field: "domain of policy", expected, got: found });
    }
    context.report("the policy program is initialised");
    return;
  }
  context.report("initialising the policy program");
  const instruction = initialize({
    deployment: createPolicyDeployment({ policy: POLICY_PROGRAM_ID, stake: STAKE_PROGRAM_ID }),
    authority: authority.publicKey,
    terms: policyTerms,
    genesisHash: genesis,
    guardian: toAddress(terms.guardian ?? authority.publicKey),
  });
  await send(sender, [instruction]);
}
