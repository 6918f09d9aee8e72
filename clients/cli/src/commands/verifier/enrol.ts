import { bytesEqual } from "@tolldns/sdk";
import { enroll, openRoster } from "@tolldns/sdk/policy";
import { WeightTree } from "@tolldns/sdk/stake";
import type { CommandSpec, Run } from "../../command.ts";
import { CliError } from "../../errors.ts";
import { findPolicy, readRoster, sendPolicy } from "../../policy/program.ts";
import { fullTime } from "../../policy/when.ts";
import { findStake } from "../../stake/program.ts";
import { nextOpening, readStanding, whatIsMissing } from "../../verifier/standing.ts";
import { chainTime, createRpc } from "../../wallet/rpc.ts";
import { rpcUrl } from "../wallet/open.ts";
import { readVerifierKey, VERIFIER_SECTIONS } from "./run.ts";

export const enrolCommand: CommandSpec = {
  name: "enrol",
  about:
    "Take a seat in the roster that is open for enrolment, and open one if it is time. A running verifier does it by itself.",
  sections: VERIFIER_SECTIONS,
  examples: [["tolldns verifier enrol", "says what is missing where it can't"]],
  action: enrol,
};

/** Everything a command on one's own verifier works with. */
export async function openVerifier(run: Run) {
  const rpc = createRpc(rpcUrl(run));
  const key = readVerifierKey(run);
  const { policyProgram, stakeProgram } = run.settings("chain");
  const [program, stake, now] = await Promise.all([
    findPolicy(rpc, policyProgram),
    findStake(rpc, stakeProgram),
    chainTime(rpc),
  ]);
  return { rpc, key, program, stake, standing: await readStanding(rpc, program, stake, key.publicKey, now) };
}

async function enrol(run: Run): Promise<void> {
  const { rpc, key, program, standing } = await openVerifier(run);
  const { node, operator, newest, newestSeat, now, operators } = standing;
  if (newestSeat !== null && newest !== null && !newestSeat.struck)
    return run.out.result(
      { roster: newest.number, seat: newestSeat.seat, from: newest.enrolmentEnds, changed: false },
      `It has seat ${newestSeat.seat} of roster ${newest.number} already, in force from ${fullTime(Number(newest.enrolmentEnds))}.`,
    );
  const isOpen = newest !== null && now < newest.enrolmentEnds;
  const listed = operator?.operator.listed;
  const [missing = ""] = whatIsMissing(standing, program, key.publicKey);
  const isReady = missing.includes("tolldns verifier enrol");
  if (node === null || listed === undefined || operator === null || !isReady)
    throw new CliError("verifier-missing", "it can't enrol now", missing);
  const { deployment } = program;
  const payer = key.publicKey;
  if ((await rpc.readAccount(payer)) === null)
    throw new CliError(
      "funds-short",
      "the verifier key has no SOL for fees",
      "Send it some; on a development chain `tolldns wallet fund --key <its file>` does.",
    );
  const tree = WeightTree.of(operators);
  const number = isOpen ? newest.number : program.config.roster + 1n;
  if (isOpen && !bytesEqual(tree.root, newest.snapshot.root))
    throw new CliError(
      "verifier-missing",
      `roster ${number} was opened before the tree of weights became what it is now`,
      `Enrol in the next one: from ${fullTime(Number(nextOpening(program)))} on. A running verifier does it by itself.`,
    );
  const { index, witness, weight } = tree.leaf(listed.index);
  const signature = await sendPolicy(rpc, program, key, [
    ...(isOpen ? [] : [openRoster({ deployment, payer, number })]),
    enroll({
      deployment,
      roster: number,
      hotKey: payer,
      operator: operator.address,
      node: node.address,
      leaf: { index, witness, weight },
      proof: tree.prove(listed.index),
    }),
  ]);
  const roster = await readRoster(rpc, program, number);
  const seat = roster?.seats.find((one) => bytesEqual(one.operator, operator.address))?.seat ?? null;
  run.out.result(
    { roster: number, seat, from: roster?.enrolmentEnds ?? null, changed: true, signature },
    `Seat ${seat} of roster ${number}, in force from ${roster === null ? "then" : fullTime(Number(roster.enrolmentEnds))} on.\nTransaction ${signature}`,
  );
}
