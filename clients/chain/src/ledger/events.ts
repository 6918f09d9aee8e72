import type { Commitment } from "../types.ts";
import type { Landed } from "./landed.ts";

/** What the ledger tells its listeners. */
export interface LedgerEvents {
  /** Transactions landed in the current slot and are on disk. */
  landed(landed: readonly Landed[]): void;
  /** A slot began. */
  slot(slot: number, parent: number, root: number): void;
  /** Slots above `from` up to and with `to` reached a commitment (confirmed or finalized). */
  reached(commitment: Commitment, from: number, to: number): void;
  /** A valid transaction reached the RPC. */
  received(signature: string): void;
}
