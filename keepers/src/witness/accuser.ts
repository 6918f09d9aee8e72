import { bytesEqual } from "@tolldns/sdk";
import type { QuorumDeployment } from "@tolldns/sdk/quorum";
import type { QuorumState } from "../feed/chain/types.ts";
import type { FeedNode } from "../feed/node.ts";
import { countBallot } from "./ballot.ts";
import type { Sender } from "./send.ts";

/** Takes members that voted twice to the chain. */
export interface Accuser {
  onState(state: QuorumState): Promise<void>;
  readonly proven: number;
}

/** Seconds each seat leaves to those before it, so that not all send the same proof. */
const TURN_SECONDS = 1;

export function createAccuser(
  node: FeedNode,
  _deployment: QuorumDeployment,
  _sender: Sender | null,
  self: Uint8Array,
): Accuser {
  const { store, log, clock } = node;
  const seenAt = new Map<string, number>();
  const proven = 0;
  return {
    get proven() {
      return proven;
    },
    onState: async ({ epoch }) => {
      if (epoch === null || epoch.members.length === 0) return;
      const { cheats } = countBallot(epoch, await store.votes.heard(epoch.number));
      for (const { seat, votes } of cheats) {
        const id = `${epoch.number} ${seat}`;
        const since = seenAt.get(id) ?? clock.now();
        seenAt.set(id, since);
        const own = epoch.members.findIndex(({ witness }) => bytesEqual(witness, self));
        if (clock.now() < since + TURN_SECONDS * (own < 0 ? epoch.members.length : own)) continue;
        log("error", "a member voted twice", { epoch: epoch.number, seat, votes: votes.length });
      }
    },
  };
}
