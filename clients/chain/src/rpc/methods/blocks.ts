import { type MaxVersion, transactionEncoding, uiTransaction } from "../../encode/transaction.ts";
import { accountText } from "../../ledger/history.ts";
import type { Landed } from "../../ledger/landed.ts";
import { samplesOf } from "../../ledger/report.ts";
import { addressText, toBase58 } from "../../wire/base58.ts";
import { isWritableKey, parseTransaction } from "../../wire/transaction.ts";
import type { Context, Methods } from "../context.ts";
import { BLOCK_NOT_AVAILABLE, invalid, RpcError, SLOT_SKIPPED } from "../errors.ts";
import { type Config, commitment, config, looseConfig, whole } from "../params.ts";

const MAX_RANGE = 500_000;

/** Refuses a slot that has no finished block of the commitment wanted. */
function checkSlot({ ledger }: Context, slot: number, options: Config): void {
  const wanted = commitment(options.commitment);
  if (wanted === "processed") throw invalid("Method does not support commitment below `confirmed`");
  if (slot > ledger.bank.reached(wanted)) {
    throw new RpcError(BLOCK_NOT_AVAILABLE, `Block not available for slot ${slot}`);
  }
  if (slot < ledger.birth.shape.firstSlot || ledger.bank.timeline.isSkipped(slot)) {
    throw new RpcError(
      SLOT_SKIPPED,
      `Slot ${slot} was skipped, or missing due to ledger jump to recent snapshot`,
    );
  }
}

export function maxVersion(value: unknown): MaxVersion {
  return value === undefined || value === null ? null : whole(value);
}

/** A block as `getBlock` and `blockSubscribe` show it. */
export function uiBlock(context: Context, slot: number, landed: readonly Landed[], options: Config): unknown {
  const { timeline } = context.ledger.bank;
  const parent = timeline.parent(slot);
  const out: Record<string, unknown> = {
    blockhash: toBase58(timeline.hash(slot)),
    previousBlockhash: toBase58(timeline.hash(parent)),
    parentSlot: parent,
    blockHeight: timeline.height(slot),
    blockTime: timeline.unixTime(slot),
  };
  const details = options.transactionDetails ?? "full";
  if (details === "full") {
    const encoding = transactionEncoding(options.encoding);
    const max = maxVersion(options.maxSupportedTransactionVersion);
    out.transactions = landed.map((one) => uiTransaction(one, encoding, max));
  } else if (details === "signatures") out.signatures = landed.map((one) => one.signature);
  else if (details === "accounts") out.transactions = landed.map(accountsOnly);
  else if (details !== "none") throw invalid(`unknown transactionDetails ${String(details)}`);
  if (options.rewards !== false) {
    const fees = landed.reduce((sum, one) => sum + Number(one.meta.fee), 0);
    const pubkey = addressText(context.ledger.birth.identity);
    out.rewards =
      fees === 0 ? [] : [{ pubkey, lamports: 0, postBalance: 0, rewardType: "Fee", commission: null }];
  }
  return out;
}

function accountsOnly(landed: Landed): unknown {
  const { message } = parseTransaction(landed.bytes);
  const loaded = message.keys.length + landed.meta.loaded.writable.length;
  const accountKeys = landed.accounts.map((key, i) => ({
    pubkey: accountText(key),
    writable: i < message.keys.length ? isWritableKey(message, i) : i < loaded,
    signer: i < message.signers,
    source: i < message.keys.length ? "transaction" : "lookupTable",
  }));
  const full = uiTransaction(landed, "json", 1) as { meta: unknown; version: unknown };
  return {
    transaction: { accountKeys, signatures: [landed.signature] },
    meta: full.meta,
    version: full.version,
  };
}

export const blockMethods: Methods = {
  getBlock(context, [slot, given]) {
    const options = looseConfig(given);
    const wanted = whole(slot);
    checkSlot(context, wanted, options);
    return uiBlock(context, wanted, context.ledger.block(wanted), options);
  },

  getBlocks(context, [start, end, given]) {
    const options = typeof end === "object" ? config(end) : config(given);
    const wanted = commitment(options.commitment);
    const from = whole(start);
    const top = context.ledger.bank.reached(wanted);
    const to = typeof end === "number" ? Math.min(whole(end), top) : top;
    if (to - from > MAX_RANGE) throw invalid(`Slot range too large; max ${MAX_RANGE}`);
    return slots(context, from, to, Number.MAX_SAFE_INTEGER);
  },

  getBlocksWithLimit(context, [start, limit, given]) {
    const wanted = commitment(config(given).commitment);
    const count = whole(limit);
    if (count > MAX_RANGE) throw invalid(`Limit too large; max ${MAX_RANGE}`);
    return slots(context, whole(start), context.ledger.bank.reached(wanted), count);
  },

  getBlockTime(context, [slot]) {
    const wanted = whole(slot);
    checkSlot(context, wanted, { commitment: "confirmed" });
    return context.ledger.bank.timeline.unixTime(wanted);
  },

  getBlockCommitment: ({ ledger }, [slot]) => ({
    commitment:
      whole(slot) <= ledger.bank.slot ? Array.from({ length: 32 }, (_, i) => (i === 31 ? 1 : 0)) : null,
    totalStake: 1,
  }),

  getBlockProduction({ ledger }) {
    const { firstSlot } = ledger.birth.shape;
    const slot = ledger.bank.slot;
    const made = slot - firstSlot + 1;
    return {
      context: { slot },
      value: {
        byIdentity: { [addressText(ledger.birth.identity)]: [made, made] },
        range: { firstSlot, lastSlot: slot },
      },
    };
  },

  getRecentPerformanceSamples({ ledger }, [limit]) {
    const count = limit === undefined || limit === null ? 720 : whole(limit);
    if (count > 720) throw invalid("Invalid limit; max 720");
    return samplesOf(ledger, count);
  },
};

function slots({ ledger }: Context, from: number, to: number, limit: number): number[] {
  const out: number[] = [];
  for (let slot = Math.max(from, ledger.birth.shape.firstSlot); slot <= to && out.length < limit; slot++) {
    if (!ledger.bank.timeline.isSkipped(slot)) out.push(slot);
  }
  return out;
}
