import { formatAddress } from "@tolldns/sdk";
import { type Exit, type OperatorNode, type Position, weightOf, worthOf } from "@tolldns/sdk/stake";
import type { CommandSpec, Run } from "../../command.ts";
import { formatNative } from "../../stake/amounts.ts";
import { type FoundOperator, readNodes, readOperator } from "../../stake/program.ts";
import { chainTime } from "../../wallet/rpc.ts";
import { moment } from "../name/open.ts";
import {
  addCommand,
  cancelCommand,
  exitCommand,
  fundCommand,
  readExits,
  readPosition,
  syncCommand,
  withdrawCommand,
} from "./money.ts";
import { nodeCommand } from "./node.ts";
import { OPERATOR_FLAG, openStake, ownerOf, STAKE_SECTIONS } from "./open.ts";
import { operatorCommand } from "./operator.ts";

const statusCommand: CommandSpec = {
  name: "status",
  about: "Show an operator, what it weighs, its machines, and what this wallet has with it.",
  sections: STAKE_SECTIONS,
  flags: [OPERATOR_FLAG],
  examples: [
    ["tolldns stake status", "your own"],
    ["tolldns stake status --operator <owner> --json", "another, for scripts"],
  ],
  action: showStatus,
};

async function showStatus(run: Run): Promise<void> {
  const session = await openStake(run);
  const owner = ownerOf(run, session);
  const found = await readOperator(session.rpc, session.stake, owner);
  if (found === null)
    return run.out.result(
      { operator: null },
      `${formatAddress(owner)} is no operator. \`tolldns stake operator register\` makes this wallet one.`,
    );
  const [nodes, position, exits, now] = await Promise.all([
    readNodes(session.rpc, session.stake, found.address),
    readPosition(session, found),
    readExits(session, found),
    chainTime(session.rpc),
  ]);
  const weight = weightOf(found.operator, session.stake.config.terms.leastSelfStake);
  const { operator } = found;
  run.out.result(
    {
      operator: formatAddress(owner),
      account: formatAddress(found.address),
      commissionBps: operator.commissionBps,
      jailed: operator.jailed,
      retired: operator.retired,
      pool: operator.pool,
      weight,
      listed:
        operator.listed === undefined
          ? null
          : { index: operator.listed.index, weight: operator.listed.weight },
      witness: operator.witness === undefined ? null : formatAddress(operator.witness),
      nodes: nodes.map(({ number, role, hotKey, endpoint, region, asn }) => ({
        number,
        role,
        hotKey: formatAddress(hotKey),
        endpoint,
        region,
        asn,
      })),
      position:
        position === null
          ? null
          : {
              worth: worthOf(operator, position.shares),
              tier: position.tier,
              lockedUntil: position.lockedUntil,
            },
      exits: exits.map(({ number, shares, readyAt }) => ({
        number,
        worth: worthOf(operator, shares),
        readyAt,
      })),
    },
    describe(owner, found, weight, nodes, position, exits, now).join("\n"),
  );
}

function describe(
  owner: Uint8Array,
  { operator }: FoundOperator,
  weight: bigint,
  nodes: readonly OperatorNode[],
  position: Position | null,
  exits: readonly Exit[],
  now: bigint,
): string[] {
  const state = operator.retired ? ", retired" : operator.jailed ? ", jailed" : "";
  const tree =
    operator.listed === undefined
      ? "no place in the tree yet: `tolldns stake sync`, or wait for a quorum keeper"
      : operator.listed.weight === weight
        ? `place ${operator.listed.index} in the tree, with that weight`
        : `place ${operator.listed.index} in the tree still holds ${formatNative(operator.listed.weight)}: \`tolldns stake sync\``;
  const until = (end: bigint) => (now >= end ? "now" : moment(end));
  return [
    `Operator   ${formatAddress(owner)}${state}, commission ${operator.commissionBps / 100} %`,
    `Pool       ${formatNative(operator.pool)} native tokens`,
    `Weight     ${formatNative(weight)}; ${tree}`,
    ...(weight === 0n ? [`           It weighs nothing ${whyNot(operator)}`] : []),
    ...nodes.map(
      ({ number, role, hotKey, endpoint }) =>
        `Node ${String(number).padEnd(5)} ${role}, key ${formatAddress(hotKey)}${endpoint === "" ? "" : `, ${endpoint}`}`,
    ),
    ...(position === null
      ? []
      : [
          `Yours      ${formatNative(worthOf(operator, position.shares))} in tier ${position.tier}, free to exit ${until(position.lockedUntil)}`,
        ]),
    ...exits.map(
      ({ number, shares, readyAt }) =>
        `Exit ${String(number).padEnd(5)} ${formatNative(worthOf(operator, shares))}, due ${until(readyAt)}`,
    ),
  ];
}

function whyNot({ jailed, retired, witness }: FoundOperator["operator"]): string {
  if (retired) return "for good: it is retired.";
  if (jailed) return "while it is jailed: `tolldns stake operator unjail` when its time has come.";
  if (witness === undefined)
    return "without a witness: `tolldns witness init`, then `tolldns stake node add --role witness`.";
  return "below the least self-stake: `tolldns stake add`.";
}

export const stakeCommand: CommandSpec = {
  name: "stake",
  about: "Stake with operators, your own or others': what committees of witnesses are drawn by.",
  sections: STAKE_SECTIONS,
  flags: [OPERATOR_FLAG],
  examples: [
    ["tolldns stake", "what there is"],
    ["tolldns stake operator register", "make this wallet an operator"],
    ["tolldns stake add 50000", "stake with it"],
  ],
  commands: [
    operatorCommand,
    nodeCommand,
    addCommand,
    exitCommand,
    cancelCommand,
    withdrawCommand,
    syncCommand,
    statusCommand,
    fundCommand,
  ],
  action: showStatus,
};
