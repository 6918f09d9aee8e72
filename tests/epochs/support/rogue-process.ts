import { createConnection, startFeed, startWitness } from "@tolldns/keepers";
import { bytesEqual } from "@tolldns/sdk";
import { createSignerNode } from "@tolldns/sdk/node";
import { attest, createQuorumDeployment, isQuorum, tally } from "@tolldns/sdk/quorum";
import { keySeedOf } from "../../keepers/world/seeds.ts";
import { digestOf, emptyOutcome, falseOutcome, propose, readBait, readEpoch, seatOf } from "./rogue.ts";
import { sendAll } from "./send.ts";
import type { WitnessArguments } from "./witness.ts";

// A member that misbehaves, as a process of its own. It is honest until it gets SIGUSR2, then does what `manner` says:
//   two-faced  votes as it should, and signs an empty epoch as well
//   liar       proposes a root that is none, and votes as it should as well
//   silent     keeps its feed up and never votes (from the start)
//   cartel     votes for the same false root as the others of its kind, on chain too, and has it tallied

/** What the process is told. */
export interface RogueArguments extends WitnessArguments {
  readonly manner: "two-faced" | "liar" | "silent" | "cartel";
  /** File with what to abuse; written before the signal. */
  readonly bait: string;
  readonly stake: string;
  readonly names: string;
}

const LOOK_MS = 400;

const told = JSON.parse(process.argv[2] ?? "{}") as RogueArguments;
const connection = createConnection(told.rpcUrl);
const key = createSignerNode(keySeedOf(told.key));
const feePayer = createSignerNode(keySeedOf(told.payer));
const deployment = createQuorumDeployment(told);
const common = {
  connection,
  quorum: told.quorum,
  store: { path: told.path },
  listen: { host: "127.0.0.1", port: told.port },
  policy: { intervalSeconds: told.intervalSeconds },
  log: () => {},
};
const node =
  told.manner === "silent"
    ? await startFeed(common)
    : await startWitness({
        ...common,
        key,
        feePayer,
        voting: { patience: told.patience, pause: 0.5, omissionMargin: 3, attest: false },
      });
process.stdout.write(`${node.url}\n`);

const done = new Set<bigint>();
let ended = false;

/** One epoch's misdeed, once. */
async function misbehave(): Promise<void> {
  const epoch = await readEpoch(connection, told.quorum);
  if (epoch === null || epoch.status !== "voting") return;
  const bait = readBait(told.bait);
  const seat = seatOf(epoch, key);
  if (seat === undefined || epoch.number < BigInt(bait.fromEpoch)) return;
  const { outcome, step } = falseOutcome(epoch, bait);
  if (told.manner === "cartel") return conspire(epoch, seat, outcome, step, bait.peers);
  if (done.has(epoch.number)) return;
  done.add(epoch.number);
  if (told.manner === "liar") await propose(key, epoch, outcome, [step], bait.peers);
  if (told.manner === "two-faced") await propose(key, epoch, emptyOutcome(epoch), [], bait.peers);
}

async function conspire(
  epoch: NonNullable<Awaited<ReturnType<typeof readEpoch>>>,
  seat: NonNullable<ReturnType<typeof seatOf>>,
  outcome: ReturnType<typeof falseOutcome>["outcome"],
  step: ReturnType<typeof falseOutcome>["step"],
  peers: readonly string[],
): Promise<void> {
  const digest = digestOf(epoch, outcome);
  if (!done.has(epoch.number)) {
    done.add(epoch.number);
    await propose(key, epoch, outcome, [step], peers);
  }
  if (seat.vote === undefined && !seat.struck) {
    const instruction = attest({
      deployment,
      epoch: epoch.number,
      witness: key.publicKey,
      seat: seat.seat,
      digest,
    });
    await sendAll(connection, [{ signers: [feePayer, key], instructions: [instruction] }]);
    return;
  }
  const votes = epoch.members.filter(
    ({ vote, struck }) => !struck && vote !== undefined && bytesEqual(vote, digest),
  );
  const weight = votes.reduce((sum, member) => sum + member.weight, 0n);
  if (!isQuorum(weight, epoch.weight)) return;
  const instruction = tally({ deployment, epoch: epoch.number, outcome });
  await sendAll(connection, [{ signers: [feePayer], instructions: [instruction] }]);
}

process.once("SIGUSR2", async () => {
  // Its feed goes, and it votes no more but as its kind agreed.
  if (told.manner === "cartel") await node.close();
  while (!ended) {
    // Another of its kind may have been faster, or the chain be away.
    await misbehave().catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
});
process.once("SIGTERM", () => {
  ended = true;
  void node.close().finally(() => process.exit(0));
});
