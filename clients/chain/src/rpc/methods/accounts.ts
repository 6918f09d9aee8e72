import { accountEncoding, dataSlice, type UiAccount, uiAccount } from "../../encode/account.ts";
import { u64 } from "../../encode/numbers.ts";
import type { Lookup } from "../../encode/parsed-account.ts";
import type { Account } from "../../svm/engine.ts";
import { addressText, fromBase58Any } from "../../wire/base58.ts";
import { type Context, type Methods, withContext } from "../context.ts";
import { invalid } from "../errors.ts";
import { address, type Config, config, list, looseConfig, view, whole } from "../params.ts";

/** Finds accounts for parsers as of a slot. */
export function lookupAt(context: Context, slot: number): Lookup {
  return (key) => context.ledger.bank.accountAt(key, slot)?.data() ?? null;
}

/** Whether an account matches one of `getProgramAccounts`' filters. */
export type Filter = (data: Uint8Array) => boolean;

const MAX_FILTERS = 4;
const MAX_MEMCMP = 128;

export function filters(value: unknown): Filter[] {
  if (value === undefined || value === null) return [];
  return list(value, MAX_FILTERS).map(filter);
}

function filter(value: unknown): Filter {
  const options = value as { dataSize?: unknown; memcmp?: Config; tokenAccountState?: unknown } | string;
  if (options === "tokenAccountState") return (data) => data.length >= 165 && data[108] !== 0;
  if (typeof options !== "object" || options === null) throw invalid("invalid filter");
  if (options.dataSize !== undefined) {
    const size = whole(options.dataSize);
    return (data) => data.length === size;
  }
  if (options.memcmp !== undefined) return memcmp(options.memcmp);
  throw invalid("invalid filter");
}

function memcmp({ offset, bytes, encoding }: Config): Filter {
  const at = whole(offset);
  const wanted = memcmpBytes(bytes, encoding);
  if (wanted === null || wanted.length > MAX_MEMCMP)
    throw invalid("Invalid param: invalid memcmp filter bytes");
  return (data) =>
    data.length >= at + wanted.length && Buffer.compare(data.subarray(at, at + wanted.length), wanted) === 0;
}

function memcmpBytes(bytes: unknown, encoding: unknown): Uint8Array | null {
  if (Array.isArray(bytes)) return Uint8Array.from(bytes as number[]);
  if (typeof bytes !== "string") return null;
  return encoding === "base64" ? Buffer.from(bytes, "base64") : fromBase58Any(bytes);
}

/** `{pubkey, account}` rows. */
export function keyed(
  context: Context,
  slot: number,
  rows: readonly { address: Uint8Array; account: Account }[],
  options: Config,
): { pubkey: string; account: UiAccount }[] {
  const encoding = accountEncoding(options.encoding);
  const slice = dataSlice(options.dataSlice);
  return rows.map((row) => ({
    pubkey: addressText(row.address),
    account: uiAccount(row.account, encoding, slice, lookupAt(context, slot)),
  }));
}

function one(context: Context, slot: number, key: Uint8Array, options: Config): UiAccount | null {
  const account = context.ledger.bank.accountAt(key, slot);
  if (account === null) return null;
  const encoding = accountEncoding(options.encoding);
  return uiAccount(account, encoding, dataSlice(options.dataSlice), lookupAt(context, slot));
}

export const accountMethods: Methods = {
  getAccountInfo(context, [key, given]) {
    const options = config(given);
    const { slot } = view(context, options);
    return withContext(slot, one(context, slot, address(key), options));
  },

  getMultipleAccounts(context, [keys, given]) {
    const options = config(given);
    const { slot } = view(context, options);
    const wanted = list(keys, 100).map(address);
    return withContext(
      slot,
      wanted.map((key) => one(context, slot, key, { encoding: "base64", ...options })),
    );
  },

  getBalance(context, [key, given]) {
    const { slot } = view(context, looseConfig(given));
    const account = context.ledger.bank.accountAt(address(key), slot);
    return withContext(slot, u64(account?.lamports() ?? 0n));
  },

  getProgramAccounts(context, [program, given]) {
    const options = config(given);
    const { slot } = view(context, options);
    const tests = filters(options.filters);
    const found = context.ledger.bank
      .programAccountsAt(address(program), slot)
      .filter(({ account }) => tests.length === 0 || matches(account.data(), tests));
    if (options.sortResults !== false) found.sort((a, b) => Buffer.compare(a.address, b.address));
    const rows = keyed(context, slot, found, options);
    return options.withContext === true ? withContext(slot, rows) : rows;
  },

  getMinimumBalanceForRentExemption(context, [length]) {
    return u64(context.ledger.bank.engine.rentExempt(whole(length)));
  },

  getLargestAccounts(context, [given]) {
    const { slot } = view(context, config(given));
    const system = context.ledger.bank.programAccountsAt(new Uint8Array(32), slot);
    const rows = system
      .map((row) => ({ address: addressText(row.address), lamports: row.account.lamports() }))
      .sort((a, b) => (b.lamports > a.lamports ? 1 : -1))
      .slice(0, 20);
    return withContext(
      slot,
      rows.map((row) => ({ address: row.address, lamports: u64(row.lamports) })),
    );
  },
};

export function matches(data: Uint8Array, tests: readonly Filter[]): boolean {
  return tests.every((test) => test(data));
}
