import { readU64, type Signer } from "@tolldns/sdk";
import { tokensOf } from "../world/tokens.ts";
import type { World } from "../world/world.ts";
import type { OpenLedger } from "./play.ts";
import { key } from "./shapes.ts";

/** A lane's row, keys as text. */
export interface BookRow {
  readonly owner: string;
  readonly sessionKey: string;
  readonly reserve: bigint;
  readonly settled: bigint;
  readonly deadline: bigint;
  readonly generation: number;
  readonly state: number;
}

/** One ledger. */
export interface BookLedger {
  readonly credited: bigint;
  readonly distributed: bigint;
  readonly openLanes: number;
  readonly rows: readonly BookRow[];
}

/** All the money of a world, micro-IU. */
export interface Books {
  readonly vault: bigint;
  /** Of each wallet, in order. */
  readonly free: readonly bigint[];
  readonly pockets: readonly bigint[];
  readonly openLanes: readonly number[];
  readonly ledgers: readonly BookLedger[];
  /** Payouts of the operators, names pool and treasury together. */
  readonly paidOut: bigint;
}

/** Reads everything from the chain's bytes; written apart from the SDK's readers, so that an error in those can't hide one here. */
export function readBooks(world: World, ledgers: readonly OpenLedger[], wallets: readonly Signer[]): Books {
  const { machine } = world;
  const balances = wallets.map((wallet) => machine.account(world.balanceAddress(wallet))?.data);
  const shares = [...ledgers.map(({ payout }) => payout), world.namesPool, world.treasury];
  return {
    vault: tokensOf(machine, world.vault),
    free: balances.map((data) => (data === undefined || data.length === 0 ? 0n : readU64(data, 16))),
    openLanes: balances.map((data) => (data === undefined || data.length === 0 ? 0 : (data[12] as number))),
    pockets: wallets.map((wallet) => tokensOf(machine, world.tokens(wallet))),
    ledgers: ledgers.map(({ address }) => readLedger(machine.data(address))),
    paidOut: shares.reduce((sum, address) => sum + tokensOf(machine, address), 0n),
  };
}

function readLedger(data: Uint8Array): BookLedger {
  // A closed ledger is an empty account.
  if (data.length === 0) return { credited: 0n, distributed: 0n, openLanes: 0, rows: [] };
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const rows: BookRow[] = [];
  for (let at = 120; at < data.length; at += 96)
    rows.push({
      owner: key(data.subarray(at, at + 32)),
      sessionKey: key(data.subarray(at + 32, at + 64)),
      reserve: view.getBigUint64(at + 64, true),
      settled: view.getBigUint64(at + 72, true),
      deadline: view.getBigUint64(at + 80, true),
      generation: view.getUint16(at + 88, true),
      state: data[at + 90] as number,
    });
  return {
    credited: view.getBigUint64(88, true),
    distributed: view.getBigUint64(96, true),
    openLanes: view.getUint32(104, true),
    rows,
  };
}

/** What the vault owes: free balances, reserves not settled, credits not distributed. */
export function owedOf({ free, ledgers }: Books): bigint {
  let sum = free.reduce((total, amount) => total + amount, 0n);
  for (const { credited, distributed, rows } of ledgers) {
    sum += credited - distributed;
    for (const { reserve, settled } of rows) sum += reserve - settled;
  }
  return sum;
}

/** What belongs to each wallet: its pocket, its free balance and what is unspent on its lanes. */
export function wealthOf({ pockets, free, ledgers }: Books, wallets: readonly Signer[]): bigint[] {
  return wallets.map(({ publicKey }, i) => {
    const owner = key(publicKey);
    let sum = (pockets[i] as bigint) + (free[i] as bigint);
    for (const { rows } of ledgers)
      for (const row of rows) if (row.state !== 0 && row.owner === owner) sum += row.reserve - row.settled;
    return sum;
  });
}
