/**
 * What must survive. Amounts are `bigint` micro-IU (0 to 2^56-1), fences and tokens `bigint`, times `number` Unix seconds,
 * slots and block heights `number`, bytes `Uint8Array`. Each method may throw `StoreError` of the medium (`full`, `locked`,
 * `unavailable`, `outcome-unknown`, `corrupt`, `read-only`, `closed`); others are named where they arise.
 * A promise that resolves means: on disk. Every write may be made twice.
 */

/** Which row of which gateway's ledger, and which opening of it. */
export interface LaneKey {
  /** Ledger address, 32 bytes. */
  readonly ledger: Uint8Array;
  /** u16. */
  readonly lane: number;
  /** u16. */
  readonly generation: number;
}

/** A voucher as signed: see docs/reference/toll.md. */
export interface StoredVoucher extends LaneKey {
  /** Days since 1970-01-01; good through the end of that day, UTC. */
  readonly expiryDay: number;
  /** All this lane ever promised in this generation, micro-IU. */
  readonly cumulative: bigint;
  /** Ed25519, 64 bytes. */
  readonly signature: Uint8Array;
}

/** What is known of a lane. `voucher` is null until one was accepted. */
export interface LaneRecord extends LaneKey {
  readonly voucher: StoredVoucher | null;
  /** Micro-IU consumed when the record was last written. */
  readonly consumed: bigint;
  /** Who may write: the process that took the lane last. 0 if nobody ever did. */
  readonly fence: bigint;
  /** Micro-IU known to be settled and finalised on chain; a hint, the chain decides. */
  readonly settled: bigint;
}

/** A voucher a gateway wants kept. */
export interface VoucherOffer extends StoredVoucher {
  /** Micro-IU consumed on this lane so far. */
  readonly consumed: bigint;
  /** From `takeLane`. */
  readonly fence: bigint;
}

/**
 * `accepted`: on disk as the best of its lane (also when offered again, so a call with an unknown outcome may be repeated).
 * `stale`: not better than the one kept (lower, or equal and not of a later day). `fenced`: the lane was taken by another.
 * `kept` is what the store holds now; acknowledge `kept.voucher?.cumulative`.
 */
export interface VoucherResult {
  readonly result: "accepted" | "stale" | "fenced";
  readonly kept: LaneRecord;
}

/** A best voucher not yet known to be settled. */
export interface UnsettledVoucher extends StoredVoucher {
  /** Settled watermark hint, micro-IU. */
  readonly settled: bigint;
  /** When the oldest unsettled micro-unit of this lane was promised, Unix seconds. */
  readonly since: number;
}

export interface LaneTotals {
  readonly lanes: number;
  /** Sum of best cumulative promises, micro-IU. */
  readonly promised: bigint;
  /** Sum of finalised settlements as far as the keeper recorded them, micro-IU. */
  readonly settled: bigint;
}

/** Proof of holding a lease; every write a keeper makes carries it and is refused (`lease-lost`) if the token moved on. */
export interface Lease {
  readonly name: string;
  readonly holder: string;
  readonly token: bigint;
  /** Unix seconds. */
  readonly expiresAt: number;
}

export type OutboxState = "prepared" | "sent" | "confirmed" | "finalized" | "expired" | "failed";

/** A signed transaction, stored before it is sent. */
export interface OutboxEntry {
  /** First signature, 64 bytes; the key. */
  readonly signature: Uint8Array;
  /** `settle`, `distribute`, `close`, ... */
  readonly kind: string;
  readonly ledger: Uint8Array;
  /** Wire bytes; empty once finalised, expired or failed. */
  readonly transaction: Uint8Array;
  readonly lastValidBlockHeight: number;
  readonly state: OutboxState;
  /** Vouchers in it; for `close` the lane, with the voucher last settled. */
  readonly vouchers: readonly StoredVoucher[];
  /** Micro-IU this adds to the settled watermarks, as the chain stood when it was signed. */
  readonly amount: bigint;
  /** Lamports, as far as known. */
  readonly fee: bigint;
  readonly slot: number | null;
  /** Why it failed or expired. */
  readonly reason: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export type NewOutboxEntry = Pick<
  OutboxEntry,
  "signature" | "kind" | "ledger" | "transaction" | "lastValidBlockHeight" | "vouchers" | "amount" | "fee"
>;

export interface OutboxMove {
  readonly signature: Uint8Array;
  readonly from: readonly OutboxState[];
  readonly to: OutboxState;
  readonly slot?: number | null;
  readonly fee?: bigint;
  readonly reason?: string;
}

export interface Quarantined extends StoredVoucher {
  /** Keeper's error slug, see docs/guides/keeper.md. */
  readonly reason: string;
  readonly detail: string;
  readonly at: number;
}

/** A settlement for the dashboard, newest first. */
export interface SettlementRecord {
  readonly signature: Uint8Array;
  readonly ledger: Uint8Array;
  readonly state: "confirmed" | "finalized";
  readonly slot: number | null;
  readonly payers: number;
  /** Micro-IU. */
  readonly amount: bigint;
  /** Lamports. */
  readonly fee: bigint;
  readonly at: number;
}

export interface Store {
  readonly kind: "sqlite" | "postgres";

