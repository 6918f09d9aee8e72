import { accountText } from "../ledger/history.ts";
import type { Landed, TokenBalance } from "../ledger/landed.ts";
import { invalid, RpcError, UNSUPPORTED_VERSION } from "../rpc/errors.ts";
import { addressText, fromBase58Any, toBase58 } from "../wire/base58.ts";
import { isWritableKey, parseTransaction, type WireConfig, type WireMessage } from "../wire/transaction.ts";
import { u64, uiAmount } from "./numbers.ts";
import { type NamedInstruction, parseInstruction } from "./parsed-instruction.ts";

export type TransactionEncoding = "json" | "jsonParsed" | "base58" | "base64";

export function transactionEncoding(value: unknown): TransactionEncoding {
  if (value === undefined || value === null || value === "json") return "json";
  if (value === "jsonParsed" || value === "base58" || value === "base64") return value;
  throw invalid(`unknown transaction encoding ${String(value)}`);
}

/** The `maxSupportedTransactionVersion` of a request; null takes legacy ones only. */
export type MaxVersion = number | null;

export interface UiTransaction {
  transaction: unknown;
  meta: unknown;
  version?: "legacy" | number;
}

/** A landed transaction as `getTransaction` and `getBlock` show it. @throws RpcError -32015 for a version the client doesn't take */
export function uiTransaction(landed: Landed, encoding: TransactionEncoding, max: MaxVersion): UiTransaction {
  const { message, signatures } = parseTransaction(landed.bytes);
  const { version } = message;
  if (version !== "legacy" && (max === null || version > max)) {
    throw new RpcError(
      UNSUPPORTED_VERSION,
      `Transaction version (${version}) is not supported by the requesting client. Please try the request again with the following configuration parameter: "maxSupportedTransactionVersion": ${version}`,
    );
  }
  const meta = uiMeta(landed, encoding);
  const shown = encodeTransaction(landed, message, signatures, encoding);
  return max === null ? { transaction: shown, meta } : { transaction: shown, meta, version };
}

function encodeTransaction(
  landed: Landed,
  message: WireMessage,
  signatures: readonly Uint8Array[],
  encoding: TransactionEncoding,
): unknown {
  if (encoding === "base64") return [Buffer.from(landed.bytes).toString("base64"), "base64"];
  if (encoding === "base58") return [toBase58(landed.bytes), "base58"];
  const parsed = encoding === "jsonParsed";
  return {
    signatures: signatures.map(toBase58),
    message: parsed ? parsedMessage(landed, message) : rawMessage(message),
  };
}

function rawMessage(message: WireMessage): unknown {
  const out: Record<string, unknown> = {
    header: {
      numRequiredSignatures: message.signers,
      numReadonlySignedAccounts: message.readonlySigned,
      numReadonlyUnsignedAccounts: message.readonlyUnsigned,
    },
    accountKeys: message.keys.map(addressText),
    recentBlockhash: toBase58(message.blockhash),
    instructions: message.instructions.map((instruction) => ({
      programIdIndex: instruction.programIndex,
      accounts: [...instruction.accounts],
      data: toBase58(instruction.data),
      stackHeight: 1,
    })),
  };
  if (message.version === 0) out.addressTableLookups = lookups(message);
  if (message.config !== null) out.transactionConfig = uiConfig(message.config);
  return out;
}

/** A v1 transaction's budget; what it leaves at zero is shown as unset. */
function uiConfig(config: WireConfig): unknown {
  return {
    computeUnitLimit: config.computeUnitLimit || null,
    heapSize: config.heapSize || null,
    loadedAccountsDataSizeLimit: config.loadedAccountsDataSizeLimit || null,
    priorityFee: config.priorityFee === 0n ? null : u64(config.priorityFee),
  };
}

function lookups(message: WireMessage): unknown {
  return message.lookups.map((lookup) => ({
    accountKey: addressText(lookup.table),
    writableIndexes: [...lookup.writable],
    readonlyIndexes: [...lookup.readonly],
  }));
}

function parsedMessage(landed: Landed, message: WireMessage): unknown {
  const writableLoaded = message.keys.length + landed.meta.loaded.writable.length;
  const out: Record<string, unknown> = {
    accountKeys: landed.accounts.map((key, i) => ({
      pubkey: accountText(key),
      writable: i < message.keys.length ? isWritableKey(message, i) : i < writableLoaded,
      signer: i < message.signers,
      source: i < message.keys.length ? "transaction" : "lookupTable",
    })),
    recentBlockhash: toBase58(message.blockhash),
    instructions: message.instructions.map((instruction) =>
      parseInstruction(named(landed, instruction.programIndex, instruction.accounts, instruction.data, 1)),
    ),
  };
  if (message.version === 0) out.addressTableLookups = lookups(message);
  if (message.config !== null) out.transactionConfig = uiConfig(message.config);
  return out;
}

function named(
  landed: Landed,
  program: number,
  accounts: Iterable<number>,
  data: Uint8Array,
  stackHeight: number,
): NamedInstruction {
  const name = (index: number): string => accountText(landed.accounts[index] ?? "\0".repeat(32));
  return { program: name(program), accounts: [...accounts].map(name), data, stackHeight };
}

function uiMeta(landed: Landed, encoding: TransactionEncoding): unknown {
  const { meta } = landed;
  const out: Record<string, unknown> = {
    err: meta.error,
    status: meta.error === null ? { Ok: null } : { Err: meta.error },
    fee: u64(BigInt(meta.fee)),
    preBalances: meta.pre.map((lamports) => u64(BigInt(lamports))),
    postBalances: meta.post.map((lamports) => u64(BigInt(lamports))),
    innerInstructions: innerInstructions(landed, encoding),
    logMessages: meta.logs,
    preTokenBalances: meta.preTokens.map(uiTokenBalance),
    postTokenBalances: meta.postTokens.map(uiTokenBalance),
    rewards: [],
    computeUnitsConsumed: meta.units,
  };
  if (encoding !== "jsonParsed") out.loadedAddresses = meta.loaded;
  if (meta.returnData !== null) {
    out.returnData = { programId: meta.returnData.program, data: [meta.returnData.data, "base64"] };
  }
  return out;
}

function innerInstructions(landed: Landed, encoding: TransactionEncoding): unknown {
  return landed.meta.inner.flatMap((calls, index) => {
    if (calls.length === 0) return [];
    const instructions = calls.map(([programIdIndex, accounts, base64, stackHeight]) => {
      const data = Buffer.from(base64, "base64");
      if (encoding === "jsonParsed")
        return parseInstruction(named(landed, programIdIndex, accounts, data, stackHeight));
      return { programIdIndex, accounts, data: toBase58(data), stackHeight };
    });
    return [{ index, instructions }];
  });
}

function uiTokenBalance({ amount, decimals, ...rest }: TokenBalance): unknown {
  return { ...rest, uiTokenAmount: uiAmount(BigInt(amount), decimals) };
}

/** Bytes of a transaction or message that came in as text. */
export function decodeText(value: unknown, encoding: "base58" | "base64"): Uint8Array | null {
  if (typeof value !== "string") return null;
  if (encoding === "base58") return fromBase58Any(value);
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(value) || value.length % 4 !== 0) return null;
  return new Uint8Array(Buffer.from(value, "base64"));
}
