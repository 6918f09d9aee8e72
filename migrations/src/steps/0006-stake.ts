import { formatAddress } from "@tolldns/sdk";
import { deriveSlasher, QUORUM_PROGRAM_ID } from "@tolldns/sdk/quorum";
import {
  createStakeDeployment,
  decodeStakeConfig,
  deriveStakeConfig,
  initialize,
  STAKE_PROGRAM_ID,
  type StakeTerms,
} from "@tolldns/sdk/stake";
import { fail } from "../errors.ts";
import { createNativeToken } from "../native.ts";
import { readAccount } from "../rpc.ts";
import { send } from "../send.ts";
import { deployProgram } from "./program.ts";
import type { Step, StepContext } from "./step.ts";

const DAY = 86_400;

/** Terms a new deployment begins with; the authority may change them by `set_terms`. Amounts in base units of the native token, durations in seconds. */
export const DEFAULT_STAKE_TERMS: StakeTerms = {
  exitDelay: 10 * DAY,
  leastSelfStake: 1_000_000_000_000n,
  tiers: [
    { lock: 0, weightBps: 10_000 },
    { lock: 30 * DAY, weightBps: 12_500 },
    { lock: 180 * DAY, weightBps: 15_000 },
    { lock: 365 * DAY, weightBps: 20_000 },
  ],
  slashBps: { equivocation: 5_000, falseRoot: 5_000, omission: 1_000 },
  reporterBps: 1_000,
  burnBps: 5_000,
};

const ID = "0006-stake";

/** Deploys or upgrades the stake program; makes the native token, if none is given; creates StakeConfig, tree and vault. The quorum program's slasher may slash. */
export const deployStake: Step = {
  id: ID,
  async run(context) {
    await deployProgram(ID, "stake", STAKE_PROGRAM_ID).run(context);
    await initializeStake(context);
  },
};

async function initializeStake(context: StepContext): Promise<void> {
  const { sender, authority, terms, stakeTerms, found } = context;
  const native = await createNativeToken(context);
  const address = formatAddress(deriveStakeConfig(STAKE_PROGRAM_ID).address);
  const account = await readAccount(sender.rpc, address);
  found.nativeMint = native.mint;
  found.nativeTokenProgram = native.tokenProgram;
  if (account !== null && account.owner === STAKE_PROGRAM_ID) {
    const config = decodeStakeConfig(account.data);
    const [expected, got] = [formatAddress(native.mint), formatAddress(config.mint)];
    if (got !== expected) throw fail("migrate-config", { field: "mint of stake", expected, got });
    found.nativeTreasury = config.treasury;
    context.report("the stake program is initialised");
    return;
  }
  context.report("initialising the stake program");
  found.nativeTreasury = native.treasury;
  const instruction = initialize({
    deployment: createStakeDeployment({ stake: STAKE_PROGRAM_ID, ...native }),
    authority: authority.publicKey,
    terms: stakeTerms,
    guardian: terms.guardian ?? authority.publicKey,
    slasher: deriveSlasher(QUORUM_PROGRAM_ID).address,
  });
  await send(sender, [instruction]);
}
