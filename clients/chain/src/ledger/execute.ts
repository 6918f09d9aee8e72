import type { Account, Engine, Outcome } from "../svm/engine.ts";
import type { TransactionErrorJson } from "../svm/errors.ts";
import { feeOf } from "../svm/fees.ts";
import { LOOKUP_TABLE } from "../svm/ids.ts";
import { addressText, keyOf, toBase58 } from "../wire/base58.ts";
import { isWritableKey, type WireTransaction } from "../wire/transaction.ts";
import type { LandedMeta, TokenBalance } from "./landed.ts";
import { advanceAfterFailure } from "./nonce.ts";
import { tokenBalance } from "./tokens.ts";

/** Where the addresses begin in a lookup table's account. */
const TABLE_HEAD = 56;

/** Every account a transaction names: its own keys, then those of its lookup tables. */
export interface AccountList {
  keys: Uint8Array[];
  writable: boolean[];
  loadedWritable: Uint8Array[];
  loadedReadonly: Uint8Array[];
}

export function accountList({ message }: WireTransaction, engine: Engine): AccountList {
  const loadedWritable: Uint8Array[] = [];
  const loadedReadonly: Uint8Array[] = [];
  for (const lookup of message.lookups) {
    const table = engine.account(lookup.table);
    if (table === null || addressText(table.owner()) !== LOOKUP_TABLE) continue;
    const data = table.data();
    // An index past the table's end stands for nothing; the machine refuses the transaction for it.
    const pick = (indexes: Uint8Array): Uint8Array[] =>
      [...indexes].flatMap((index) => {
        const at = TABLE_HEAD + index * 32;
        return at + 32 <= data.length ? [data.slice(at, at + 32)] : [];
      });
    loadedWritable.push(...pick(lookup.writable));
    loadedReadonly.push(...pick(lookup.readonly));
  }
  const keys = [...message.keys, ...loadedWritable, ...loadedReadonly];
  const statics = message.keys.length;
  const writable = keys.map((_, i) =>
    i < statics ? isWritableKey(message, i) : i < statics + loadedWritable.length,
  );
  return { keys, writable, loadedWritable, loadedReadonly };
}

export interface Executed {
  /** Keys (`keyOf`) of all its accounts. */
  accounts: string[];
  writable: boolean[];
  /** The writable accounts as they were before; null where there was none. */
  before: Map<string, Account | null>;
  meta: LandedMeta;
}

/** The runtime would not take the transaction into a block; nothing changed and no fee was paid. */
export interface Refused {
  refused: TransactionErrorJson;
}

/** Runs a transaction for good. @param nonce its nonce account, if it lives by one */
export function execute(
  engine: Engine,
  transaction: WireTransaction,
  verify: boolean,
  nonce: Uint8Array | null,
): Executed | Refused {
  const list = accountList(transaction, engine);
  const programs = new Set(transaction.message.instructions.map((instruction) => instruction.programIndex));
  const before = new Map<string, Account | null>();
  const pre = look(engine, list, programs, before);
  const outcome = engine.run(transaction.bytes, verify);
  const payer = list.keys[0] as Uint8Array;
  if (outcome.error !== null) {
    const paid = BigInt(pre.lamports[0] ?? "0") !== engine.balance(payer);
    if (!paid) return { refused: outcome.error };
    if (nonce !== null) advanceAfterFailure(engine, nonce, transaction.message.blockhash);
  }
  const post = look(engine, list, programs, null);
  return {
    accounts: list.keys.map(keyOf),
    writable: list.writable,
    before,
    meta: {
      ...describe(transaction, outcome, list),
      pre: pre.lamports,
      post: post.lamports,
      preTokens: pre.tokens,
      postTokens: post.tokens,
    },
  };
}

function look(
  engine: Engine,
  list: AccountList,
  programs: ReadonlySet<number>,
  before: Map<string, Account | null> | null,
): { lamports: string[]; tokens: TokenBalance[] } {
  const lamports: string[] = [];
  const tokens: TokenBalance[] = [];
  for (const [i, key] of list.keys.entries()) {
    // A program's account may be large; its balance is all that is shown.
    if (programs.has(i) && !list.writable[i]) {
      lamports.push(engine.balance(key).toString());
      continue;
    }
    const account = engine.account(key);
    if (before !== null && list.writable[i]) before.set(keyOf(key), account);
    lamports.push((account?.lamports() ?? 0n).toString());
    const token = account === null ? null : tokenBalance(engine, i, account);
    if (token !== null) tokens.push(token);
  }
  return { lamports, tokens };
}

type Described = Omit<LandedMeta, "pre" | "post" | "preTokens" | "postTokens">;

function describe(transaction: WireTransaction, outcome: Outcome, list: AccountList): Described {
  return {
    error: outcome.error,
    fee: feeOf(transaction.message).toString(),
    units: outcome.units,
    logs: outcome.logs,
    inner: outcome.inner.map((calls) =>
      calls.map((call) => [
        call.programIndex,
        [...call.accounts],
        Buffer.from(call.data).toString("base64"),
        call.stackHeight,
      ]),
    ),
    loaded: {
      writable: list.loadedWritable.map(toBase58),
      readonly: list.loadedReadonly.map(toBase58),
    },
    returnData:
      outcome.returnData === null
        ? null
        : {
            program: addressText(outcome.returnData.program),
            data: Buffer.from(outcome.returnData.data).toString("base64"),
          },
  };
}
