import { transactionEncoding, uiTransaction } from "../../encode/transaction.ts";
import type { Landed } from "../../ledger/landed.ts";
import { MEMO, MEMO_V1 } from "../../svm/ids.ts";
import { addressText, keyOf } from "../../wire/base58.ts";
import { parseTransaction } from "../../wire/transaction.ts";
import { type Context, type Methods, withContext } from "../context.ts";
import { invalid } from "../errors.ts";
import { address, commitment, config, list, looseConfig, signature, view, whole } from "../params.ts";
import { maxVersion } from "./blocks.ts";

const MAX_STATUSES = 256;
const MAX_SIGNATURES = 1000;

/** A row of `getSignatureStatuses`. */
export function statusOf({ ledger }: Context, landed: Landed): Record<string, unknown> {
  const level = ledger.commitmentOf(landed);
  const { error } = landed.meta;
  return {
    slot: landed.slot,
    confirmations: level === "finalized" ? null : ledger.bank.slot - landed.slot,
    err: error,
    status: error === null ? { Ok: null } : { Err: error },
    confirmationStatus: level,
  };
}

/** The memos of a transaction as `[length] text`, joined; null if it has none. */
function memoOf(landed: Landed): string | null {
  const { message } = parseTransaction(landed.bytes);
  const memos = message.instructions.flatMap(({ programIndex, data }) => {
    const program = message.keys[programIndex];
    const known = program === undefined ? "" : addressText(program);
    if (known !== MEMO && known !== MEMO_V1) return [];
    return [`[${data.length}] ${Buffer.from(data).toString("utf8")}`];
  });
  return memos.length === 0 ? null : memos.join("; ");
}

/** Transactions that name an address, newest first: unfinalised ones from memory, the rest from the history. */
function ofAddress(context: Context, key: string, before: [number, number], limit: number): Landed[] {
  const { ledger } = context;
  const older = (landed: Landed): boolean =>
    landed.slot < before[0] || (landed.slot === before[0] && landed.index < before[1]);
  const fresh = [...ledger.bank.blocks.values()]
    .flat()
    .filter((landed) => landed.accounts.includes(key) && older(landed))
    .reverse();
  const stored = ledger.history
    .forAddress(key, before, limit)
    .flatMap((entry) => ledger.history.get(keyOf(entry.signature)) ?? []);
  return [...fresh, ...stored].slice(0, limit);
}

export const transactionMethods: Methods = {
  getSignatureStatuses(context, [signatures, given]) {
    const keys = list(signatures, MAX_STATUSES).map(signature).map(keyOf);
    const search = config(given).searchTransactionHistory === true;
    const { ledger } = context;
    const rows = keys.map((key) => {
      const landed = search ? ledger.find(key) : ledger.status(key);
      return landed === null ? null : statusOf(context, landed);
    });
    return withContext(ledger.bank.slot, rows);
  },

  getTransaction(context, [given, rest]) {
    const options = typeof rest === "string" ? { encoding: rest } : config(rest);
    const level = commitment(options.commitment);
    if (level === "processed") throw invalid("Method does not support commitment below `confirmed`");
    const landed = context.ledger.find(keyOf(signature(given)));
    if (landed === null || landed.slot > context.ledger.bank.reached(level)) return null;
    const encoding = transactionEncoding(options.encoding);
    const max = maxVersion(options.maxSupportedTransactionVersion);
    return { slot: landed.slot, blockTime: landed.time, ...uiTransaction(landed, encoding, max) };
  },

  getSignaturesForAddress(context, [key, given]) {
    const options = looseConfig(given);
    const { slot: top } = view(context, options);
    const limit =
      options.limit === undefined || options.limit === null ? MAX_SIGNATURES : whole(options.limit);
    if (limit < 1 || limit > MAX_SIGNATURES) throw invalid(`Invalid limit; max ${MAX_SIGNATURES}`);
    const position = (value: unknown): [number, number] | null => {
      if (value === undefined || value === null) return null;
      const landed = context.ledger.find(keyOf(signature(value)));
      return landed === null ? null : [landed.slot, landed.index];
    };
    const before = position(options.before) ?? [top + 1, 0];
    const until = position(options.until);
    const rows = ofAddress(context, keyOf(address(key)), before, limit).filter(
      ({ slot, index }) => until === null || slot > until[0] || (slot === until[0] && index > until[1]),
    );
    return rows.map((landed) => ({
      signature: landed.signature,
      slot: landed.slot,
      err: landed.meta.error,
      memo: memoOf(landed),
      blockTime: landed.time,
      confirmationStatus: context.ledger.commitmentOf(landed),
    }));
  },
};
