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
