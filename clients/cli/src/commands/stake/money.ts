import { formatAddress, readU64 } from "@tolldns/sdk";
import {
  ACCOUNT_DISCRIMINATORS,
  cancelExit,
  decodeExit,
  decodePosition,
  derivePosition,
  type Exit,
  type Position,
  requestExit,
  sharesFor,
  stake,
  sync,
  weightOf,
  withdraw,
  worthOf,
} from "@tolldns/sdk/stake";
import type { CommandSpec } from "../../command.ts";
import { CliError } from "../../errors.ts";
import { formatNative, parseNative } from "../../stake/amounts.ts";
import {
  type FoundOperator,
  proveSync,
  requireOperator,
  type StakeSession,
  sendStake,
} from "../../stake/program.ts";
import { chainTime } from "../../wallet/rpc.ts";
import { createTokenAccount } from "../../wallet/token.ts";
import { moment, numberOf } from "../name/open.ts";
import { nativeAccount, OPERATOR_FLAG, openStake, ownerOf, STAKE_SECTIONS } from "./open.ts";

export const addCommand: CommandSpec = {
  name: "add",
  about: "Stake native tokens of the wallet with an operator, your own or another's.",
  args: [["<amount>", "native tokens, or all"]],
  sections: STAKE_SECTIONS,
  flags: [
    OPERATOR_FLAG,
    ["--tier <number>", "0 to 3: locked for longer, weighs more (default: the present one, else 0)"],
  ],
  examples: [
    ["tolldns stake add 50000", "with your own operator"],
    ["tolldns stake add 500 --operator <owner> --tier 2", "with somebody else's, locked for longer"],
  ],
  async action(run) {
    const session = await openStake(run);
    const { rpc, signer } = session;
    const { deployment } = session.stake;
    const owner = ownerOf(run, session);
    const found = await requireOperator(rpc, session.stake, owner);
    const source = nativeAccount(session);
    const account = await rpc.readAccount(source);
    const has = account === null ? 0n : readU64(account.data, 64);
    const amount = run.args[0] === "all" && has > 0n ? has : parseNative(run.args[0] ?? "");
    if (amount > has)
      throw new CliError(
        "funds-short",
        `the wallet has ${formatNative(has)} native tokens, less than ${formatNative(amount)}`,
        "Name less, or `all`; `tolldns stake fund` gives some on a development chain.",
      );
    const position = await readPosition(session, found);
    const tier = numberOf(run, "tier", position?.tier ?? 0, 0, 3);
    const signature = await sendStake(session, [
      stake({ deployment, owner, staker: signer.publicKey, source, amount, tier }),
    ]);
    const lock = session.stake.config.terms.tiers[tier]?.lock ?? 0;
    run.out.result(
      { operator: formatAddress(owner), amount, tier, signature },
      `Staked ${formatNative(amount)} in tier ${tier}, locked for ${Math.round(lock / 86_400)} days. It counts from the next freeze after the tree knows it.\nTransaction ${signature}`,
    );
  },
};

export const fundCommand: CommandSpec = {
  name: "fund",
  about: "Take SOL and native tokens from the faucet of a development chain.",
  args: [["[amount]", "native tokens (default: 100000)"]],
  sections: STAKE_SECTIONS,
  examples: [["tolldns stake fund", "to try staking"]],
  async action(run) {
    const session = await openStake(run);
    const amount = parseNative(run.args[0] ?? "100000");
    const { giveNative } = await import("../../wallet/faucet.ts");
    await giveNative(session.rpc, run.settings("general").data, session.signer.publicKey, amount);
    run.out.result(
      { amount, owner: formatAddress(session.signer.publicKey) },
      `Got ${formatNative(amount)} native tokens.`,
    );
  },
};

export const exitCommand: CommandSpec = {
  name: "exit",
  about:
    "Begin to take stake out. It weighs nothing from then on, can still be slashed for what was done before, and is due after the exit delay.",
  args: [["<amount>", "native tokens, or all"]],
  sections: STAKE_SECTIONS,
  flags: [OPERATOR_FLAG],
  examples: [["tolldns stake exit 1000", "each exit has a clock of its own"]],
  async action(run) {
    const session = await openStake(run);
    const { rpc, signer } = session;
    const { deployment, stake: program } = { ...session.stake, stake: session.stake };
    const owner = ownerOf(run, session);
    const found = await requireOperator(rpc, program, owner);
    const position = await requirePosition(session, found);
    const shares = sharesOf(run.args[0] ?? "", found, position);
    const proof = await proveSync(rpc, program, found);
    const number = position.nextExit;
    const signature = await sendStake(session, [
      requestExit({ deployment, owner, staker: signer.publicKey, number, shares, proof }),
    ]);
    const readyAt = (await chainTime(rpc)) + BigInt(program.config.terms.exitDelay);
    const worth = worthOf(found.operator, shares);
    run.out.result(
      { operator: formatAddress(owner), number, shares, worth, readyAt, signature },
      `Exit ${number}: ${formatNative(worth)} at the present value, due ${moment(readyAt)}. Then run \`tolldns stake withdraw\`; until then \`tolldns stake cancel ${number}\` keeps it in.\nTransaction ${signature}`,
    );
  },
};

