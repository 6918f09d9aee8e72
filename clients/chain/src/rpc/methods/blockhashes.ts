import { u64 } from "../../encode/numbers.ts";
import { decodeText } from "../../encode/transaction.ts";
import { MAX_AGE } from "../../ledger/timeline.ts";
import { feeOf, unitPrice } from "../../svm/fees.ts";
import { LAMPORTS_PER_SIGNATURE } from "../../svm/limits.ts";
import { fromBase58, keyOf, toBase58 } from "../../wire/base58.ts";
import { parseMessage, parseTransaction, WireError, type WireMessage } from "../../wire/transaction.ts";
import { type Context, type Methods, withContext } from "../context.ts";
import { invalid } from "../errors.ts";
import { address, commitment, config, list, looseConfig, text, view } from "../params.ts";

function latest({ ledger }: Context, wanted: unknown): { blockhash: string; lastValidBlockHeight: number } {
  const level = commitment(wanted);
  const { bank } = ledger;
  return {
    blockhash: toBase58(bank.timeline.hash(bank.hashSlot(level))),
    lastValidBlockHeight: bank.timeline.height(bank.reached(level)) + MAX_AGE,
  };
}

function message(value: unknown): WireMessage {
  const bytes = decodeText(value, "base64");
  if (bytes === null) throw invalid("invalid base64 encoding");
  try {
    return parseMessage(bytes);
  } catch (error) {
    if (error instanceof WireError) throw invalid(`failed to deserialize VersionedMessage: ${error.message}`);
    throw error;
  }
}

export const blockhashMethods: Methods = {
  getLatestBlockhash(context, [given]) {
    const options = looseConfig(given);
    const { slot } = view(context, options);
    return withContext(slot, latest(context, options.commitment));
  },

  getRecentBlockhash(context, [given]) {
    const options = looseConfig(given);
    const { slot } = view(context, options);
    const { blockhash } = latest(context, options.commitment);
    return withContext(slot, {
      blockhash,
      feeCalculator: { lamportsPerSignature: Number(LAMPORTS_PER_SIGNATURE) },
    });
  },

  isBlockhashValid(context, [hash, given]) {
    const options = looseConfig(given);
    const { slot, commitment: level } = view(context, options);
    const bytes = fromBase58(text(hash), 32);
    if (bytes === null) throw invalid("Invalid param: WrongSize");
    const { bank } = context.ledger;
    return withContext(slot, bank.blockhashes.isValid(bytes, bank.hashSlot(level)));
  },

  getFeeForMessage(context, [encoded, given]) {
    const { slot, commitment: level } = view(context, looseConfig(given));
    const parsed = message(encoded);
    const { bank } = context.ledger;
    const known = bank.blockhashes.isValid(parsed.blockhash, bank.hashSlot(level));
    return withContext(slot, known ? u64(feeOf(parsed)) : null);
  },

  /** For each of the last 150 slots, the least price at which a transaction writing to all of the accounts landed. */
  getRecentPrioritizationFees(context, [accounts]) {
    const wanted =
      accounts === undefined || accounts === null
        ? []
        : list(accounts, 128).map((key) => keyOf(address(key)));
    const { ledger } = context;
    const fees = new Map<number, bigint>();
    const top = ledger.bank.reached("confirmed");
    for (let slot = Math.max(ledger.birth.shape.firstSlot, top - MAX_AGE + 1); slot <= top; slot++) {
      if (!ledger.bank.timeline.isSkipped(slot)) fees.set(slot, 0n);
    }
    const least = new Map<number, bigint>();
    for (const landed of ledger.bank.recent.values()) {
      if (!fees.has(landed.slot) || !wanted.every((key) => landed.accounts.includes(key))) continue;
      const price = unitPrice(parseTransaction(landed.bytes).message);
      const known = least.get(landed.slot);
      if (known === undefined || price < known) least.set(landed.slot, price);
    }
    for (const [slot, price] of least) fees.set(slot, price);
    return [...fees].map(([slot, price]) => ({ slot, prioritizationFee: u64(price) }));
  },

  getFees(context, [given]) {
    const options = config(given);
    const { slot } = view(context, options);
    const { blockhash, lastValidBlockHeight } = latest(context, options.commitment);
    const feeCalculator = { lamportsPerSignature: Number(LAMPORTS_PER_SIGNATURE) };
    return withContext(slot, {
      blockhash,
      feeCalculator,
      lastValidSlot: slot + MAX_AGE,
      lastValidBlockHeight,
    });
  },
};
