import type { Address, AddressLike } from "../address.ts";
import { type EventLayout, eventsInLog, readEvent } from "../events.ts";
import { EVENT_DISCRIMINATORS } from "../generated/escrow.ts";

/** A batch was settled: `amount` micro-IU from `vouchers` lanes; `credited` is the ledger's total ever. */
export interface SettledEvent {
  readonly name: "settled";
  readonly ledger: Address;
  readonly vouchers: number;
  readonly amount: bigint;
  readonly credited: bigint;
}

/** A ledger's credits were paid out, micro-IU. */
export interface DistributedEvent {
  readonly name: "distributed";
  readonly ledger: Address;
  readonly operator: bigint;
  readonly names: bigint;
  readonly treasury: bigint;
}

/** A Balance after a deposit or a withdrawal, micro-IU. */
export interface BalanceChangedEvent {
  readonly name: "balanceChanged";
  readonly owner: Address;
  readonly free: bigint;
}

/** A lane after any instruction but settle; `state` is 0 free, 1 open, 2 revoked, 3 closing. */
export interface LaneChangedEvent {
  readonly name: "laneChanged";
  readonly ledger: Address;
  readonly owner: Address;
  readonly lane: number;
  readonly generation: number;
  readonly state: number;
  readonly reserve: bigint;
  readonly settled: bigint;
  readonly deadline: bigint;
}

/** The configuration after a change. */
export interface ConfigChangedEvent {
  readonly name: "configChanged";
  readonly authority: Address;
  readonly pendingAuthority: Address;
  readonly guardian: Address;
  readonly paused: boolean;
}

/** Anything the escrow says in a transaction's log. */
export type EscrowEvent =
  | SettledEvent
  | DistributedEvent
  | BalanceChangedEvent
  | LaneChangedEvent
  | ConfigChangedEvent;

const LAYOUTS = {
  Settled: { ledger: "key", vouchers: "u16", amount: "u64", credited: "u64" },
  Distributed: { ledger: "key", operator: "u64", names: "u64", treasury: "u64" },
  BalanceChanged: { owner: "key", free: "u64" },
  LaneChanged: {
    ledger: "key",
    owner: "key",
    lane: "u16",
    generation: "u16",
    state: "u8",
    reserve: "u64",
    settled: "u64",
    deadline: "u64",
  },
  ConfigChanged: { authority: "key", pendingAuthority: "key", guardian: "key", paused: "flag" },
} as const satisfies Record<keyof typeof EVENT_DISCRIMINATORS, EventLayout>;

/** Reads one event (discriminator and fields), or undefined if it is none of the escrow's. */
export function decodeEvent(bytes: Uint8Array): EscrowEvent | undefined {
  return readEvent(EVENT_DISCRIMINATORS, LAYOUTS, bytes);
}

/**
 * The escrow's events in a transaction's log, in order. Only what the escrow itself logged counts: another program of
 * the same transaction can write the same bytes.
 */
export function decodeEvents(logs: readonly string[], escrow: AddressLike): EscrowEvent[] {
  return eventsInLog(logs, escrow, decodeEvent);
}