function sharesOf(text: string, { operator }: FoundOperator, position: Position): bigint {
  if (text === "all") return position.shares;
  const shares = sharesFor(operator, parseNative(text)) ?? 0n;
  if (shares > 0n && shares <= position.shares) return shares;
  throw new CliError(
    "funds-short",
    `the position is worth ${formatNative(worthOf(operator, position.shares))}`,
    "Name less, or `all`; `tolldns stake status` shows it.",
  );
}

export const cancelCommand: CommandSpec = {
  name: "cancel",
  about: "Keep in what an exit would take out.",
  args: [["<number>", "of the exit, as `tolldns stake status` shows it"]],
  sections: STAKE_SECTIONS,
  flags: [OPERATOR_FLAG],
  examples: [["tolldns stake cancel 0", "it weighs again"]],
  async action(run) {
    const session = await openStake(run);
    const owner = ownerOf(run, session);
    const { deployment } = session.stake;
    const number = Number(run.args[0]);
    if (!/^\d{1,9}$/.test(run.args[0] ?? ""))
      throw new CliError("usage", "an exit is named by its number", "`tolldns stake status` lists them.");
    const signature = await sendStake(session, [
      cancelExit({ deployment, owner, staker: session.signer.publicKey, number }),
    ]);
    run.out.result({ number, signature }, `Exit ${number} is taken back.\nTransaction ${signature}`);
  },
};

export const withdrawCommand: CommandSpec = {
  name: "withdraw",
  about: "Take out what is due.",
  sections: STAKE_SECTIONS,
  flags: [OPERATOR_FLAG],
  examples: [["tolldns stake withdraw", "every exit whose time has come"]],
  async action(run) {
    const session = await openStake(run);
    const { rpc, signer } = session;
    const { deployment } = session.stake;
    const owner = ownerOf(run, session);
    const found = await requireOperator(rpc, session.stake, owner);
    const [exits, now] = await Promise.all([readExits(session, found), chainTime(rpc)]);
    const due = exits.filter(({ readyAt }) => now >= readyAt);
    const account = createTokenAccount(signer.publicKey, signer.publicKey, deployment);
    const done: { number: number; worth: bigint; signature: string }[] = [];
    for (const { number, shares } of due) {
      const worth = worthOf(found.operator, shares);
      const signature = await sendStake(session, [
        account.instruction,
        withdraw({ deployment, owner, staker: signer.publicKey, number, destination: account.address }),
      ]);
      done.push({ number, worth, signature });
    }
    const waiting = exits.filter(({ readyAt }) => now < readyAt);
    run.out.result(
      { withdrawn: done, waiting: waiting.map(({ number, readyAt }) => ({ number, readyAt })) },
      [
        ...done.map(
          ({ number, worth, signature }) =>
            `Exit ${number}: ${formatNative(worth)} are in the wallet, transaction ${signature}`,
        ),
        ...waiting.map(({ number, readyAt }) => `Exit ${number} is due ${moment(readyAt)}.`),
        ...(exits.length === 0 ? ["Nothing is on its way out. `tolldns stake exit <amount>` begins."] : []),
      ].join("\n"),
    );
  },
};

export const syncCommand: CommandSpec = {
  name: "sync",
  about: "Bring what an operator weighs into the tree that committees are drawn from. Anyone may.",
  sections: STAKE_SECTIONS,
  flags: [OPERATOR_FLAG],
  examples: [["tolldns stake sync", "quorum keepers do it before each freeze"]],
  async action(run) {
    const session = await openStake(run);
    const owner = ownerOf(run, session);
    const { deployment, config } = session.stake;
    const found = await requireOperator(session.rpc, session.stake, owner);
    const proof = await proveSync(session.rpc, session.stake, found);
    const signature = await sendStake(session, [sync({ deployment, owner, proof })]);
    const weight = weightOf(found.operator, config.terms.leastSelfStake);
    run.out.result(
      { operator: formatAddress(owner), weight, signature },
      `The tree has it at weight ${formatNative(weight)}.\nTransaction ${signature}`,
    );
  },
};

/** What the wallet has with an operator, or null. */
export async function readPosition(
  { rpc, stake: { deployment }, signer }: StakeSession,
  { address }: FoundOperator,
): Promise<Position | null> {
  const account = await rpc.readAccount(derivePosition(deployment.stake, address, signer.publicKey).address);
  return account === null ? null : decodePosition(account.data);
}

async function requirePosition(session: StakeSession, found: FoundOperator): Promise<Position> {
  const position = await readPosition(session, found);
  if (position !== null) return position;
  throw new CliError(
    "operator-missing",
    "this wallet has nothing staked there",
    "`tolldns stake add` stakes; --operator names whose operator is meant.",
  );
}

/** Where an Exit has the address of its position. */
const EXIT_POSITION = 32;

/** The wallet's exits from an operator, by number. */
export async function readExits(
  { rpc, stake: { deployment }, signer }: StakeSession,
  { address }: FoundOperator,
): Promise<Exit[]> {
  const position = derivePosition(deployment.stake, address, signer.publicKey).address;
  const rows = await rpc.readProgramAccounts(deployment.stake, Uint8Array.from(ACCOUNT_DISCRIMINATORS.Exit), {
    offset: EXIT_POSITION,
    bytes: position,
  });
  return rows.map(({ data }) => decodeExit(data)).sort((a, b) => a.number - b.number);
}
