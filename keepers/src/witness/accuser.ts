import type { Connection } from "@solana/web3.js";
import {
  ASSOCIATED_TOKEN_PROGRAM,
  bytesEqual,
  deriveTokenAccount,
  SYSTEM_PROGRAM,
  toAddress,
} from "@tolldns/sdk";
import { proveEquivocation, type QuorumDeployment, type ShownVote } from "@tolldns/sdk/quorum";
import { type Instruction, paying, readonly, writable } from "@tolldns/sdk/transaction";
import { readOperators, readStakeConfig } from "../feed/chain/operators.ts";
import type { EpochState, QuorumState } from "../feed/chain/types.ts";
import type { FeedNode } from "../feed/node.ts";
import type { Vote } from "../feed/store/votes.ts";
import { type Cheat, countBallot } from "./ballot.ts";
import type { Sender } from "./send.ts";

/** Takes members that voted twice to the chain. */
export interface Accuser {
  onState(state: QuorumState): Promise<void>;
  readonly proven: number;
}

/** Proofs are made with what only the chain tells. */
export interface AccuserChain {
  readonly connection: Connection;
  readonly deployment: QuorumDeployment;
  readonly sender: Sender;
}

/** Seconds each seat leaves to those before it, so that not all send the same proof. */
const TURN_SECONDS = 1;
const RETRY_SECONDS = 5;

/** `chain` null: cheats are only reported. */
export function createAccuser(node: FeedNode, chain: AccuserChain | null, self: Uint8Array): Accuser {
  const { store, log, clock } = node;
  const nextAt = new Map<string, number>();
  let proven = 0;

  async function accuse(epoch: EpochState, { seat, votes }: Cheat): Promise<void> {
    if (chain === null) return;
    const instructions = await proofOf(chain, epoch, seat, votes);
    if (instructions === null) return log("warn", "no operator in this seat", { epoch: epoch.number, seat });
    const result = await chain.sender.sendIfGood(...instructions);
    if ("error" in result) log("info", "proof not taken", { epoch: epoch.number, seat, error: result.error });
    else {
      proven++;
      log("info", "equivocation proven", { epoch: epoch.number, seat, signature: result.signature });
    }
  }

  return {
    get proven() {
      return proven;
    },
    onState: async ({ epoch }) => {
      if (epoch === null || epoch.members.length === 0) return;
      const { cheats } = countBallot(epoch, await store.votes.heard(epoch.number));
      for (const cheat of cheats) {
        const id = `${epoch.number} ${cheat.seat}`;
        const at = nextAt.get(id);
        if (at === undefined) {
          log("error", "a member voted twice", { epoch: epoch.number, seat: cheat.seat });
          const own = epoch.members.findIndex(({ witness }) => bytesEqual(witness, self));
          nextAt.set(id, clock.now() + TURN_SECONDS * (own < 0 ? epoch.members.length : own));
        } else if (clock.now() >= at) {
          nextAt.set(id, clock.now() + RETRY_SECONDS);
          await accuse(epoch, cheat);
        }
      }
    },
  };
}

/** Opens the reporter's token account if need be, and proves; null if the seat's operator can't be found. */
async function proofOf(
  { connection, deployment, sender }: AccuserChain,
  epoch: EpochState,
  seat: number,
  votes: readonly Vote[],
): Promise<[Instruction, Instruction] | null> {
  const { mint, tokenProgram, treasury } = await readStakeConfig(connection, deployment.stake);
  const place = epoch.members[seat]?.operator;
  const operators = await readOperators(connection, deployment.stake);
  const found = operators.find(({ operator }) => operator.listed?.index === place);
  const shown = votes.map((vote): ShownVote => ({ outcome: vote, signature: vote.signature }));
  const [first, second] = shown;
  if (found === undefined || first === undefined) return null;
  const reporterTokens = deriveTokenAccount(sender.payer, mint, tokenProgram).address;
  // CreateIdempotent of the associated token program: does nothing where the account is there.
  const open: Instruction = {
    program: toAddress(ASSOCIATED_TOKEN_PROGRAM),
    accounts: [
      paying(sender.payer),
      writable(reporterTokens),
      readonly(sender.payer),
      readonly(mint),
      readonly(SYSTEM_PROGRAM),
      readonly(tokenProgram),
    ],
    data: Uint8Array.of(1),
  };
  const proof = proveEquivocation({
    deployment,
    epoch: epoch.number,
    stake: { mint, tokenProgram, treasury },
    seat,
    operator: found.address,
    reporterTokens,
    votes: second === undefined ? [first] : [first, second],
  });
  return [open, proof];
}
