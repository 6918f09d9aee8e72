import { type Address, readU64, TOKEN_PROGRAM, toAddress } from "@tolldns/sdk";
import type { Machine } from "./machine.ts";

/** Fields of a mint that a test may want to be odd. */
export interface MintOptions {
  readonly decimals?: number;
  readonly initialized?: boolean;
  readonly program?: string;
  /** Bytes after the 82 of a plain mint. */
  readonly extra?: Uint8Array;
}

/** Plants a mint as the token program lays it out. */
export function plantMint(machine: Machine, address: Address, options: MintOptions = {}): void {
  const extra = options.extra ?? new Uint8Array(0);
  const data = new Uint8Array(82 + extra.length);
  new DataView(data.buffer).setBigUint64(36, 1n << 62n, true);
  data[44] = options.decimals ?? 6;
  data[45] = options.initialized === false ? 0 : 1;
  data.set(extra, 82);
  machine.plant(address, { data, owner: toAddress(options.program ?? TOKEN_PROGRAM) });
}

/** Fields of a token account that a test may want to be odd. */
export interface TokenAccountOptions {
  readonly amount?: bigint;
  readonly program?: string;
  readonly delegate?: Address;
  readonly closeAuthority?: Address;
  /** 0 uninitialised, 1 initialised, 2 frozen. */
  readonly state?: 0 | 1 | 2;
  /** Bytes after the 165 of a plain account. */
  readonly extra?: Uint8Array;
}

/** Plants a token account as the token program lays it out. */
export function plantTokenAccount(
  machine: Machine,
  address: Address,
  mint: Address,
  owner: Address,
  options: TokenAccountOptions = {},
): void {
  const extra = options.extra ?? new Uint8Array(0);
  const data = new Uint8Array(165 + extra.length);
  const view = new DataView(data.buffer);
  data.set(mint, 0);
  data.set(owner, 32);
  view.setBigUint64(64, options.amount ?? 0n, true);
  if (options.delegate !== undefined) {
    data[72] = 1;
    data.set(options.delegate, 76);
    view.setBigUint64(121, options.amount ?? 0n, true);
  }
  data[108] = options.state ?? 1;
  if (options.closeAuthority !== undefined) {
    data[129] = 1;
    data.set(options.closeAuthority, 133);
  }
  data.set(extra, 165);
  machine.plant(address, { data, owner: toAddress(options.program ?? TOKEN_PROGRAM) });
}

/** Tokens in an account, micro-IU; 0 where there is none. */
export function tokensOf(machine: Machine, address: Address): bigint {
  const account = machine.account(address);
  return account === undefined || account.data.length < 72 ? 0n : readU64(account.data, 64);
}
