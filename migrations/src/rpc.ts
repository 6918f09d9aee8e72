import { fail } from "./errors.ts";

/** A JSON-RPC endpoint of a Solana cluster. */
export interface Rpc {
  url: string;
  call<T>(method: string, params: readonly unknown[]): Promise<T>;
}

/** Waits between attempts when a public endpoint asks for patience, in milliseconds. */
const BACKOFF = [250, 500, 1000, 2000, 4000];

/** Error of the endpoint itself: its code and, for a failed preflight, the program's logs. */
export interface RpcFailure {
  code: number;
  message: string;
  data?: { logs?: string[] | null; err?: unknown };
}

/** Speaks to `url`. Endpoints that are busy (429, 5xx) or can't be reached are asked again a few times, unless `signal` has ended the work. @throws migrate-rpc, migrate-failed for a transaction whose preflight fails */
export function connect(url: string, signal?: AbortSignal): Rpc {
  return {
    url,
    async call<T>(method: string, params: readonly unknown[]): Promise<T> {
      const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
      for (let attempt = 0; ; attempt++) {
        const answer = await post(url, body, signal);
        if ("result" in answer) return answer.result as T;
        if (answer.preflight) throw fail("migrate-failed", { signature: "not sent", error: answer.reason });
        const wait = BACKOFF[attempt];
        if (!answer.again || wait === undefined || signal?.aborted === true)
          throw fail("migrate-rpc", { method, reason: answer.reason });
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    },
  };
}

/** `preflight`: the transaction itself would fail, as the endpoint found by running it. */
type Answer = { result: unknown } | { reason: string; again: boolean; preflight: boolean };

const PREFLIGHT_FAILURE = -32002;

async function post(url: string, body: string, signal: AbortSignal | undefined): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
      signal: signal ?? null,
    });
  } catch (error) {
    return { reason: String((error as { cause?: unknown }).cause ?? error), again: true, preflight: false };
  }
  if (!response.ok) {
    await response.arrayBuffer();
    return {
      reason: `HTTP status ${response.status}`,
      again: response.status === 429 || response.status >= 500,
      preflight: false,
    };
  }
  const answer = (await response.json()) as { result?: unknown; error?: RpcFailure };
  if (answer.error === undefined) return { result: answer.result };
  const logs = answer.error.data?.logs?.join("\n") ?? "";
  return {
    reason: `${answer.error.message} (${answer.error.code})${logs === "" ? "" : `\n${logs}`}`,
    again: false,
    preflight: answer.error.code === PREFLIGHT_FAILURE,
  };
}

/** An account; null where there is none. Balances in lamports. */
export interface AccountInfo {
  lamports: bigint;
  owner: string;
  data: Uint8Array;
  executable: boolean;
}

interface RawAccount {
  lamports: number;
  owner: string;
  data: [string, string];
  executable: boolean;
}

/** Reads an account as confirmed. */
export async function readAccount(rpc: Rpc, address: string): Promise<AccountInfo | null> {
  const options = { encoding: "base64", commitment: "confirmed" };
  const { value } = await rpc.call<{ value: RawAccount | null }>("getAccountInfo", [address, options]);
  if (value === null) return null;
  const { lamports, owner, data, executable } = value;
  return { lamports: BigInt(lamports), owner, data: Buffer.from(data[0], "base64"), executable };
}

/** Lamports that keep an account of `length` bytes alive. */
export async function rentOf(rpc: Rpc, length: number): Promise<bigint> {
  return BigInt(await rpc.call<number>("getMinimumBalanceForRentExemption", [length]));
}
