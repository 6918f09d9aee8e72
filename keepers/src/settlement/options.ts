import type { AddressLike } from "@tolldns/sdk";
import type { InFlight, KeeperOptions, Running, SendingPolicy } from "../runtime/options.ts";
import type { TickStatus } from "../runtime/ticks.ts";

/** Where and for whom to settle. */
export interface SettlementOptions extends KeeperOptions {
  /** Escrow program. */
  readonly escrow: AddressLike;
  /** Ledgers to settle; default: all the store holds lanes of. */
  readonly ledgers?: readonly AddressLike[];
  readonly policy?: Partial<SettlementPolicy>;
}

/** When to settle what. All of it may differ between keepers of one ledger. */
export interface SettlementPolicy extends SendingPolicy {
  /** Seconds between ticks. Default 5. */
  readonly intervalSeconds: number;
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
  /** Micro-IU of undistributed credit that are distributed. 0: never distribute. Default 10 000 000. */
  readonly distributeAt: bigint;
  /** Close lanes whose deadline has passed, which returns the payer's rest and frees the row. Default true. */
  readonly closeLanes: boolean;
}

export interface LedgerStatus extends TickStatus {
  /** Base58. */
  readonly ledger: string;
  /** Lanes and micro-IU above the confirmed watermarks, at the last tick. */
  readonly unsettledLanes: number;
  readonly unsettled: bigint;
  /** Micro-IU credited and not yet distributed, confirmed. */
  readonly undistributed: bigint;
  readonly quarantined: number;
  readonly inFlight: InFlight;
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

export type RunningKeeper = Running<KeeperStatus>;
