import { setTimeout as sleep } from "node:timers/promises";
import { formatAddress, toHex } from "@tolldns/sdk";
import type { Epoch } from "@tolldns/sdk/quorum";
import type { CommandSpec, Run } from "../../command.ts";
import { challengeText, readEpochs, votedWeight } from "../../epochs/read.ts";
import { CliError } from "../../errors.ts";
import { findQuorum, type Quorum } from "../../names/quorum.ts";
import { chainTime, createRpc, type Rpc } from "../../wallet/rpc.ts";
import { moment } from "../name/open.ts";
import { rpcUrl } from "../wallet/open.ts";

export const showCommand: CommandSpec = {
  name: "show",
  about: "Show an epoch: its committee, votes and end, and the root clients trust.",
  args: [["[number]", "which one (default: the last frozen)"]],
  sections: ["chain"],
  examples: [
    ["tolldns epoch show", "the present one"],
    ["tolldns epoch show 12 --json", "an earlier one, for scripts"],
  ],
  async action(run) {
    const { rpc, quorum } = await open(run);
    const number = numberOf(run.args[0], quorum.epoch);
    const [[epoch], now] = await Promise.all([readEpochs(rpc, quorum, number, 1), chainTime(rpc)]);
    if (epoch === undefined || epoch.number !== number) {
      if (run.args[0] !== undefined)
        throw new CliError(
          "chain-refused",
          `the chain has no epoch ${number}`,
          "It never began, or was closed: only the last ones stay.",
        );
      return run.out.result({ epoch: null, final: finalJson(quorum) }, describeFinal(quorum));
    }
    run.out.result(
      { epoch: epochJson(epoch), final: finalJson(quorum) },
      [...describeEpoch(epoch, now), "", describeFinal(quorum)].join("\n"),
    );
  },
};

/** Milliseconds between two looks. */
const LOOK_MS = 1_000;

export const watchCommand: CommandSpec = {
  name: "watch",
  about: "Follow epochs: a line for each step, until Ctrl-C or as many final ones as asked.",
  sections: ["chain"],
  flags: [["--finals <number>", "end after so many epochs became final"]],
  examples: [
    ["tolldns epoch watch", "until Ctrl-C"],
    ["tolldns epoch watch --finals 1 --json", "until the next one is final"],
  ],
  async action(run) {
    const { rpc, quorum: first } = await open(run);
    const wanted = run.flags.finals === undefined ? undefined : BigInt(String(run.flags.finals));
    const begun = first.finals;
    const program = run.settings("chain").quorumProgram;
    let last = "";
    for (;;) {
      const quorum = await findQuorum(rpc, program);
      const [epoch] = await readEpochs(rpc, quorum, quorum.epoch, 1);
      const line = epoch === undefined ? "no epoch yet" : describeLine(epoch);
      if (line !== last) {
        if (epoch !== undefined) run.out.event({ event: "epoch", ...epochJson(epoch) });
        run.out.say(line);
      }
      last = line;
      if (wanted !== undefined && quorum.finals - begun >= wanted) return;
      await sleep(LOOK_MS);
    }
  },
};

async function open(run: Run): Promise<{ readonly rpc: Rpc; readonly quorum: Quorum }> {
  const rpc = createRpc(rpcUrl(run));
  return { rpc, quorum: await findQuorum(rpc, run.settings("chain").quorumProgram) };
}

function numberOf(text: string | undefined, otherwise: bigint): bigint {
  if (text === undefined) return otherwise;
  if (/^\d{1,19}$/.test(text)) return BigInt(text);
  throw new CliError("usage", `${JSON.stringify(text)} is no epoch`, "Epochs are numbered from 1.");
}

const finalJson = ({ final }: Quorum) =>
  final === undefined ? null : { epoch: final.epoch, root: final.root, at: final.at };

const describeFinal = ({ final }: Quorum): string =>
  final === undefined
    ? "No epoch is final yet."
    : `Clients trust epoch ${final.epoch}, root ${toHex(final.root)}, final since ${moment(final.at)}.`;

/** As `--json` tells it: weights in base units, hashes hex, addresses base58, times Unix seconds. */
const epochJson = (epoch: Epoch) => ({
  number: epoch.number,
  status: epoch.status,
  frozenAt: epoch.frozenAt,
  deadline: epoch.frozenAt + BigInt(epoch.terms.length),
  stake: epoch.snapshot.total,
  weight: epoch.weight,
  voted: votedWeight(epoch),
  members: epoch.members.map(({ seat, witness, weight, vote, struck, slashed }) => ({
    seat,
    witness: formatAddress(witness),
    weight,
    vote: vote ?? null,
    struck,
    slashed,
  })),
  attested:
    epoch.attested === undefined
      ? null
      : { at: epoch.attested.at, root: epoch.attested.root, updates: epoch.attested.count },
  endedAt: epoch.endedAt ?? null,
  challenge: challengeText(epoch),
});

const percent = (part: bigint, whole: bigint): string =>
  whole === 0n ? "0 %" : `${Number((part * 1_000n) / whole) / 10} %`;

function describeLine(epoch: Epoch): string {
  const { number, status, members, weight, attested } = epoch;
  const votes = `${percent(votedWeight(epoch), weight)} of ${members.length} seats' weight voted`;
  const updates = attested === undefined ? "" : `, ${attested.count} updates`;
  const why = challengeText(epoch);
  return `epoch ${number}  ${status}${members.length === 0 ? "" : `, ${votes}${updates}`}${why === null ? "" : `: ${why}`}`;
}

function describeEpoch(epoch: Epoch, now: bigint): string[] {
  const { status, frozenAt, terms, attested, members, weight } = epoch;
  const left = (end: bigint) => (end > now ? `in ${end - now} s` : "over");
  return [
    `Epoch      ${epoch.number}, ${status}`,
    `Frozen     ${moment(frozenAt)}; votes count until the deadline, ${left(frozenAt + BigInt(terms.length))}`,
    `Committee  ${members.length} seats of at most ${terms.committee}, drawn from ${epoch.snapshot.count} operators`,
    `Votes      ${percent(votedWeight(epoch), weight)} of the weight; two thirds are needed`,
    ...(attested === undefined
      ? []
      : [
          `Root       ${toHex(attested.root)}, after ${attested.count} updates`,
          `Window     challenges ${left(attested.at + BigInt(terms.window))}`,
        ]),
    ...(epoch.challenge === undefined ? [] : [`Rejected   ${challengeText(epoch)}`]),
    ...members.map(
      ({ seat, witness, weight: own, vote, struck }) =>
        `  ${String(seat).padStart(2)}  ${formatAddress(witness)}  ${percent(own, weight).padStart(6)}  ${struck ? "struck" : vote === undefined ? "no vote yet" : "voted"}`,
    ),
  ];
}
