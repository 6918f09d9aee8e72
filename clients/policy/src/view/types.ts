import type { TimerClock } from "@tolldns/dns/clock";
import type { CacheMedium } from "./cache-file.ts";

/** Kind of a target: a way to resolve, or a gateway. */
export type TargetKind = "backend" | "gateway";

/** What is looked at: the kind and the name of docs/reference/policy.md, as `formatTarget` of the SDK writes it. */
export interface TargetName {
  readonly kind: TargetKind;
  readonly name: string;
}

export type PolicyStateName = "HEALTHY" | "DEGRADED" | "DISABLED" | "RECOVERING";

/** What the chain says of one target. Ages in seconds; infinite where nobody can tell. */
export interface PolicyFacts {
  readonly state: PolicyStateName;
  /** Basis points of its ordinary share of questions: 0 to 10 000, below 10 000 only in RECOVERING. */
  readonly shareBps: number;
  /** Chain time of the last transition, Unix seconds. */
  readonly since: number;
  /**
   * Since the end of the last window on which a quorum agreed, by the chain's own time. It grows while verifiers, keepers or the RPC are gone,
   * whichever it is, so it is what `stale after` is held against. Infinite for a target that was never judged.
   */
  readonly age: number;
  /** 32 bytes, hex: the target's id. */
  readonly id: string;
  /** Begin of the last window judged, Unix seconds; 0 if there is none. */
  readonly begin: number;
  /** Transitions so far: tells two states of the same name apart. */
  readonly transitions: number;
  /** 32 bytes, hex: evidence root of the last transition; zeros before the first. */
  readonly evidenceRoot: string;
}

/** A target's state became another one. */
export interface PolicyChange {
  readonly target: TargetName;
  /** Null for a target seen for the first time. */
  readonly before: PolicyFacts | null;
  /** Null for a target whose account is gone. */
  readonly after: PolicyFacts | null;
}

/** States of targets as the chain last told them, or as the disk kept them. Nothing here waits for a network. */
export interface PolicyView {
  /** The facts of a backend or gateway by its name; null if the chain has no such target, or never told. */
  of(name: string): PolicyFacts | null;
  /** Seconds since the chain last told something that was news by its own clock; infinite if it never did. */
  age(): number;
  /** Calls `run` after a target's state, share or evidence changed, until the returned function is called. */
  onChange(run: (change: PolicyChange) => void): () => void;
  status(): PolicyViewStatus;
  /** Reads everything now. False if the chain did not tell. Never rejects. */
  refresh(): Promise<boolean>;
  close(): Promise<void>;
}

export interface PolicyViewStatus {
  /** `chain` since the RPC told in this run, `cache` while only the disk's word is there, `none` before any. */
  readonly source: "chain" | "cache" | "none";
  readonly age: number;
  readonly slot: number;
  /** Why the last read failed, or what was refused about it; null if nothing was. */
  readonly trouble: string | null;
  /** Why the cache can't be written; null if it can. */
  readonly cacheTrouble: string | null;
  /** True while the program's `judge` is paused. */
  readonly paused: boolean;
  readonly targets: readonly { readonly target: TargetName; readonly facts: PolicyFacts | null }[];
}

/** One account as a node has it. */
export interface ChainAccount {
  /** Program that owns it, 32 bytes. */
  readonly owner: Uint8Array;
  readonly data: Uint8Array;
}

/** How the chain is read: over web3.js (`connectionChain`) or plain JSON-RPC (`rpcChain`). */
export interface PolicyChain {
  /** Several accounts as one node has them at one slot; null for one that doesn't exist. At most 100. */
  read(
    addresses: readonly Uint8Array[],
    signal: AbortSignal,
  ): Promise<{ readonly slot: number; readonly accounts: readonly (ChainAccount | null)[] }>;
  /** Tells of each change of an account, while the subscription lives. Returns how to end it. Absent: only reads. */
  watch?(address: Uint8Array, onAccount: (account: ChainAccount, slot: number) => void): () => Promise<void>;
}

export interface OpenPolicyOptions {
  /** Null: nothing is read, and the word of the disk grows old. */
  readonly chain: PolicyChain | null;
  /** The policy program, 32 bytes. */
  readonly program: Uint8Array;
  /** Genesis hash of the cluster, 32 bytes: a PolicyConfig of another cluster is refused. */
  readonly genesis: Uint8Array;
  readonly targets: readonly TargetName[];
  /** Where the last word is kept over restarts, mode 0600; null for nowhere. */
  readonly cacheFile: string | null;
  /** Default: the machine's. */
  readonly clock?: TimerClock;
  /** Seconds between full reads, which also find out that a subscription died. Default 10. */
  readonly pollSeconds?: number;
  /** Told once what goes wrong, until something else does. */
  readonly log?: (line: { readonly event: string; readonly detail: string }) => void;
  /** Where a test can cut a write of the cache short. */
  readonly cacheMedium?: CacheMedium;
}
