import type { Connection } from "@solana/web3.js";
import type { AddressLike } from "@tolldns/sdk";
import type { Clock } from "../runtime/clock.ts";
import type { Log } from "../runtime/log.ts";

/** What a feed of routes needs. It holds no key: what it serves anyone checks against the chain. */
export interface FeedOptions {
  /** A `Connection` of @solana/web3.js; `createConnection` makes one whose requests end. */
  readonly connection: Connection;
  /** Quorum program; stake and names are those its configuration names. */
  readonly quorum: AddressLike;
  /** File of its own for what must survive; its folder must exist. */
  readonly store: FeedStoreOptions;
  /** Where to listen. Default 127.0.0.1 and a free port. */
  readonly listen?: { readonly host?: string; readonly port?: number };
  /** Base URLs of other feeds, beside those that witnesses registered on chain. */
  readonly peers?: readonly string[];
  readonly policy?: Partial<FeedPolicy>;
  /** Default: the system's. */
  readonly clock?: Clock;
  readonly log?: Log;
}

export interface FeedStoreOptions {
  readonly path: string;
  /** Largest size of the file, bytes; beyond it nothing new is accepted. Default: the disk. */
  readonly maxBytes?: number;
}

/** Limits and intervals; seconds unless said otherwise. */
export interface FeedPolicy {
  /** Between two looks at the chain; a subscription tells of changes in between. Default 2. */
  readonly intervalSeconds: number;
  /** Follow the feeds that WITNESS nodes registered on chain. Default true. */
  readonly followChain: boolean;
  /** Between two readings of those nodes. Default 30. */
  readonly peersSeconds: number;
  /** How long a name's owner and delegates may be remembered while updates come in. Votes read them anew. Default 5. */
  readonly namesSeconds: number;
  /** Updates not yet final, of one name and in all. Default 4 and 65 536. */
  readonly pendingPerName: number;
  readonly pendingTotal: number;
  /** Updates a second, and at once, from one address (a /64 of IPv6). Default 200 and 2 000. */
  readonly updatesPerSecond: number;
  readonly updatesBurst: number;
  /** Signatures that were none an address may send at once, and gets back a second; then it is refused unread. Default 200 and 10. */
  readonly forgeriesBurst: number;
  readonly forgeriesPerSecond: number;
  /** Requests a second, and at once, from one address. Default 500 and 5 000. */
  readonly requestsPerSecond: number;
  readonly requestsBurst: number;
  /** Connections and event streams at most. Default 1 024 and 512. */
  readonly connections: number;
  readonly streams: number;
  /** Peers that accepted updates are pushed to; the others read the event stream. Default 4. */
  readonly fanout: number;
  /** Final epochs under whose roots evidence is still given. Default 16. */
  readonly keepEpochs: number;
  /** Final epochs whose updates stay on disk as CAR files. Default 10 000. */
  readonly historyEpochs: number;
}

export const DEFAULT_FEED_POLICY: FeedPolicy = {
  intervalSeconds: 2,
  followChain: true,
  peersSeconds: 30,
  namesSeconds: 5,
  pendingPerName: 4,
  pendingTotal: 65_536,
  updatesPerSecond: 200,
  updatesBurst: 2_000,
  forgeriesBurst: 200,
  forgeriesPerSecond: 10,
  requestsPerSecond: 500,
  requestsBurst: 5_000,
  connections: 1_024,
  streams: 512,
  fanout: 4,
  keepEpochs: 16,
  historyEpochs: 10_000,
};

export interface PeerStatus {
  readonly url: string;
  /** Is its event stream being read? */
  readonly connected: boolean;
  /** Text of the last failure; null once something succeeded. */
  readonly lastError: string | null;
}

export interface FeedStatus {
  readonly url: string;
  readonly startedAt: number;
  /** Last final epoch of the chain, and the one this feed has the map of. 0 before the first. */
  readonly chainFinal: bigint;
  readonly final: bigint;
  /** Root of that map in hex, and names in it. */
  readonly root: string;
  readonly names: number;
  readonly pending: number;
  readonly peers: readonly PeerStatus[];
  /** Since the start. */
  readonly accepted: number;
  readonly refused: number;
  /** Leaves and updates fetched in reconciliations since the start. */
  readonly reconciled: { readonly requests: number; readonly leaves: number; readonly bodies: number };
  /** Text of the last failed look at the chain; null once one succeeded. */
  readonly lastError: string | null;
  readonly lastTick: number;
}

export interface RunningFeed {
  /** Base URL it answers under. */
  readonly url: string;
  readonly address: { readonly host: string; readonly port: number };
  status(): FeedStatus;
  /** Looks at the chain now. Never rejects: see `lastError`. */
  tick(): Promise<void>;
  /** Ends streams, requests and loops and closes the file. The connection stays open: who made it closes it. */
  close(): Promise<void>;
}
