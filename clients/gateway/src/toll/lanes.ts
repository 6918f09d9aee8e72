/** What the chain says of one lane. Amounts micro-IU, times Unix seconds. */
export interface LaneTerms {
  readonly state: "free" | "open" | "revoked" | "closing";
  readonly generation: number;
  /** 32 bytes. */
  readonly sessionKey: Uint8Array;
  readonly reserve: bigint;
  readonly settled: bigint;
  /** When a revoked or closing lane takes no voucher any more. */
  readonly deadline: number;
}

/** What a booth needs to know of its ledger. */
export interface LaneSource {
  /** The lane as last seen, or null if the ledger has no such row. */
  readLane(lane: number): LaneTerms | null;
  /** Seconds since the chain last answered. */
  age(now: number): number;
}
