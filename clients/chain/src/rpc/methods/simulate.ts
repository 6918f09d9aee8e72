import { accountEncoding, uiAccount } from "../../encode/account.ts";
import { u64 } from "../../encode/numbers.ts";
import { parseInstruction } from "../../encode/parsed-instruction.ts";
import { accountList } from "../../ledger/execute.ts";
import { MAX_AGE } from "../../ledger/timeline.ts";
import type { InnerCall, Simulated } from "../../svm/engine.ts";
import type { TransactionErrorJson } from "../../svm/errors.ts";
import { feeOf } from "../../svm/fees.ts";
import { addressText, keyOf, toBase58 } from "../../wire/base58.ts";
import type { WireTransaction } from "../../wire/transaction.ts";
import { type Context, type Methods, withContext } from "../context.ts";
import { invalid, RpcError, SIGNATURE_FAILURE } from "../errors.ts";
import { address, type Config, config, list, view } from "../params.ts";
import { lookupAt } from "./accounts.ts";
import { readTransaction } from "./send.ts";

/** Accounts a client asked for, as the transaction would leave them; null where there is none. */
function accountsAfter(context: Context, result: Simulated, wanted: unknown, slot: number): unknown {
  if (wanted === undefined || wanted === null) return null;
  const { addresses, encoding } = config(wanted);
  const form = accountEncoding(encoding, "base64");
  if (form === "binary" || form === "base58") throw invalid("base58 encoding not supported");
  const after = new Map(result.accounts.map((entry) => [keyOf(entry.address), entry.account]));
  return list(addresses, 256).map((text) => {
    const key = address(text);
    const account = after.get(keyOf(key)) ?? context.ledger.bank.engine.account(key);
    if (account === null || account.lamports() === 0n) return null;
    return uiAccount(account, form, null, lookupAt(context, slot));
  });
}

function innerCalls(context: Context, transaction: WireTransaction, inner: readonly InnerCall[][]): unknown {
  const { keys } = accountList(transaction, context.ledger.bank.engine);
  const name = (index: number): string => addressText(keys[index] ?? new Uint8Array(32));
  return inner.flatMap((calls, index) =>
    calls.length === 0
      ? []
      : [
          {
            index,
            instructions: calls.map((call) =>
              parseInstruction({
                program: name(call.programIndex),
                accounts: [...call.accounts].map(name),
                data: call.data,
                stackHeight: call.stackHeight,
              }),
            ),
          },
        ],
  );
}

function lifetime(
  context: Context,
  transaction: WireTransaction,
  options: Config,
): TransactionErrorJson | null {
  if (options.replaceRecentBlockhash === true) return null;
  const { bank } = context.ledger;
  const { commitment: level } = view(context, options);
  if (context.ledger.isKnown(keyOf(transaction.signatures[0] as Uint8Array))) return "AlreadyProcessed";
  return bank.age(transaction, bank.hashSlot(level));
}

export const simulateMethods: Methods = {
  simulateTransaction(context, [encoded, given]) {
    const options = config(given);
    const { slot, commitment: level } = view(context, options);
    const transaction = readTransaction(encoded, options);
    const verify = options.sigVerify === true;
    if (verify && options.replaceRecentBlockhash === true) {
      throw invalid("sigVerify may not be used with replaceRecentBlockhash");
    }
    const { bank } = context.ledger;
    const run = bank.engine.simulate(transaction.bytes, verify);
    if (verify && run.error === "SignatureFailure") {
      throw new RpcError(SIGNATURE_FAILURE, "Transaction signature verification failure");
    }
    const aged = lifetime(context, transaction, options);
    const result: Simulated =
      aged === null ? run : { error: aged, logs: [], units: 0, inner: [], returnData: null, accounts: [] };
    const newest = bank.hashSlot(level);
    const value: Record<string, unknown> = {
      err: result.error,
      logs: result.logs,
      accounts: accountsAfter(context, result, options.accounts, slot),
      unitsConsumed: result.units,
      fee: u64(feeOf(transaction.message)),
      returnData:
        result.returnData === null
          ? null
          : {
              programId: addressText(result.returnData.program),
              data: [Buffer.from(result.returnData.data).toString("base64"), "base64"],
            },
      innerInstructions:
        options.innerInstructions === true ? innerCalls(context, transaction, result.inner) : null,
      replacementBlockhash:
        options.replaceRecentBlockhash === true
          ? {
              blockhash: toBase58(bank.timeline.hash(newest)),
              lastValidBlockHeight: bank.timeline.height(bank.reached(level)) + MAX_AGE,
            }
          : null,
    };
    return withContext(slot, value);
  },
};
