import type { Address, AddressLike } from "../address.ts";
import { formatAddress } from "../address.ts";
import { copyBytes, readU16, readU64, toHex } from "../bytes.ts";
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

type Layout = readonly [length: number, read: (bytes: Uint8Array) => EscrowEvent];

const LAYOUTS: { readonly [Name in keyof typeof EVENT_DISCRIMINATORS]: Layout } = {
  Settled: [
    50,
    (b) => ({
      name: "settled",
      ledger: copyBytes(b, 0, 32),
      vouchers: readU16(b, 32),
      amount: readU64(b, 34),
      credited: readU64(b, 42),
    }),
  ],
  Distributed: [
    56,
    (b) => ({
      name: "distributed",
      ledger: copyBytes(b, 0, 32),
      operator: readU64(b, 32),
      names: readU64(b, 40),
      treasury: readU64(b, 48),
    }),
  ],
  BalanceChanged: [40, (b) => ({ name: "balanceChanged", owner: copyBytes(b, 0, 32), free: readU64(b, 32) })],
  LaneChanged: [
    93,
    (b) => ({
      name: "laneChanged",
      ledger: copyBytes(b, 0, 32),
      owner: copyBytes(b, 32, 64),
      lane: readU16(b, 64),
      generation: readU16(b, 66),
      state: b[68] as number,
      reserve: readU64(b, 69),
      settled: readU64(b, 77),
      deadline: readU64(b, 85),
    }),
  ],
  ConfigChanged: [
    97,
    (b) => ({
      name: "configChanged",
      authority: copyBytes(b, 0, 32),
      pendingAuthority: copyBytes(b, 32, 64),
      guardian: copyBytes(b, 64, 96),
      paused: b[96] !== 0,
    }),
  ],
};

/** Reads one event (discriminator and fields), or undefined if it is none of the escrow's. */
export function decodeEvent(bytes: Uint8Array): EscrowEvent | undefined {
  const discriminator = toHex(bytes.subarray(0, 8));
  for (const [name, known] of Object.entries(EVENT_DISCRIMINATORS)) {
    if (toHex(Uint8Array.from(known)) !== discriminator) continue;
    const [length, read] = LAYOUTS[name as keyof typeof EVENT_DISCRIMINATORS];
    return bytes.length === length + 8 ? read(bytes.subarray(8)) : undefined;
  }
  return undefined;
}

/**
 * The escrow's events in a transaction's log, in order. Only what the escrow itself logged counts: another program of
 * the same transaction can write the same bytes.
 */
export function decodeEvents(logs: readonly string[], escrow: AddressLike): EscrowEvent[] {
  const program = formatAddress(escrow);
  const stack: string[] = [];
  const events: EscrowEvent[] = [];
  for (const line of logs) {
    const frame = /^Program (\S+) (invoke \[\d+\]|success|failed: .*)$/.exec(line);
    if (frame !== null) {
      if ((frame[2] as string).startsWith("invoke")) stack.push(frame[1] as string);
      else stack.pop();
    } else if (line.startsWith("Program data: ") && stack.at(-1) === program) {
      const event = decodeEvent(fromBase64(line.slice("Program data: ".length)));
      if (event !== undefined) events.push(event);
    }
  }
  return events;
}

function fromBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return new Uint8Array(0);
  }
}
