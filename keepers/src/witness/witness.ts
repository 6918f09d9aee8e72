import { type Connection, PublicKey } from "@solana/web3.js";
import { type Signer, toAddress, toBase58, toHex } from "@tolldns/sdk";
import { attest, decodeQuorumConfig, deriveQuorumConfig, type QuorumDeployment } from "@tolldns/sdk/quorum";
import { openRouteChain } from "../feed/chain/solana.ts";
import type { QuorumState } from "../feed/chain/types.ts";
import { fail } from "../feed/errors.ts";
import type { FeedNode } from "../feed/node.ts";
import { type Duty, type RunOptions, runFeed } from "../feed/run.ts";
import { bindStore, type FeedStore } from "../feed/store/open.ts";
import { writeVote } from "../feed/write.ts";
import { createAccuser } from "./accuser.ts";
import { createCourt } from "./court.ts";
import {
  DEFAULT_VOTING_POLICY,
  type RunningWitness,
  type VotingPolicy,
  type WitnessOptions,
  type WitnessStatus,
} from "./options.ts";
import { createReceiptDesk } from "./receipts.ts";
import { createSender, type Sender } from "./send.ts";
import { createVoter } from "./voter.ts";

/** Compute units an attestation takes at most, with the budget instruction before it. */
const ATTEST_UNITS = 10_000;

/**
 * Starts a witness: a feed that also checks, proposes, votes and challenges. Resolves once it listens; what goes wrong later shows in
 * `status()` and is tried again.
 * @throws chain-missing, store-foreign, map-broken, and what RPC node, store and socket answer
 *
 * @example
 * const witness = await startWitness({ connection, quorum, key, feePayer, store: { path: "witness.sqlite" } });
 * // ...
 * await witness.close();
 */
export async function startWitness(options: WitnessOptions): Promise<RunningWitness> {
  const { connection, quorum, key, feePayer, ...rest } = options;
  const chain = await openRouteChain(connection, quorum);
  const account = await connection.getAccountInfo(
    new PublicKey(deriveQuorumConfig(quorum).address),
    "confirmed",
  );
  if (account === null) throw fail("chain-missing", { account: "QuorumConfig" });
  const { stakeProgram, namesProgram } = decodeQuorumConfig(account.data);
  const deployment = { quorum: toAddress(quorum), stake: stakeProgram, names: namesProgram };
  const sender = feePayer === undefined ? null : createSender(connection, feePayer);
  return runWitness({ ...rest, connection, chain, key, deployment, sender });
}

/** Options with the chain as this package sees it. */
export interface RunWitnessOptions extends RunOptions {
  /** What proofs are read by and sent over; null where only votes are made. */
  readonly connection: Connection | null;
  readonly key: Signer;
  readonly deployment: QuorumDeployment;
  readonly sender: Sender | null;
  readonly voting?: Partial<VotingPolicy>;
}

/** Runs a witness on whatever speaks for the chain. */
export async function runWitness(options: RunWitnessOptions): Promise<RunningWitness> {
  const { connection, key, deployment, sender, voting, ...rest } = options;
  const policy: VotingPolicy = { ...DEFAULT_VOTING_POLICY, ...voting };
  const { feed, duty } = await runFeed({ ...rest, self: key.publicKey }, async (node) => {
    await bindStore(node.store, "witness", key.publicKey);
    return createDuty(node, {
      connection,
      key,
      policy,
      deployment,
      sender,
      first: await rest.chain.readState(),
    });
  });
  if (duty === null) throw new TypeError("a witness has a duty");
  return {
    ...feed,
    status: (): WitnessStatus => ({ ...feed.status(), witness: toBase58(key.publicKey), ...duty.status() }),
  };
}

interface DutyOptions {
  readonly connection: Connection | null;
  readonly key: Signer;
  readonly policy: VotingPolicy;
  readonly deployment: QuorumDeployment;
  readonly sender: Sender | null;
  readonly first: QuorumState;
}

interface WitnessDuty extends Duty {
  status(): Pick<WitnessStatus, "lastVote" | "votes" | "challenges" | "equivocations" | "lastRefusal">;
}

async function createDuty(node: FeedNode, options: DutyOptions): Promise<WitnessDuty> {
  const { connection, key, policy, deployment, sender, first } = options;
  const { store, hall, clock, log } = node;
  const court = createCourt({ node, deployment, sender, omissionMargin: policy.omissionMargin });
  const accuser = createAccuser(
    node,
    sender === null || connection === null ? null : { connection, deployment, sender },
    key.publicKey,
  );
  const desk = createReceiptDesk(node, key);
  const voter = createVoter({
    node,
    key,
    policy,
    court,
    abstainIn: await lostEpoch(store, first),
    attest:
      sender === null || !policy.attest
        ? null
        : async (epoch, seat, digest) => {
            const instruction = attest({ deployment, epoch, witness: key.publicKey, seat, digest });
            await sender.send([instruction], ATTEST_UNITS, [key]);
          },
  });
  const last = await store.votes.lastOwn();
  let lastVote: WitnessStatus["lastVote"] =
    last === null ? null : { epoch: last.epoch, digest: toHex(last.digest) };
  const ending = new AbortController();
  let timer: AbortController | null = null;

  /** Another look when the voter asked for one. */
  function schedule(seconds: number | null): void {
    timer?.abort();
    timer = null;
    if (seconds === null || ending.signal.aborted) return;
    const own = new AbortController();
    timer = own;
    clock.sleep(Math.max(0.05, seconds), own.signal).then(() => {
      if (!own.signal.aborted) node.wake();
    });
  }
  hall.onVote((vote) => {
    node.wake();
    // A second vote of one member is everybody's business; of the first, its member tells.
    store.votes
      .heard(vote.epoch)
      .then((heard) => heard.filter(({ witness }) => toHex(witness) === toHex(vote.witness)))
      .then((own) => {
        if (own.length > 1) for (const one of own) node.peers.tellAll("/v1/votes", writeVote(one));
      })
      .catch(() => {});
  });
  hall.onProposal((proposal) => {
    node.wake();
    // So that two different proposals of one member meet before anybody votes.
    node.peers.tellAll("/v1/votes", writeVote(proposal));
  });

  return {
    onState: async (state) => {
      for (const part of [voter, court, accuser]) {
        try {
          await part.onState(state);
        } catch (error) {
          log("warn", "duty failed", { error: error instanceof Error ? error.message : String(error) });
        }
      }
      if (state.epoch !== null)
        desk
          .onEpoch(state.epoch)
          .catch((error: unknown) => log("warn", "receipts not signed", { error: String(error) }));
      const vote = await store.votes.lastOwn();
      lastVote = vote === null ? null : { epoch: vote.epoch, digest: toHex(vote.digest) };
      schedule(voter.wait);
    },
    status: () => ({
      lastVote,
      votes: voter.votes,
      challenges: court.challenges,
      equivocations: accuser.proven,
      lastRefusal: voter.lastRefusal,
    }),
    close: async () => {
      ending.abort();
      timer?.abort();
    },
  };
}

/**
 * A new store knows no vote of an epoch that was already being voted on when it was made: another store of this key may. In that epoch
 * its witness keeps silent, since a second vote would cost its stake.
 */
async function lostEpoch(store: FeedStore, { epoch }: QuorumState): Promise<bigint> {
  const voting = epoch !== null && (epoch.status === "voting" || epoch.status === "attested");
  const kept = await store.keepFact("born in epoch", Buffer.from(String(voting ? epoch.number : 0n)));
  return BigInt(Buffer.from(kept).toString());
}
