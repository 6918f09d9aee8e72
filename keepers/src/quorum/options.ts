import type { Connection } from "@solana/web3.js";
import type { AddressLike, Signer } from "@tolldns/sdk";
import type { OutboxState, Store } from "@tolldns/store";
import type { Clock } from "../runtime/clock.ts";
import type { Log } from "../runtime/log.ts";
import type { EpochStatus } from "./facts.ts";

/** Which epochs to move along, and with what. */
export interface QuorumKeeperOptions {
  /** A `Connection` of @solana/web3.js to any Solana cluster; `createConnection` makes one whose requests end. */
  readonly connection: Connection;
  readonly store: Store;
  /** Pays fees and, until an epoch is closed, its rent; needs no other right. */
  readonly feePayer: Signer;
  /** Quorum program; stake and names are those its configuration names. */
  readonly quorum: AddressLike;
  /** Base URLs of witnesses' feeds to read votes from, beside those that members registered on chain. */
  readonly witnesses?: readonly string[];
  readonly policy?: Partial<QuorumPolicy>;
  /** Default: the system's. */
  readonly clock?: Clock;
  readonly log?: Log;
  /** Tells keepers of one store apart in the lease; default random. Keepers with stores of their own need no lease to agree. */
  readonly holder?: string;
}

/** When to do what. All of it may differ between keepers of one quorum. */
export interface QuorumPolicy {
  /** Seconds between ticks. Default 2. */
  readonly intervalSeconds: number;
  /** Seconds a lease lasts without a tick; another keeper of the same store takes over then. Default 30. */
  readonly leaseSeconds: number;
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
  /** Price beyond which the keeper no longer follows the market, micro-lamports a compute unit. Default 1 000 000. */
  readonly maxPrice: number;
  /** Which of the recent prices to pay, 0 to 1. Default 0.5. */
  readonly pricePercentile: number;
  /** Seconds a finished transaction stays on record. Default 30 days. */
  readonly historySeconds: number;
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

export interface QuorumKeeperStatus {
  readonly holder: string;
  readonly startedAt: number;
  /** Holds this keeper its store's lease? */
  readonly leading: boolean;
  /** Null before the first epoch. */
  readonly epoch: EpochProgress | null;
  /** Number of the last final epoch, 0 before the first. */
  readonly lastFinal: bigint;
  readonly inFlight: Readonly<Record<Extract<OutboxState, "prepared" | "sent" | "confirmed">, number>>;
  /** Since the start: transactions finalised and lamports paid for their fees. */
  readonly transactions: number;
  readonly fees: bigint;
  /** Text of the last failed tick; null once a tick succeeded. */
  readonly lastError: string | null;
  /** Unix seconds of the last tick that succeeded, 0 before. */
  readonly lastTick: number;
}

export interface RunningQuorumKeeper {
  status(): QuorumKeeperStatus;
  /** Runs a tick now, or waits for the one under way and runs another. Never rejects: see `lastError`. */
  tick(): Promise<void>;
  /** Ends the loop after the step under way and gives the lease back. Store and connection stay open: who made them closes them. */
  close(): Promise<void>;
}

export const DEFAULT_QUORUM_POLICY: QuorumPolicy = {
  intervalSeconds: 2,
  leaseSeconds: 30,
  syncPatienceSeconds: 20,
  relayPatienceSeconds: 3,
  operatorSeconds: 15,
  authoritySeconds: 60,
  closeEpochs: true,
  maxInFlight: 16,
  maxPrice: 1_000_000,
  pricePercentile: 0.5,
  historySeconds: 2_592_000,
};
