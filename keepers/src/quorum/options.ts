import type { AddressLike, Signer } from "@tolldns/sdk";
import {
  DEFAULT_SENDING_POLICY,
  type InFlight,
  type KeeperOptions,
  type Running,
  type SendingPolicy,
} from "../runtime/options.ts";
import type { TickStatus } from "../runtime/ticks.ts";
import type { EpochStatus } from "./facts.ts";

/** Which epochs to move along, and with what. */
export interface QuorumKeeperOptions extends KeeperOptions {
  /** Pays fees and, until an epoch is closed, its rent; needs no other right. */
  readonly feePayer: Signer;
  /** Quorum program; stake and names are those its configuration names. */
  readonly quorum: AddressLike;
  /** Base URLs of witnesses' feeds to read votes from, beside those that members registered on chain. */
  readonly witnesses?: readonly string[];
  readonly policy?: Partial<QuorumPolicy>;
}

/** When to do what. All of it may differ between keepers of one quorum. */
export interface QuorumPolicy extends SendingPolicy {
  /** Seconds between ticks. Default 2. */
  readonly intervalSeconds: number;
  /** Seconds an epoch may be overdue while operators' changed weights are brought into the tree. Default 20. */
  readonly syncPatienceSeconds: number;
  /** Seconds members have from the moment a vote is seen to attest themselves before it is relayed. Default 3. */
  readonly relayPatienceSeconds: number;
  /** Seconds between two readings of all operators; their weights are also read before every freeze. Default 15. */
  readonly operatorSeconds: number;
  /** Seconds between two looks for names whose token moved without telling the names program; 0 never. Default 60. */
  readonly authoritySeconds: number;
  /** Close ended epochs of this payer, which returns their rent. Default true. */
  readonly closeEpochs: boolean;
  /** Transactions in flight at most. Default 16. */
  readonly maxInFlight: number;
}

/** What of the epoch under way a keeper saw at its last tick. */
export interface EpochProgress {
  readonly number: bigint;
  readonly status: EpochStatus;
  readonly members: number;
  /** Weight of the committee, and of the votes for the digest that has most. */
  readonly weight: bigint;
  readonly voted: bigint;
}

export interface QuorumKeeperStatus extends TickStatus {
  readonly holder: string;
  readonly startedAt: number;
  /** Null before the first epoch. */
  readonly epoch: EpochProgress | null;
  /** Number of the last final epoch, 0 before the first. */
  readonly lastFinal: bigint;
  readonly inFlight: InFlight;
  /** Since the start: transactions finalised and lamports paid for their fees. */
  readonly transactions: number;
  readonly fees: bigint;
}

export type RunningQuorumKeeper = Running<QuorumKeeperStatus>;

export const DEFAULT_QUORUM_POLICY: QuorumPolicy = {
  ...DEFAULT_SENDING_POLICY,
  intervalSeconds: 2,
  syncPatienceSeconds: 20,
  relayPatienceSeconds: 3,
  operatorSeconds: 15,
  authoritySeconds: 60,
  closeEpochs: true,
  maxInFlight: 16,
};
