import type { Connection } from "@solana/web3.js";
import type { Signer } from "@tolldns/sdk";
import type { OutboxEntry, OutboxState, Store } from "@tolldns/store";
import type { Clock } from "./clock.ts";
import type { Log } from "./log.ts";

/** What every keeper that sends transactions is given. */
export interface KeeperOptions {
  /** A `Connection` of @solana/web3.js to any Solana cluster; `createConnection` makes one whose requests end. */
  readonly connection: Connection;
  readonly store: Store;
  /** Pays for transactions; needs no other right. */
  readonly feePayer: Signer;
  /** Default: the system's. */
  readonly clock?: Clock;
  readonly log?: Log;
  /** Tells keepers of one store apart in the lease; default random. */
  readonly holder?: string;
}

/** The same with nothing left open. */
export type KeeperContext = Required<Omit<KeeperOptions, "holder">>;

/** How a keeper leads and sends. */
export interface SendingPolicy {
  /** Seconds a lease lasts without a tick; another keeper of the same store takes over then. Default 30. */
  readonly leaseSeconds: number;
  /** Price beyond which the keeper no longer follows the market, micro-lamports a compute unit. Default 1 000 000. */
  readonly maxPrice: number;
  /** Which of the recent prices to pay, 0 to 1. Default 0.5. */
  readonly pricePercentile: number;
  /** Seconds a finished transaction stays on record. Default 30 days. */
  readonly historySeconds: number;
}

export const DEFAULT_SENDING_POLICY: SendingPolicy = {
  leaseSeconds: 30,
  maxPrice: 1_000_000,
  pricePercentile: 0.5,
  historySeconds: 2_592_000,
};

/** Transactions on their way, by state. */
export type InFlight = Readonly<Record<Extract<OutboxState, "prepared" | "sent" | "confirmed">, number>>;

export const NONE_IN_FLIGHT: InFlight = { prepared: 0, sent: 0, confirmed: 0 };

/** Counts what is on its way. */
export function countInFlight(open: readonly OutboxEntry[]): InFlight {
  const count = (state: OutboxState) => open.filter((entry) => entry.state === state).length;
  return { prepared: count("prepared"), sent: count("sent"), confirmed: count("confirmed") };
}

/** A keeper that was started. */
export interface Running<Status> {
  status(): Status;
  /** Runs a tick now, or waits for the one under way and runs another. Never rejects: see `lastError`. */
  tick(): Promise<void>;
  /** Ends the loop after the step under way and gives its leases back. Store and connection stay open: who made them closes them. */
  close(): Promise<void>;
}
