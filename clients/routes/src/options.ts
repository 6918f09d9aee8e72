import type { RebindingGuard } from "@tolldns/dns/rebinding";
import type { Query } from "@tolldns/dns/wire/query";
import type { AddressLike } from "@tolldns/sdk";
import type { Feed } from "@tolldns/sdk/feed";
import type { RoutesClock } from "./clock.ts";
import type { FeedStatus } from "./feeds.ts";
import type { ReadFinalRoots, SavedRoots } from "./roots.ts";
import type { SavedEvidence } from "./shelf.ts";
import type { EvidenceSource } from "./source.ts";

/** What a user says about `.dns`; fits in a JSON file but for `chain.readRoots`. */
export interface RoutesSettings {
  /** Base URLs of feeds: `https://feed.example.org`. */
  readonly feeds: readonly string[];
  /** Where it is read which roots are final. */
  readonly chain: ChainOfRoots;
  readonly policy?: Partial<RoutesPolicy>;
}

export type ChainOfRoots =
  /** The quorum program's configuration, by Solana's JSON-RPC. The genesis hash says which cluster is meant; the program is this release's unless named. */
  | { readonly rpcUrl: string; readonly genesis: AddressLike; readonly quorum?: AddressLike }
  /** A reader of one's own, and the domain its roots are of. */
  | { readonly readRoots: ReadFinalRoots; readonly domain: Uint8Array };

export interface RoutesOptions {
  /** 32 bytes: of hashDomain. */
  readonly domain: Uint8Array;
  readonly feeds: readonly Feed[];
  /** Says which roots are final: the chain, or where there is none, the feeds themselves (feedRoots). */
  readonly readRoots: ReadFinalRoots;
  /** Asked before the feeds, in this order: the edge's gateways. */
  readonly before?: () => readonly EvidenceSource[];
  /** Resolves a name outside of `dns` that a CNAME leads to; a whole message. */
  readonly follow: (name: Uint8Array, type: number) => Promise<Uint8Array>;
  readonly guard: RebindingGuard | null;
  /** Default: the machine's. */
  readonly clock?: RoutesClock;
  readonly policy?: Partial<RoutesPolicy>;
  /** Told what was refused, once for each: who sent it and an error. Never a name. */
  readonly onRefused?: (from: string, error: unknown) => void;
  /** Told when something was verified, so that it can be kept. */
  readonly onVerified?: () => void;
  /** Looks at the chain by itself and listens to the feeds' events. Without, the chain is asked when a question comes. */
  readonly watches?: boolean;
}

/** Intervals and bounds, in seconds unless said otherwise. */
export interface RoutesPolicy {
  /** The chain is asked again for the final roots after so long. */
  readonly recheckSeconds: number;
  /** Longest that anything is answered after its root was last known to be the newest. */
  readonly maxStaleSeconds: number;
  /** How long a root that was just replaced still counts where nobody has evidence under the newer one yet. */
  readonly graceSeconds: number;
  /** Milliseconds for a whole question. */
  readonly timeoutMs: number;
  /** Milliseconds one look at the chain may take. */
  readonly chainTimeoutMs: number;
  /** A failure is answered again for so long without asking (RFC 9520: 1 to 300). */
  readonly failureSeconds: number;
  /** Bytes of evidence held. */
  readonly bytes: number;
}

export const DEFAULT_ROUTES_POLICY: RoutesPolicy = {
  recheckSeconds: 30,
  maxStaleSeconds: 3_600,
  graceSeconds: 60,
  timeoutMs: 4_000,
  chainTimeoutMs: 3_000,
  failureSeconds: 1,
  bytes: 8 * 1024 * 1024,
};

/** One refusal, for reports. */
export interface RefusedEvidence {
  readonly from: string;
  readonly code: string;
  readonly reason: string;
  readonly isLie: boolean;
  /** Unix seconds. */
  readonly at: number;
}

export interface RoutesStatus {
  /** The newest final epoch known, and seconds since the chain said so; null before the first look. */
  readonly epoch: bigint | null;
  readonly checkedAgo: number | null;
  /** Why the last look at the chain failed; null if it did not. */
  readonly chainTrouble: string | null;
  /** Names whose evidence is held. */
  readonly names: number;
  readonly answered: number;
  readonly failed: number;
  /** Everything refused since the start, and how much of it was lies. */
  readonly refused: number;
  readonly lies: number;
  /** The last refusals, newest first. */
  readonly refusals: readonly RefusedEvidence[];
  readonly feeds: readonly FeedStatus[];
}

/** What outlives a restart. */
export interface SavedRoutes {
  readonly version: 1;
  readonly roots: SavedRoots;
  readonly evidence: readonly SavedEvidence[];
}

/** `.dns` at one end. */
export interface Routes {
  /** Answers a question that isRouteQuestion says is about `dns`: at once from verified evidence, else a promise, which never rejects. */
  answer(query: Query, out: Uint8Array, at: number): number | Promise<Uint8Array>;
  status(): RoutesStatus;
  save(): SavedRoutes;
  /** Takes back what `save` gave. What it can't read it leaves; evidence is judged again when it is first asked for. */
  load(saved: unknown): void;
  /** Looks at the chain now. Never rejects. */
  refresh(): Promise<void>;
  close(): void;
}
