import type { CommandSpec } from "../../command.ts";
import { readRunning } from "../../state.ts";
import { readHoldings } from "../../wallet/account.ts";
import { historyCommand } from "./history.ts";
import { addressCommand, createCommand, importCommand } from "./keys.ts";
import { closeCommand, lanesCommand } from "./lanes.ts";
import { limitsCommand } from "./limits.ts";
import {
  balanceCommand,
  depositCommand,
  describeHoldings,
  fundCommand,
  holdingsJson,
  withdrawCommand,
} from "./money.ts";
import { openWallet, WALLET_SECTIONS } from "./open.ts";

export const walletCommand: CommandSpec = {
  name: "wallet",
  about: "The wallet that pays: make it, fund it, see it, get the money back.",
  sections: WALLET_SECTIONS,
  examples: [
    ["tolldns wallet", "what it holds"],
    ["tolldns wallet deposit 10", "make 10 IU spendable"],
    ["tolldns wallet close && tolldns wallet withdraw all", "leave, once the grace period is over"],
  ],
  commands: [
    createCommand,
    importCommand,
    addressCommand,
    balanceCommand,
    fundCommand,
    depositCommand,
    withdrawCommand,
    lanesCommand,
    closeCommand,
    limitsCommand,
    historyCommand,
  ],
  async action(run) {
    const { rpc, escrow, signer } = await openWallet(run);
    const holdings = await readHoldings(rpc, escrow, signer.publicKey);
    const running = readRunning(run.settings("general").data);
    const next = running === null ? [] : ["", `Dashboard  ${running.dashboard}`];
    run.out.result(
      holdingsJson(holdings),
      [
        describeHoldings(holdings),
        ...next,
        "",
        "`tolldns wallet --help` lists what can be done with it.",
      ].join("\n"),
    );
  },
};
