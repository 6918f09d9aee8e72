import { deriveTokenAccount, formatAddress, formatIu, parseIu } from "@tolldns/sdk";
import { deposit, withdraw } from "@tolldns/sdk/escrow";
import type { CommandSpec, Run } from "../../command.ts";
import { CliError } from "../../errors.ts";
import { type Holdings, type OpenWallet, readHoldings } from "../../wallet/account.ts";
import { giveTokens } from "../../wallet/faucet.ts";
import { createTokenAccount } from "../../wallet/token.ts";
import { openWallet, WALLET_SECTIONS } from "./open.ts";

const sol = (lamports: bigint): string =>
  `${lamports / 1_000_000_000n}.${(lamports % 1_000_000_000n)
    .toString()
    .padStart(9, "0")
    .replace(/0{1,6}$/, "")} SOL`;

/** Holdings as `--json` names them: amounts in micro-units. */
export const holdingsJson = ({ owner, lamports, tokens, free, openLanes }: Holdings) => ({
  owner,
  lamports,
  tokens,
  free,
  openLanes,
});

export function describeHoldings({ owner, lamports, tokens, free, openLanes }: Holdings): string {
  return [
    `Wallet     ${owner}`,
    `Tokens     ${formatIu(tokens)} IU  (in the wallet; \`tolldns wallet deposit\` moves them to escrow)`,
    `Escrow     ${formatIu(free)} IU  (free; lanes are filled from it, \`tolldns wallet withdraw\` takes it out)`,
    `Lanes      ${openLanes} open`,
    `Fees       ${sol(lamports)}`,
  ].join("\n");
}

export const balanceCommand: CommandSpec = {
  name: "balance",
  about: "Show tokens, free escrow balance and SOL.",
  sections: WALLET_SECTIONS,
  examples: [
    ["tolldns wallet balance", "of the wallet in the data folder"],
    ["tolldns wallet balance --json | jq -r .free", "micro-IU, for scripts"],
  ],
  async action(run) {
    const holdings = await read(await openWallet(run));
    run.out.result(holdingsJson(holdings), describeHoldings(holdings));
  },
};

export const fundCommand: CommandSpec = {
  name: "fund",
  about: "Take SOL and Index Units from the faucet of a development chain.",
  args: [["[amount]", "Index Units (default: 100)"]],
  sections: WALLET_SECTIONS,
  examples: [
    ["tolldns wallet fund", "1 SOL for fees and 100 IU"],
    ["tolldns wallet fund 5", "only 5 IU"],
  ],
  async action(run) {
    const amount = parseAmount(run.args[0] ?? "100");
    const wallet = await openWallet(run);
    await giveTokens(wallet.rpc, run.settings("general").data, wallet.signer.publicKey, amount);
    await report(run, wallet, `Got ${formatIu(amount)} IU`, { amount });
  },
};

export const depositCommand: CommandSpec = {
  name: "deposit",
  about: "Move Index Units from the wallet to escrow.",
  args: [["<amount>", "Index Units, or all"]],
  sections: WALLET_SECTIONS,
  examples: [
    ["tolldns wallet deposit 10", "10 IU"],
    ["tolldns wallet deposit all", "everything the wallet has"],
  ],
  async action(run) {
    const wallet = await openWallet(run);
    const { tokens } = await read(wallet);
    const amount = parseAmount(run.args[0] ?? "", tokens);
    if (amount > tokens) throw short("the wallet has", tokens, amount);
    const { deployment } = wallet.escrow;
    const owner = wallet.signer.publicKey;
    const source = deriveTokenAccount(owner, deployment.mint, deployment.tokenProgram).address;
    const signature = await wallet.rpc.send(
      [deposit({ deployment, owner, source, amount })],
      [wallet.signer],
      deployment.escrow,
    );
    await report(run, wallet, `Deposited ${formatIu(amount)} IU`, { amount, signature });
  },
};

export const withdrawCommand: CommandSpec = {
  name: "withdraw",
  about:
    "Move Index Units from escrow to the wallet. What lanes hold comes back with `tolldns wallet close`.",
  args: [["<amount>", "Index Units, or all"]],
  sections: WALLET_SECTIONS,
  examples: [
    ["tolldns wallet withdraw 2.5", "2.5 IU"],
    ["tolldns wallet withdraw all", "the whole free balance"],
  ],
  async action(run) {
    const wallet = await openWallet(run);
    const { free } = await read(wallet);
    const amount = parseAmount(run.args[0] ?? "", free);
    if (amount > free) throw short("the free balance is", free, amount);
    const { deployment } = wallet.escrow;
    const owner = wallet.signer.publicKey;
    const account = createTokenAccount(owner, owner, deployment);
    const signature = await wallet.rpc.send(
      [account.instruction, withdraw({ deployment, owner, destination: account.address, amount })],
      [wallet.signer],
      deployment.escrow,
    );
    await report(run, wallet, `Withdrew ${formatIu(amount)} IU`, { amount, signature });
  },
};

function parseAmount(text: string, all?: bigint): bigint {
  if (text === "all" && all !== undefined && all > 0n) return all;
  try {
    const amount = parseIu(text);
    if (amount > 0n) return amount;
  } catch {
    // Said below, in the words of a command line.
  }
  throw new CliError(
    "usage",
    text === "all" ? "there is nothing to move" : `${JSON.stringify(text)} is not an amount`,
    "Write Index Units with at most six decimals, such as 10 or 0.25; `all` where there is something.",
  );
}

function short(what: string, has: bigint, wanted: bigint): CliError {
  return new CliError(
    "funds-short",
    `${what} ${formatIu(has)} IU, less than ${formatIu(wanted)}`,
    "Name less, or `all`; `tolldns wallet balance` shows what is where.",
  );
}

const read = ({ rpc, escrow, signer }: OpenWallet) => readHoldings(rpc, escrow, signer.publicKey);

async function report(run: Run, wallet: OpenWallet, done: string, facts: object) {
  const holdings = await read(wallet);
  const { signature } = facts as { signature?: string };
  const lines = [
    `${done}.`,
    ...(signature === undefined ? [] : [`Transaction ${signature}`]),
    "",
    describeHoldings(holdings),
  ];
  run.out.result(
    { ...facts, ...holdingsJson(holdings), owner: formatAddress(wallet.signer.publicKey) },
    lines.join("\n"),
  );
}
