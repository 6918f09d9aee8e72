import type { SignedUpdate } from "@tolldns/sdk/routes";

/** What feeds and witnesses need of the chain. Addresses, keys and hashes are 32 bytes; times are Unix seconds of the chain. */
export interface RouteChain {
  /** Part of everything signed here. */
  readonly domain: Uint8Array;
  /** Clock, configuration and the epoch under way, of one moment. */
  readState(): Promise<QuorumState>;
  /** An epoch by its number; null once it is closed, or before it began. */
  readEpoch(number: bigint): Promise<EpochState | null>;
  /** Names by label, in the order asked; null where nobody ever registered. */
  readNames(labels: readonly string[]): Promise<(NameState | null)[]>;
  /** Delegates of names, in the order asked. */
  readDelegates(
    pairs: readonly { readonly label: string; readonly delegate: Uint8Array }[],
  ): Promise<(DelegateState | null)[]>;
  /** Names with an update posted on chain in or after this slot; all of them for 0. */
  readPosted(since: bigint): Promise<NameState[]>;
  /** Feeds that operators registered with their WITNESS nodes. */
  readFeeds(): Promise<FeedPlace[]>;
  /** Calls back when configuration or epoch may have changed. Returns how to stop. */
  watch(onChange: () => void): () => void;
}

export interface FeedPlace {
  readonly witness: Uint8Array;
  /** Base URL. */
  readonly url: string;
}

export interface FinalRoot {
  readonly epoch: bigint;
  readonly root: Uint8Array;
}

export interface QuorumState {
  readonly slot: bigint;
  readonly now: bigint;
  /** The last final one and when; epoch 0 and zeroes before the first. */
  readonly final: FinalRoot & {
    readonly updatesRoot: Uint8Array;
    readonly digest: Uint8Array;
    readonly at: bigint;
  };
  /** The last final roots, in any order. */
  readonly recent: readonly FinalRoot[];
  /** The one frozen last; null before the first or once it is closed. */
  readonly epoch: EpochState | null;
}

export type EpochStatus = "frozen" | "drawing" | "voting" | "attested" | "final" | "rejected" | "stalled";

export interface EpochState {
  readonly number: bigint;
  readonly status: EpochStatus;
  readonly frozenSlot: bigint;
  readonly frozenAt: bigint;
  /** Seconds: until it stalls, of the challenge window, and that the account stays. */
  readonly length: bigint;
  readonly window: bigint;
  readonly evidence: bigint;
  readonly previousRoot: Uint8Array;
  /** Null before it was tallied. */
  readonly attested: {
    readonly root: Uint8Array;
    readonly updatesRoot: Uint8Array;
    readonly count: number;
    readonly digest: Uint8Array;
    readonly at: bigint;
  } | null;
  /** 0 before. */
  readonly endedAt: bigint;
  readonly members: readonly MemberState[];
}

export interface MemberState {
  readonly witness: Uint8Array;
  /** Place of its operator in the stake tree. */
  readonly operator: number;
  readonly weight: bigint;
  /** What it voted for on chain; null before. */
  readonly vote: Uint8Array | null;
  /** Proven to have voted twice. */
  readonly struck: boolean;
}

export interface NameState {
  readonly label: string;
  readonly nameHash: Uint8Array;
  /** 0 while never registered. */
  readonly generation: number;
  readonly registeredAt: bigint;
  readonly expiresAt: bigint;
  /** Who may sign, since which slot, and who was before. */
  readonly authority: Uint8Array;
  readonly authoritySlot: bigint;
  readonly previous: Uint8Array;
  readonly previousSlot: bigint;
  /** The update its owner put on chain last, whole but for its records. */
  readonly posted: (SignedUpdate & { readonly slot: bigint }) | null;
}

export interface DelegateState {
  readonly generation: number;
  readonly appointedBy: Uint8Array;
  readonly appointedSlot: bigint;
  /** 0 while it lasts. */
  readonly endedSlot: bigint;
  readonly expiresAt: bigint;
  readonly forRoutes: boolean;
}

/** The moment an epoch was frozen, or now. */
export interface Moment {
  readonly slot: bigint;
  /** Unix seconds. */
  readonly at: bigint;
}
