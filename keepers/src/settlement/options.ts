import type { Connection } from "@solana/web3.js";
import type { AddressLike, Signer } from "@tolldns/sdk";
import type { OutboxState, Store } from "@tolldns/store";
import type { Clock } from "../runtime/clock.ts";
import type { Log } from "../runtime/log.ts";

/** Where and for whom to settle. */
export interface SettlementOptions {
  /** A `Connection` of @solana/web3.js to any Solana cluster; `createConnection` makes one whose requests end. */
  readonly connection: Connection;
  readonly store: Store;
  /** Pays the fees; needs no other right. */
  readonly feePayer: Signer;
  /** Escrow program. */
  readonly escrow: AddressLike;
  /** Ledgers to settle; default: all the store holds lanes of. */
  readonly ledgers?: readonly AddressLike[];
  readonly policy?: Partial<SettlementPolicy>;
  /** Default: the system's. */
  readonly clock?: Clock;
  readonly log?: Log;
  /** Tells keepers apart in the lease; default random. */
  readonly holder?: string;
}

/** When to settle what. All of it may differ between keepers of one ledger. */
export interface SettlementPolicy {
  /** Seconds between ticks. Default 5. */
  readonly intervalSeconds: number;
  /** Seconds a lease lasts without a tick; another keeper takes over then. Default 30. */
  readonly leaseSeconds: number;
  /** A lane's oldest unsettled unit waits at most this long, seconds. Default 3 600. */
  readonly maxAgeSeconds: number;
  /** Unsettled micro-IU of a lane that are settled without waiting. Default 1 000 000. */
  readonly minWorth: bigint;
  /** A voucher with less than this left before it expires is settled at once, seconds. Default 86 400. */
  readonly expiryMarginSeconds: number;
  /** What one Index Unit settled is worth to whoever pays the fee, lamports. Default 1 000 000. */
  readonly lamportsPerIndexUnit: bigint;
  /** Transactions to write: 0 for every cluster (13 vouchers each), 1 where the cluster takes SIMD-0385 (52). Default `auto`: asks once. */
  readonly wireVersion: 0 | 1 | "auto";
  /** Vouchers in a transaction at most, if less than fit. Default as many as fit. */
  readonly maxRows: number;
  /** Transactions in flight for one ledger at most. Default 8. */
  readonly maxInFlight: number;
  /** Price beyond which the keeper no longer follows the market, micro-lamports a compute unit. Default 1 000 000. */
  readonly maxPrice: number;
  /** Which of the recent prices to pay, 0 to 1. Default 0.5. */
  readonly pricePercentile: number;
  /** Micro-IU of undistributed credit that are distributed. 0: never distribute. Default 10 000 000. */
  readonly distributeAt: bigint;
  /** Close lanes whose deadline has passed, which returns the payer's rest and frees the row. Default true. */
  readonly closeLanes: boolean;
  /** Seconds a finished transaction stays on record. Default 30 days. */
  readonly historySeconds: number;
}

export interface LedgerStatus {
  /** Base58. */
  readonly ledger: string;
  /** Holds this keeper the lease? */
  readonly leading: boolean;
  /** Lanes and micro-IU above the confirmed watermarks, at the last tick. */
  readonly unsettledLanes: number;
  readonly unsettled: bigint;
  /** Micro-IU credited and not yet distributed, confirmed. */
  readonly undistributed: bigint;
  readonly quarantined: number;
  readonly inFlight: Readonly<Record<Extract<OutboxState, "prepared" | "sent" | "confirmed">, number>>;
  /** Slug and text of the last failed tick; null once a tick succeeded. */
  readonly lastError: string | null;
  /** Unix seconds of the last tick that succeeded, 0 before. */
  readonly lastTick: number;
}

export interface KeeperStatus {
  readonly holder: string;
  readonly startedAt: number;
  readonly ledgers: readonly LedgerStatus[];
  /** Since the start: settlements finalised, payers in them, micro-IU they added, lamports paid for fees. */
  readonly settlements: number;
  readonly payers: number;
  readonly settled: bigint;
  readonly fees: bigint;
}

export interface RunningKeeper {
  status(): KeeperStatus;
  /** Runs a tick now, or waits for the one under way and runs another. Never rejects: see `lastError`. */
  tick(): Promise<void>;
  /** Ends the loop after the step under way and gives the leases back. Store and connection stay open: who made them closes them. */
  close(): Promise<void>;
}
