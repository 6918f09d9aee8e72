import { formatAddress } from "@tolldns/sdk";
import { registerOperator, retireOperator, setCommission, unjail } from "@tolldns/sdk/stake";
import type { CommandSpec, Run } from "../../command.ts";
import { CliError } from "../../errors.ts";
import { type StakeSession, sendStake } from "../../stake/program.ts";
import { openStake, STAKE_SECTIONS } from "./open.ts";

/** Signs as the operator's owner, sends, and says what is done. */
async function act(
  run: Run,
  make: (session: StakeSession, owner: Uint8Array) => Parameters<typeof sendStake>[1][number],
  facts: object,
  done: string,
) {
  const session = await openStake(run);
  const owner = session.signer.publicKey;
  const signature = await sendStake(session, [make(session, owner)]);
  run.out.result(
    { operator: formatAddress(owner), ...facts, signature },
    `${done}\nTransaction ${signature}`,
  );
}

/** Basis points of a percentage. @throws CliError usage */
function bpsOf(text: string): number {
  const bps = Math.round(Number(text) * 100);
  if (/^\d{1,2}(\.\d{1,2})?$/.test(text) && bps <= 5_000) return bps;
  throw new CliError(
    "usage",
    `${JSON.stringify(text)} is no commission`,
    "Write a percentage from 0 to 50 with at most two decimals, such as 5.",
  );
}

const registerCommand: CommandSpec = {
  name: "register",
  about: "Make this wallet an operator. It stays the cold key of everything that follows.",
  sections: STAKE_SECTIONS,
  flags: [["--commission <percent>", "of what delegators earn, 0 to 50 (default: 0)"]],
  examples: [["tolldns stake operator register --commission 5", "once"]],
  async action(run) {
    const commissionBps = bpsOf(String(run.flags.commission ?? "0"));
    await act(
      run,
      ({ stake: { deployment } }, owner) => registerOperator({ deployment, owner, commissionBps }),
      { commissionBps },
      "Registered. Stake with `tolldns stake add`, and register machines with `tolldns stake node add`.",
    );
  },
};

const commissionCommand: CommandSpec = {
  name: "commission",
  about: "Change the commission: down at once, up by at most 5 points a day.",
  args: [["<percent>", "0 to 50"]],
  sections: STAKE_SECTIONS,
  examples: [["tolldns stake operator commission 4.5", "of what delegators earn"]],
  async action(run) {
    const commissionBps = bpsOf(run.args[0] ?? "");
    await act(
      run,
      ({ stake: { deployment } }, owner) => setCommission({ deployment, owner, commissionBps }),
      { commissionBps },
      `The commission is ${commissionBps / 100} %.`,
    );
  },
};

const unjailCommand: CommandSpec = {
  name: "unjail",
  about: "Take the operator out of jail, the exit delay after its last slash.",
  sections: STAKE_SECTIONS,
  examples: [["tolldns stake operator unjail", "once you know why it was slashed"]],
  action: (run) =>
    act(
      run,
      ({ stake: { deployment } }, owner) => unjail({ deployment, owner }),
      {},
      "Out of jail. It weighs again once the tree knows: `tolldns stake sync`.",
    ),
};

const retireCommand: CommandSpec = {
  name: "retire",
  about:
    "End the operator for good: it weighs nothing any more, and everybody may leave without waiting for locks.",
  sections: STAKE_SECTIONS,
  flags: [["--yes", "it can't be undone"]],
  examples: [["tolldns stake operator retire --yes", "then `tolldns stake exit all`"]],
  async action(run) {
    if (run.flags.yes !== true)
      throw new CliError("usage", "a retired operator never comes back", "Add --yes if that is meant.");
    await act(
      run,
      ({ stake: { deployment } }, owner) => retireOperator({ deployment, owner }),
      {},
      "Retired.",
    );
  },
};

export const operatorCommand: CommandSpec = {
  name: "operator",
  about: "The operator this wallet owns: register, commission, jail, end.",
  examples: [["tolldns stake operator register", "make this wallet one"]],
  commands: [registerCommand, commissionCommand, unjailCommand, retireCommand],
};
