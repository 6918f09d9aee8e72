import type { Context, Methods } from "./context.ts";
import { INTERNAL_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND, PARSE_ERROR, RpcError } from "./errors.ts";
import { accountMethods } from "./methods/accounts.ts";
import { blockhashMethods } from "./methods/blockhashes.ts";
import { blockMethods } from "./methods/blocks.ts";
import { clusterMethods } from "./methods/cluster.ts";
import { controlMethods } from "./methods/control.ts";
import { sendMethods } from "./methods/send.ts";
import { simulateMethods } from "./methods/simulate.ts";
import { tokenMethods } from "./methods/tokens.ts";
import { transactionMethods } from "./methods/transactions.ts";

const METHODS: Methods = {
  ...accountMethods,
  ...tokenMethods,
  ...blockhashMethods,
  ...blockMethods,
  ...clusterMethods,
  ...sendMethods,
  ...simulateMethods,
  ...transactionMethods,
  ...controlMethods,
};

interface Answer {
  jsonrpc: "2.0";
  id: unknown;
  result?: unknown;
  error?: { code: number; message: string; data?: unknown };
}

/** Calls that one batch may hold. */
const MAX_BATCH = 1000;

/** Answers one request or a batch, as text. */
export async function answer(context: Context, body: string): Promise<string> {
  let request: unknown;
  try {
    request = JSON.parse(body);
  } catch {
    return JSON.stringify(failure(null, new RpcError(PARSE_ERROR, "Parse error")));
  }
  if (!Array.isArray(request)) return JSON.stringify(await call(context, request));
  if (request.length === 0 || request.length > MAX_BATCH) {
    return JSON.stringify(failure(null, new RpcError(INVALID_REQUEST, "Invalid request")));
  }
  return JSON.stringify(await Promise.all(request.map((one) => call(context, one))));
}

/** Runs a method. @throws RpcError */
export function run(context: Context, name: string, params: readonly unknown[]): unknown {
  const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
  if (method === undefined) throw new RpcError(METHOD_NOT_FOUND, "Method not found");
  return method(context, params);
}

async function call(context: Context, request: unknown): Promise<Answer> {
  const { jsonrpc, id, method, params } = (request ?? {}) as Record<string, unknown>;
  const listed = params === undefined || params === null ? [] : params;
  if (jsonrpc !== "2.0" || typeof method !== "string" || !Array.isArray(listed)) {
    return failure(id ?? null, new RpcError(INVALID_REQUEST, "Invalid request"));
  }
  try {
    return { jsonrpc: "2.0", id: id ?? null, result: (await run(context, method, listed)) ?? null };
  } catch (error) {
    return failure(id ?? null, error);
  }
}

export function failure(id: unknown, error: unknown): Answer {
  const known = error instanceof RpcError ? error : new RpcError(INTERNAL_ERROR, "Internal error");
  const shown: Answer["error"] = { code: known.code, message: known.message };
  if (known.data !== undefined) shown.data = known.data;
  return { jsonrpc: "2.0", id, error: shown };
}