  /** Takes the lane over from whoever had it: increments the fence and returns the record. A gateway calls it when a session opens. */
  takeLane(key: LaneKey): Promise<LaneRecord>;
  /** The record, or null if the lane was never taken. */
  readLane(key: LaneKey): Promise<LaneRecord | null>;
  /** Keeps what is better than what is kept, all in one durable commit; calls made together share a commit. One result a row, in order. `now` is Unix seconds. Throws `value-range`. */
  acceptVouchers(batch: readonly VoucherOffer[], now: number): Promise<VoucherResult[]>;
  /** Raises `consumed` without a voucher (on a clean end of a session). True if the fence still held. */
  recordConsumed(key: LaneKey, fence: bigint, consumed: bigint): Promise<boolean>;
  /** Ledgers that hold lanes. */
  listLedgers(): Promise<Uint8Array[]>;
  /** Best vouchers above their settled watermark, without the quarantined ones, by lane. `limit` defaults to all. */
  listUnsettled(ledger: Uint8Array, limit?: number): Promise<UnsettledVoucher[]>;
  readTotals(ledger: Uint8Array): Promise<LaneTotals>;

  /** Raises settled watermarks to what is finalised on chain. Throws `lease-lost`. */
  raiseSettled(rows: readonly (LaneKey & { settled: bigint })[], lease: Lease): Promise<void>;
  /** Drops records of lanes whose generation is over on chain; what was quarantined of them stays on record. Throws `lease-lost`. */
  forgetLanes(keys: readonly LaneKey[], lease: Lease): Promise<void>;

  /** The lease, if it is free, expired or already `holder`'s; else null. The token grows whenever it is acquired. `now` is Unix seconds. */
  acquireLease(name: string, holder: string, seconds: number, now: number): Promise<Lease | null>;
  /** Throws `lease-lost`. */
  renewLease(lease: Lease, seconds: number, now: number): Promise<Lease>;
  releaseLease(lease: Lease): Promise<void>;
  readLease(name: string): Promise<Lease | null>;

  /** Stores signed bytes as `prepared`. Throws `lease-lost`, `lane-busy` (a lane of it is in one prepared or sent), `outbox-duplicate`. */
  addOutbox(entry: NewOutboxEntry, lease: Lease, now: number): Promise<void>;
  /** Throws `lease-lost`, `outbox-unknown`, `outbox-state` (not in `from`). */
  moveOutbox(move: OutboxMove, lease: Lease, now: number): Promise<void>;
  /** Oldest first. */
  listOutbox(ledger: Uint8Array, states: readonly OutboxState[]): Promise<OutboxEntry[]>;
  /** Deletes what ended before `before` (Unix seconds); returns how many. Throws `lease-lost`. */
  pruneOutbox(before: number, lease: Lease): Promise<number>;
  /** Newest first. `lanes`: only those that settled one of these lanes of the ledger. */
  listSettlements(limit: number, ledger?: Uint8Array, lanes?: readonly number[]): Promise<SettlementRecord[]>;

  /** Takes a voucher out of batches until a better one of its lane comes. Throws `lease-lost`. */
  addQuarantine(row: Omit<Quarantined, "at">, lease: Lease, now: number): Promise<void>;
  listQuarantine(ledger: Uint8Array): Promise<Quarantined[]>;
  /** Takes a lane off the record of quarantine, which lets its voucher into batches again. */
  releaseQuarantine(key: LaneKey): Promise<void>;

  readValue(key: string): Promise<Uint8Array | null>;
  writeValue(key: string, value: Uint8Array): Promise<void>;

  close(): Promise<void>;
}
