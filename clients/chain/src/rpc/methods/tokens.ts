import { type UiAmount, uiAmount } from "../../encode/numbers.ts";
import {
  isTokenProgram,
  type Mint,
  readMint,
  readTokenAccount,
  type TokenAccount,
} from "../../ledger/tokens.ts";
import type { Account } from "../../svm/engine.ts";
import { TOKEN, TOKEN_2022 } from "../../svm/ids.ts";
import { addressText, fromBase58 } from "../../wire/base58.ts";
import { type Context, type Methods, withContext } from "../context.ts";
import { invalid } from "../errors.ts";
import { address, config, looseConfig, view } from "../params.ts";
import { keyed } from "./accounts.ts";

interface TokenRow {
  address: Uint8Array;
  account: Account;
  token: TokenAccount;
}

function tokenAccountAt(context: Context, key: Uint8Array, slot: number): TokenAccount {
  const account = context.ledger.bank.accountAt(key, slot);
  if (account === null) throw invalid("Invalid param: could not find account");
  const token = isTokenProgram(addressText(account.owner())) ? readTokenAccount(account.data()) : null;
  if (token === null) throw invalid("Invalid param: not a Token account");
  return token;
}

function mintAt(context: Context, key: Uint8Array, slot: number): Mint {
  const account = context.ledger.bank.accountAt(key, slot);
  if (account === null) throw invalid("Invalid param: could not find mint");
  const mint = isTokenProgram(addressText(account.owner())) ? readMint(account.data()) : null;
  if (mint === null) throw invalid("Invalid param: not a Token mint");
  return mint;
}

function tokenRows(context: Context, slot: number, programs: readonly string[]): TokenRow[] {
  return programs.flatMap((program) =>
    context.ledger.bank.programAccountsAt(fromBase58(program, 32) as Uint8Array, slot).flatMap((row) => {
      const token = readTokenAccount(row.account.data());
      return token === null ? [] : [{ ...row, token }];
    }),
  );
}

function same(a: Uint8Array | null, b: Uint8Array): boolean {
  return a !== null && Buffer.compare(a, b) === 0;
}

/** Rows whose `field` is `key`, of one mint or of one token program. */
function filtered(
  context: Context,
  slot: number,
  key: Uint8Array,
  by: unknown,
  field: "owner" | "delegate",
): TokenRow[] {
  const { mint, programId } = config(by);
  if (programId !== undefined && !isTokenProgram(String(programId))) {
    throw invalid("Invalid param: unrecognized Token program id");
  }
  const programs = programId === undefined ? [TOKEN, TOKEN_2022] : [String(programId)];
  const wanted = mint === undefined ? null : address(mint);
  if (wanted !== null) mintAt(context, wanted, slot);
  else if (programId === undefined) throw invalid("expected `mint` or `programId`");
  return tokenRows(context, slot, programs).filter(
    ({ token }) => same(token[field], key) && (wanted === null || same(token.mint, wanted)),
  );
}

export const tokenMethods: Methods = {
  getTokenAccountBalance(context, [key, given]) {
    const { slot } = view(context, looseConfig(given));
    const token = tokenAccountAt(context, address(key), slot);
    return withContext(slot, uiAmount(token.amount, mintAt(context, token.mint, slot).decimals));
  },

  getTokenSupply(context, [key, given]) {
    const { slot } = view(context, looseConfig(given));
    const mint = mintAt(context, address(key), slot);
    return withContext(slot, uiAmount(mint.supply, mint.decimals));
  },

  getTokenAccountsByOwner(context, [owner, by, given]) {
    const options = config(given);
    const { slot } = view(context, options);
    return withContext(
      slot,
      keyed(context, slot, filtered(context, slot, address(owner), by, "owner"), options),
    );
  },

  getTokenAccountsByDelegate(context, [delegate, by, given]) {
    const options = config(given);
    const { slot } = view(context, options);
    const rows = filtered(context, slot, address(delegate), by, "delegate");
    return withContext(slot, keyed(context, slot, rows, options));
  },

  getTokenLargestAccounts(context, [key, given]) {
    const { slot } = view(context, looseConfig(given));
    const mint = address(key);
    const { decimals } = mintAt(context, mint, slot);
    const rows = tokenRows(context, slot, [TOKEN, TOKEN_2022])
      .filter(({ token }) => same(token.mint, mint))
      .sort((a, b) => (b.token.amount > a.token.amount ? 1 : b.token.amount < a.token.amount ? -1 : 0))
      .slice(0, 20);
    const shown: (UiAmount & { address: string })[] = rows.map((row) => ({
      address: addressText(row.address),
      ...uiAmount(row.token.amount, decimals),
    }));
    return withContext(slot, shown);
  },
};
