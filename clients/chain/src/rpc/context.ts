import type { Ledger } from "../ledger/ledger.ts";
import type { ClockControl, Commitment, FaultControl } from "../types.ts";

/** What every method is handed. */
export interface Context {
  ledger: Ledger;
  clock: ClockControl;
  faults: FaultControl;
  /** Whether `requestAirdrop` answers. */
  faucet: boolean;
  /** Whether the `tolldns_` methods answer. */
  control: boolean;
  airdrop(address: Uint8Array, lamports: bigint): Promise<string>;
  rpcUrl(): string;
}

export type Method = (context: Context, params: readonly unknown[]) => unknown;

export type Methods = Readonly<Record<string, Method>>;

/** The runtime LiteSVM 1.5 carries. */
export const API_VERSION = "4.2.0";

/** A value with the slot it was read at, as most answers are. */
export function withContext<T>(
  slot: number,
  value: T,
): { context: { slot: number; apiVersion: string }; value: T } {
  return { context: { slot, apiVersion: API_VERSION }, value };
}

/** A commitment and the slot that has it now. */
export interface View {
  commitment: Commitment;
  slot: number;
}
