import { bytesEqual, formatAddress, toAddress } from "@tolldns/sdk";
import { NAMES_PROGRAM_ID } from "@tolldns/sdk/names";
import {
  createQuorumDeployment,
  decodeQuorumConfig,
  deriveQuorumConfig,
  initialize,
  QUORUM_PROGRAM_ID,
  type QuorumTerms,
} from "@tolldns/sdk/quorum";
import { hashDomain } from "@tolldns/sdk/routes";
import { STAKE_PROGRAM_ID } from "@tolldns/sdk/stake";
import { fail } from "../errors.ts";
import { readAccount } from "../rpc.ts";
import { send } from "../send.ts";
import { deployProgram } from "./program.ts";
import type { Step, StepContext } from "./step.ts";

/** Terms a new deployment begins with; the authority may change them by `set_terms`, from the next epoch on. Seconds, and slots for the seed's delay. */
export const DEFAULT_QUORUM_TERMS: QuorumTerms = {
  length: 600,
  window: 300,
  evidence: 86_400,
  seedDelay: 8,
  committee: 32,
};

const ID = "0007-quorum";

/** Deploys or upgrades the quorum program and creates QuorumConfig for this cluster; where it is there already, its domain must be this cluster's. */
export const deployQuorum: Step = {
  id: ID,
  async run(context) {
    await deployProgram(ID, "quorum", QUORUM_PROGRAM_ID).run(context);
    await initializeQuorum(context);
  },
};

async function initializeQuorum(context: StepContext): Promise<void> {
  const { sender, authority, genesis, terms, quorumTerms } = context;
  const address = deriveQuorumConfig(QUORUM_PROGRAM_ID).address;
  const account = await readAccount(sender.rpc, formatAddress(address));
  if (account !== null && account.owner === QUORUM_PROGRAM_ID) {
    const domain = hashDomain(genesis, address);
    const got = decodeQuorumConfig(account.data).domain;
    if (!bytesEqual(got, domain)) {
      const [expected, found] = [formatAddress(domain), formatAddress(got)];
      throw fail("migrate-config", { field: "domain of quorum", expected, got: found });
    }
    context.report("the quorum program is initialised");
    return;
  }
  context.report("initialising the quorum program");
  const instruction = initialize({
    deployment: createQuorumDeployment({
      quorum: QUORUM_PROGRAM_ID,
      stake: STAKE_PROGRAM_ID,
      names: NAMES_PROGRAM_ID,
    }),
    authority: authority.publicKey,
    terms: quorumTerms,
    genesisHash: genesis,
    guardian: toAddress(terms.guardian ?? authority.publicKey),
  });
  await send(sender, [instruction]);
}
