import { checkerOf, given, keyAt, READER_ERRORS } from "../account.ts";
import type { Address } from "../address.ts";
import { readU16, readU32, readU64 } from "../bytes.ts";
import { errorsOf } from "../errors.ts";
import { ACCOUNT_DISCRIMINATORS } from "../generated/escrow.ts";
import type { Split } from "../split.ts";

export { ACCOUNT_VERSION, READER_ERRORS, type ReaderErrors } from "../account.ts";

/** Bytes of a lane's row. */
export const ROW_LENGTH = 96;
/** Bytes of a ledger before its first row. */
export const LEDGER_HEADER_LENGTH = 120;
/** Bytes of a Config account. */
export const CONFIG_LENGTH = 316;
/** Bytes of a Balance account. */
export const BALANCE_LENGTH = 56;

/** The protocol's configuration. Durations in seconds. */
export interface Config {
  readonly bump: number;
  readonly vaultBump: number;
  readonly paused: boolean;
  readonly split: Split;
  readonly settlementInterval: number;
  readonly graceSeconds: number;
  readonly authority: Address;
  /** Undefined when nobody is proposed. */
  readonly pendingAuthority: Address | undefined;
  readonly guardian: Address;
  readonly mint: Address;
  readonly tokenProgram: Address;
  readonly vault: Address;
  readonly treasury: Address;
  readonly namesPool: Address;
  readonly genesisHash: Uint8Array;
}

/** What a wallet holds outside lanes. */
export interface Balance {
  readonly bump: number;
  readonly owner: Address;
  /** micro-IU */
  readonly free: bigint;
  readonly openLanes: number;
}

/** What a ledger says before its rows. Amounts in micro-IU. */
export interface LedgerHeader {
  readonly bump: number;
  readonly index: number;
  readonly operator: Address;
  readonly payout: Address;
  readonly graceSeconds: number;
  readonly minReserve: bigint;
  readonly credited: bigint;
  readonly distributed: bigint;
  readonly openLanes: number;
  readonly rows: number;
}

/** State of a row. */
export type LaneState = "free" | "open" | "revoked" | "closing";

/** One row of a ledger. Amounts in micro-IU, the deadline in Unix seconds (0 unless revoked or closing). */
export interface Lane {
  readonly owner: Address;
  readonly sessionKey: Address;
  readonly reserve: bigint;
  readonly settled: bigint;
  readonly deadline: bigint;
  readonly generation: number;
  readonly state: LaneState;
}

const fail = /* #__PURE__ */ errorsOf(READER_ERRORS);
const check = /* #__PURE__ */ checkerOf(ACCOUNT_DISCRIMINATORS, {
  Config: CONFIG_LENGTH,
  Balance: BALANCE_LENGTH,
  Ledger: LEDGER_HEADER_LENGTH,
});

const STATES: readonly LaneState[] = ["free", "open", "revoked", "closing"];

/** Reads a Config account. Addresses are copies. @throws account-kind, account-length, account-version */
export function decodeConfig(data: Uint8Array): Config {
  check(data, "Config");
  return {
    bump: data[9] as number,
    vaultBump: data[10] as number,
    paused: data[11] !== 0,
    split: { operatorBps: readU16(data, 12), namesBps: readU16(data, 14), treasuryBps: readU16(data, 16) },
    settlementInterval: readU32(data, 20),
    graceSeconds: readU32(data, 24),
    authority: keyAt(data, 28),
    pendingAuthority: given(keyAt(data, 60)),
    guardian: keyAt(data, 92),
    mint: keyAt(data, 124),
    tokenProgram: keyAt(data, 156),
    vault: keyAt(data, 188),
    treasury: keyAt(data, 220),
    namesPool: keyAt(data, 252),
    genesisHash: keyAt(data, 284),
  };
}

/** Reads a Balance account. @throws account-kind, account-length, account-version */
export function decodeBalance(data: Uint8Array): Balance {
  check(data, "Balance");
  return {
    bump: data[9] as number,
    openLanes: readU32(data, 12),
    free: readU64(data, 16),
    owner: keyAt(data, 24),
  };
}

/** Reads a ledger's header; `data` may be the whole account or its first 120 bytes. @throws account-kind, account-length, account-version, account-closed */
export function decodeLedgerHeader(data: Uint8Array): LedgerHeader {
  // close_ledger leaves the account in place, emptied, so that its index is never used again.
  if (data.length === 0) throw fail("account-closed", { kind: "Ledger" });
  check(data, "Ledger", (length) => length >= LEDGER_HEADER_LENGTH);
  return {
    bump: data[9] as number,
    index: readU16(data, 10),
    graceSeconds: readU32(data, 12),
    operator: keyAt(data, 16),
    payout: keyAt(data, 48),
    minReserve: readU64(data, 80),
    credited: readU64(data, 88),
    distributed: readU64(data, 96),
    openLanes: readU32(data, 104),
    rows: readU32(data, 112),
  };
}

/** Where a lane's row lies in a ledger's data, in the form RPC takes as `dataSlice`. */
export function rowSlice(lane: number): { offset: number; length: number } {
  return { offset: LEDGER_HEADER_LENGTH + lane * ROW_LENGTH, length: ROW_LENGTH };
}

/** Reads one row out of a whole ledger, touching nothing else. @throws lane-missing, lane-state, account errors */
export function readLane(ledger: Uint8Array, lane: number): Lane {
  const rows = countRows(ledger);
  if (!Number.isInteger(lane) || lane < 0 || lane >= rows) throw fail("lane-missing", { lane, rows });
  const { offset } = rowSlice(lane);
  return decodeRow(ledger.subarray(offset, offset + ROW_LENGTH));
}

/** Reads the 96 bytes of one row, as `rowSlice` fetches them. Keys are copies. @throws account-length, lane-state */
export function decodeRow(row: Uint8Array): Lane {
  if (row.length !== ROW_LENGTH)
    throw fail("account-length", { kind: "row", expected: ROW_LENGTH, got: row.length });
  const state = STATES[row[90] as number];
  if (state === undefined) throw fail("lane-state", { got: row[90] as number });
  return {
    owner: keyAt(row, 0),
    sessionKey: keyAt(row, 32),
    reserve: readU64(row, 64),
    settled: readU64(row, 72),
    deadline: readU64(row, 80),
    generation: readU16(row, 88),
    state,
  };
}

/** All rows with their numbers, one at a time, so that a ledger of 2 MB is never decoded as a whole. @throws lane-state, account errors */
export function* readLanes(ledger: Uint8Array): Generator<Lane & { readonly lane: number }> {
  const rows = countRows(ledger);
  for (let lane = 0; lane < rows; lane++) yield { lane, ...readLane(ledger, lane) };
}

/** Number of the first free row that can still be opened, or undefined if there is none. @throws account errors */
export function findFreeLane(ledger: Uint8Array): number | undefined {
  const rows = countRows(ledger);
  for (let lane = 0; lane < rows; lane++) {
    const { offset } = rowSlice(lane);
    if (ledger[offset + 90] === 0 && readU16(ledger, offset + 88) < 0xffff) return lane;
  }
  return undefined;
}

function countRows(ledger: Uint8Array): number {
  const { rows } = decodeLedgerHeader(ledger);
  const expected = LEDGER_HEADER_LENGTH + rows * ROW_LENGTH;
  if (ledger.length < expected)
    throw fail("account-length", { kind: "Ledger", expected, got: ledger.length });
  return rows;
}
