import type { PolicySnapshot } from "./policy-snapshot.ts";

/**
 * What the dashboard shows: one value, made anew for every look. Amounts are decimal strings of micro-IU (JSON has no bigint),
 * times Unix seconds, durations milliseconds where the name says so.
 */
export interface Snapshot {
  readonly at: number;
  /** Where names come from, for people: `the machine's resolvers`, `the bundled fixture internet`. */
  readonly network: { readonly kind: "real" | "fixture"; readonly note: string };
  readonly payments: {
    /** False from the emergency stop until payments are resumed. */
    readonly on: boolean;
    /** True once every session key is revoked on chain after a stop. */
    readonly revoked: boolean;
    readonly outOfMoney: "fail" | "free";
    /** What happens to queries now and why. */
    readonly reasons: readonly string[];
  };
  readonly queries: {
    readonly total: number;
    readonly hits: number;
    readonly misses: number;
    readonly paid: number;
    readonly free: number;
    readonly failed: number;
  };
  readonly flow: {
    /** Tokens in the wallet, outside escrow; null while unknown. */
    readonly wallet: string | null;
    /** Free balance in escrow. */
    readonly free: string | null;
    /** Reserved in open lanes, what was promised of it not yet taken off. */
    readonly reserved: string;
    /** Worth of all ticks so far, paid by voucher or not yet. */
    readonly tolls: string;
    /** Sum of the best vouchers. */
    readonly promised: string;
    readonly vouchers: number;
    /** What the chain settled. */
    readonly settled: string;
    readonly settlements: number;
  };
  readonly lanes: readonly {
    readonly gateway: string;
    readonly lane: number;
    readonly generation: number;
    readonly state: string;
    readonly reserve: string;
    readonly promised: string;
  }[];
  readonly settlements: readonly {
    /** Base58. */
    readonly signature: string;
    readonly state: "confirmed" | "finalized";
    readonly slot: number | null;
    readonly payers: number;
    readonly amount: string;
    /** Lamports. */
    readonly fee: string;
    readonly at: number;
  }[];
  readonly gateways: readonly {
    readonly url: string;
    readonly usable: boolean;
    readonly reason: string;
    readonly price: string | null;
    readonly transport: string | null;
    readonly latencyMs: number | null;
    readonly answers: number;
    readonly failures: number;
  }[];
  readonly upstreams: readonly {
    readonly name: string;
    readonly healthy: boolean;
    readonly latencyMs: number;
    /** 0 to 1. */
    readonly success: number;
  }[];
  readonly limits: readonly {
    readonly name: "query" | "hour" | "day" | "price" | "lanes";
    readonly limit: string;
    /** Null where nothing adds up. */
    readonly used: string | null;
  }[];
  readonly chain: { readonly rpc: string; readonly slot: number | null };
  /** Newest first; empty when names aren't shown. */
  readonly recent: readonly RecentQuery[];
  /** Names under `.dns` and the epochs that make their routes final; null where the programs aren't there. */
  readonly dns: DnsSnapshot | null;
  /** States of backends and gateways, and what was decided by them; null where the policy program isn't, or isn't yet. */
  readonly policy: PolicySnapshot | null;
}

/** Hashes are hex, addresses base58, weights decimal strings of base units (9 decimals), times Unix seconds of the chain's clock. */
export interface DnsSnapshot {
  /** The chain's time. */
  readonly now: number;
  /** Programs, for the page to read their accounts by itself. */
  readonly programs: { readonly names: string; readonly quorum: string };
  readonly final: { readonly epoch: string; readonly root: string; readonly at: number } | null;
  /** Newest first. */
  readonly epochs: readonly EpochSnapshot[];
  /** Heaviest first. */
  readonly witnesses: readonly WitnessSnapshot[];
  /** Names of the wallet here, with where each stands. */
  readonly own: readonly { readonly name: string; readonly expiresAt: number }[];
}

export type EpochState = "frozen" | "drawing" | "voting" | "attested" | "final" | "rejected" | "stalled";

export interface EpochSnapshot {
  readonly number: string;
  readonly state: EpochState;
  readonly frozenAt: number;
  /** From then on no vote counts any more. */
  readonly deadline: number;
  /** Weight in the snapshot the committee is drawn from. */
  readonly stake: string;
  readonly seats: readonly {
    /** Witness key. */
    readonly witness: string;
    readonly weight: string;
    readonly voted: boolean;
    readonly struck: boolean;
  }[];
  /** Seats there shall be at most. */
  readonly committee: number;
  readonly weight: string;
  /** Weight that voted for the digest that has most. */
  readonly voted: string;
  readonly attested: {
    readonly at: number;
    /** The challenge window's end. */
    readonly until: number;
    readonly root: string;
    readonly updates: number;
  } | null;
  readonly endedAt: number | null;
  /** What was proven wrong, in words; null if nothing was. */
  readonly challenge: string | null;
}

export interface WitnessSnapshot {
  readonly operator: string;
  /** Witness key; null while it has none. */
  readonly witness: string | null;
  readonly weight: string;
  readonly jailed: boolean;
  readonly endpoint: string | null;
}

/** One question, kept in memory only. */
export interface RecentQuery {
  /** Rises by one a query. */
  readonly id: number;
  readonly at: number;
  readonly name: string;
  readonly type: string;
  readonly rcode: string;
  readonly source: string;
  readonly ms: number;
}
