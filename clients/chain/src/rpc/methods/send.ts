import { decodeText } from "../../encode/transaction.ts";
import { errorText, type TransactionErrorJson } from "../../svm/errors.ts";
import { precompileSignatures } from "../../svm/fees.ts";
import { MAX_PRECOMPILE_SIGNATURES } from "../../svm/limits.ts";
import { keyOf, signatureText } from "../../wire/base58.ts";
import {
  PACKET_LIMIT,
  PACKET_LIMIT_V1,
  parseTransaction,
  WireError,
  type WireTransaction,
} from "../../wire/transaction.ts";
import type { Context, Methods } from "../context.ts";
import { invalid, PREFLIGHT_FAILURE, RpcError, SIGNATURE_FAILURE } from "../errors.ts";
import { type Config, commitment, config, view, whole } from "../params.ts";

const TYPE = "solana_transaction::versioned::VersionedTransaction";

/** Reads a transaction a client sent. @throws RpcError -32602 for what no validator would take in */
export function readTransaction(value: unknown, options: Config): WireTransaction {
  const encoding = options.encoding ?? "base58";
  if (encoding !== "base58" && encoding !== "base64") {
    throw invalid(`unsupported encoding: ${String(encoding)}. Supported encodings: base58, base64`);
  }
  const bytes = decodeText(value, encoding);
  if (bytes === null) throw invalid(`invalid ${encoding} encoding`);
  const limit = bytes[0] === 0x81 ? PACKET_LIMIT_V1 : PACKET_LIMIT;
  if (bytes.length > limit) {
    throw invalid(`decoded ${TYPE} too large: ${bytes.length} bytes (max: ${limit} bytes)`);
  }
  try {
    return sanitised(parseTransaction(bytes));
  } catch (error) {
    if (error instanceof WireError) throw invalid(`failed to deserialize ${TYPE}: ${error.message}`);
    throw error;
  }
}

function sanitised(transaction: WireTransaction): WireTransaction {
  const { signers, readonlySigned, readonlyUnsigned, keys, instructions, lookups } = transaction.message;
  const loaded = lookups.reduce((sum, table) => sum + table.writable.length + table.readonly.length, 0);
  const total = keys.length + loaded;
  const fits =
    signers > 0 &&
    readonlySigned < signers &&
    signers + readonlyUnsigned <= keys.length &&
    total <= 256 &&
    instructions.every(
      ({ programIndex, accounts }) =>
        programIndex > 0 && programIndex < keys.length && accounts.every((index) => index < total),
    );
  if (!fits) throw invalid("invalid transaction: Transaction failed to sanitize accounts offsets correctly");
  const asked = precompileSignatures(transaction.message);
  if (asked > MAX_PRECOMPILE_SIGNATURES) {
    throw invalid(
      `invalid transaction: ${asked} precompile signatures; leaders drop more than ${MAX_PRECOMPILE_SIGNATURES}`,
    );
  }
  return transaction;
}

interface Preflight {
  error: TransactionErrorJson | null;
  logs: string[];
  units: number;
  accounts?: null;
  returnData: unknown;
  innerInstructions: null;
}

function failPreflight(error: TransactionErrorJson, logs: string[], units: number): RpcError {
  const data: Omit<Preflight, "error"> & { err: TransactionErrorJson } = {
    ...{ accounts: null, err: error, innerInstructions: null, logs, returnData: null, units },
  };
  const { units: unitsConsumed, ...rest } = data;
  return new RpcError(PREFLIGHT_FAILURE, `Transaction simulation failed: ${errorText(error)}`, {
    ...rest,
    unitsConsumed,
    loadedAccountsDataSize: 0,
    replacementBlockhash: null,
  });
}

/** Runs a transaction without effect and refuses it if it would fail. @throws RpcError -32002, -32003 */
function preflight(context: Context, transaction: WireTransaction, options: Config): void {
  const { commitment: level } = view(context, options, commitment(options.preflightCommitment));
  const { bank } = context.ledger;
  const result = bank.engine.simulate(transaction.bytes, true);
  if (result.error === "SignatureFailure") {
    throw new RpcError(SIGNATURE_FAILURE, "Transaction signature verification failure");
  }
  const known = context.ledger.isKnown(keyOf(transaction.signatures[0] as Uint8Array));
  const aged = known ? "AlreadyProcessed" : bank.age(transaction, bank.hashSlot(level));
  if (aged !== null) throw failPreflight(aged, [], 0);
  if (result.error !== null) throw failPreflight(result.error, result.logs, result.units);
}

export const sendMethods: Methods = {
  async sendTransaction(context, [encoded, given]) {
    const options = config(given);
    if (options.maxRetries !== undefined && options.maxRetries !== null) whole(options.maxRetries);
    const transaction = readTransaction(encoded, options);
    const skip = options.skipPreflight === true;
    if (!skip) preflight(context, transaction, options);
    await context.ledger.submit(transaction, skip);
    return signatureText(transaction.signatures[0] as Uint8Array);
  },
};
