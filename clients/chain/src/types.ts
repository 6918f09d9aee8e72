/** How slots advance. */
export type ChainClock =
  /** With the wall clock, one slot every `slotMs`; a restart resumes where the wall clock is. */
  | { kind: "real" }
  /**
   * Only when told. `startAt` is the Unix time of the first slot in seconds (default: 2026-01-01).
   * With `autoAdvance` every transaction that lands is followed by `confirmedLag + 1` slots, so that the slot after its own is confirmed at once.
   */
  | { kind: "virtual"; startAt?: number; autoAdvance?: boolean };

export interface ChainOptions {
  /** Folder that keeps the chain (made with mode 0700). Absent: the chain lives in memory. */
  dataDir?: string;
  /** Default 127.0.0.1. */
  host?: string;
  /** Port of the RPC over HTTP, and of WebSocket upgrades; 0 (the default) takes a free pair of adjacent ports. */
  port?: number;
  clock?: ChainClock;
  /** Length of a slot in milliseconds; default 400. Fixed when the chain is made. */
  slotMs?: number;
  /** Slots by which `confirmed` follows `processed`; default 1. */
  confirmedLag?: number;
  /** Slots by which `finalized` follows `processed`; default 32. */
  finalizedLag?: number;
  /** Default 432 000, as on the public clusters. Fixed when the chain is made. */
  slotsPerEpoch?: number;
  /** Serves the `tolldns_` methods (clock, faults, stop) to whoever reaches the RPC. For tests; default false. */
  control?: boolean;
  /** Makes genesis hash, identity and faucet repeatable. For tests; default random. */
  seed?: string;
  /** Seed of the faults' dice. Default 1. */
  faultSeed?: number;
  /** Records in the log after which a snapshot is written; default 2048. */
  snapshotEvery?: number;
  /** Lets `requestAirdrop` answer; default true. */
  faucet?: boolean;
  /** Told what goes on, a line at a time. */
  log?: (line: string) => void;
}

export type Commitment = "processed" | "confirmed" | "finalized";

export interface ClockControl {
  slot(commitment?: Commitment): number;
  /** Unix seconds of the current slot. */
  unixTime(): number;
  epoch(): number;
  /** Ends the current slot and begins the `slots`-th after it. Resolves when that is on disk. */
  advance(slots: number): Promise<void>;
  /** Moves time forward by `seconds`, and slot and epoch with it. Resolves when that is on disk. */
  advanceTime(seconds: number): Promise<void>;
}

/** Chances are from 0 to 1 and are rolled for each transaction that reaches the leader. */
export interface FaultSettings {
  /** Acknowledged, never executed. */
  drop: number;
  /** Executed `delaySlots` slots later. */
  delay: number;
  delaySlots: number;
  /** Held back to the end of the slot and executed there in random order. */
  reorder: boolean;
  /** RPC calls are refused with status 503. */
  rpcDown: boolean;
  /** Milliseconds added to every RPC answer. */
  rpcDelayMs: number;
}

export interface FaultControl {
  settings(): FaultSettings;
  set(settings: Partial<FaultSettings>): void;
  /** Removes a landed, unfinalised transaction as if its slot had been made without it. @returns false if there is none. */
  forget(signature: string): Promise<boolean>;
  /** Abandons the last `slots` slots and what landed in them, down to the last finalised one at most. @returns how many transactions were lost. */
  rollback(slots: number): Promise<number>;
  /** Makes every blockhash given out so far invalid. */
  expireBlockhashes(): Promise<void>;
}

export interface ChainStatus {
  slot: number;
  confirmed: number;
  finalized: number;
  blockHeight: number;
  epoch: number;
  unixTime: number;
  transactions: number;
}

/** A running chain. Made by `startChain`. */
export interface Chain {
  rpcUrl: string;
  wsUrl: string;
  /** Base58. */
  genesisHash: string;
  /** Base58 address of the one validator. */
  identity: string;
  clock: ClockControl;
  faults: FaultControl;
  /** Sends `lamports` from the faucet; resolves with the base58 signature once it is on disk. */
  airdrop(address: string, lamports: bigint): Promise<string>;
  status(): ChainStatus;
  /** Stops serving and closes the files. A kill at any moment is as safe. */
  close(): Promise<void>;
}
