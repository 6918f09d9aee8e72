import { bytesEqual, formatAddress, toHex } from "@tolldns/sdk";
import type { Epoch } from "@tolldns/sdk/quorum";
import { type OperatorNode, weightOf } from "@tolldns/sdk/stake";
import type { DnsSnapshot, EpochSnapshot, WitnessSnapshot } from "@tolldns/web";
import { findHeld } from "../commands/name/show.ts";
import { challengeText, readEpochs, votedWeight } from "../epochs/read.ts";
import type { NamesProgram } from "../names/program.ts";
import { findQuorum, type Quorum } from "../names/quorum.ts";
import { type FoundOperator, findStake, readNodes, readOperators } from "../stake/program.ts";
import { chainTime, type Rpc } from "../wallet/rpc.ts";

/** Epochs shown. */
const SHOWN = 9;

/** Reads what the dashboard shows of names and epochs, from the chain. @throws what the RPC throws */
export async function readDns(rpc: Rpc, names: NamesProgram, owner: Uint8Array): Promise<DnsSnapshot> {
  const quorum = await findQuorum(rpc, undefined);
  const stake = await findStake(rpc, formatAddress(quorum.stakeProgram));
  const [now, epochs, own, operators, nodes] = await Promise.all([
    chainTime(rpc),
    readEpochs(rpc, quorum, quorum.epoch, SHOWN),
    findHeld(rpc, names, owner),
    readOperators(rpc, stake),
    readNodes(rpc, stake),
  ]);
  return {
    now: Number(now),
    programs: { names: formatAddress(names.deployment.names), quorum: formatAddress(quorum.program) },
    final: describeFinal(quorum),
    epochs: epochs.map(describeEpoch),
    witnesses: describeWitnesses(operators, nodes, stake.config.terms.leastSelfStake),
    own: own.map(({ name, expiresAt }) => ({ name, expiresAt: Number(expiresAt) })),
  };
}

/** Most shown; a large network has its own explorers. */
const MOST_WITNESSES = 40;

function describeWitnesses(
  operators: readonly FoundOperator[],
  nodes: readonly OperatorNode[],
  leastSelfStake: bigint,
): WitnessSnapshot[] {
  return operators
    .map(({ address, operator }) => ({ address, operator, weight: weightOf(operator, leastSelfStake) }))
    .sort((a, b) => (a.weight < b.weight ? 1 : a.weight > b.weight ? -1 : 0))
    .slice(0, MOST_WITNESSES)
    .map(({ address, operator, weight }) => {
      const isOwn = (node: OperatorNode) => node.role === "witness" && bytesEqual(node.operator, address);
      return {
        operator: formatAddress(operator.owner),
        witness: operator.witness === undefined ? null : formatAddress(operator.witness),
        weight: String(weight),
        jailed: operator.jailed,
        endpoint: nodes.find(isOwn)?.endpoint || null,
      };
    });
}

function describeFinal({ final }: Quorum): DnsSnapshot["final"] {
  if (final === undefined) return null;
  return { epoch: String(final.epoch), root: toHex(final.root), at: Number(final.at) };
}

function describeEpoch(epoch: Epoch): EpochSnapshot {
  const { number, status, frozenAt, terms, snapshot, members, weight, attested, endedAt } = epoch;
  return {
    number: String(number),
    state: status === "none" ? "frozen" : status,
    frozenAt: Number(frozenAt),
    deadline: Number(frozenAt) + terms.length,
    stake: String(snapshot.total),
    seats: members.map((member) => ({
      witness: formatAddress(member.witness),
      weight: String(member.weight),
      voted: member.vote !== undefined,
      struck: member.struck,
    })),
    committee: terms.committee,
    weight: String(weight),
    voted: String(votedWeight(epoch)),
    attested:
      attested === undefined
        ? null
        : {
            at: Number(attested.at),
            until: Number(attested.at) + terms.window,
            root: toHex(attested.root),
            updates: attested.count,
          },
    endedAt: endedAt === undefined ? null : Number(endedAt),
    challenge: challengeText(epoch),
  };
}
