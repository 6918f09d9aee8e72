import { deriveConfig, formatAddress, toHex } from "@tolldns/sdk";
import { type Config, decodeConfig, initialize } from "@tolldns/sdk/escrow";
import { fail } from "../errors.ts";
import { readAccount } from "../rpc.ts";
import { send } from "../send.ts";
import type { Step, StepContext } from "./step.ts";

/** Creates Config and Vault with the terms; an escrow that has them already must have the same. */
export const initializeEscrow: Step = {
  id: "0003-initialize-escrow",
  async run(context) {
    const { sender, authority, escrow, genesis, terms, found } = context;
    const { mint, tokenProgram, treasury, namesPool } = found;
    if (
      mint === undefined ||
      tokenProgram === undefined ||
      treasury === undefined ||
      namesPool === undefined
    ) {
      throw new Error("0002 runs before 0003");
    }
    const config = await readAccount(sender.rpc, formatAddress(deriveConfig(escrow).address));
    if (config !== null && config.owner === formatAddress(escrow)) {
      compare(context, decodeConfig(config.data));
      context.report("the escrow is initialised");
      return;
    }
    context.report("initialising the escrow");
    const instruction = initialize({
      deployment: { escrow, mint, tokenProgram, genesisHash: genesis },
      authority: authority.publicKey,
      treasury,
      namesPool,
      split: terms.split,
      settlementInterval: terms.settlementInterval,
      graceSeconds: terms.graceSeconds,
      guardian: terms.guardian ?? authority.publicKey,
    });
    await send(sender, [instruction]);
  },
};

/** Authority, guardian, pause and the share accounts may change by instruction; these can't. */
function compare(context: StepContext, config: Config): void {
  const { terms, found } = context;
  const fixed: [string, string, string][] = [
    ["genesis hash", toHex(context.genesis), toHex(config.genesisHash)],
    ["mint", formatAddress(found.mint as Uint8Array), formatAddress(config.mint)],
    ["operator basis points", String(terms.split.operatorBps), String(config.split.operatorBps)],
    ["names basis points", String(terms.split.namesBps), String(config.split.namesBps)],
    ["settlement interval", String(terms.settlementInterval), String(config.settlementInterval)],
    ["grace seconds", String(terms.graceSeconds), String(config.graceSeconds)],
  ];
  for (const [field, expected, got] of fixed) {
    if (expected !== got) throw fail("migrate-config", { field, expected, got });
  }
  found.treasury = config.treasury;
  found.namesPool = config.namesPool;
}
