import { EdgeError } from "../errors.ts";
import { http, https } from "../http.ts";

/** Calls one method of Solana's JSON-RPC. @throws EdgeError chain-failed */
export type Rpc = <T>(method: string, params?: readonly unknown[]) => Promise<T>;

/** Most bytes of an answer: a page of lanes is a tenth of it. */
const MAX_ANSWER = 4 * 1024 * 1024;

/** A few calls an hour: no connection is kept, and web3.js with its 30 MB stays out of the process. */
export function createRpc(rpcUrl: string, timeoutMs = 10_000): Rpc {
  const url = new URL(rpcUrl);
  const request = url.protocol === "https:" ? https.request : http.request;
  let id = 0;
  return async (method, params = []) => {
    const body = Buffer.from(JSON.stringify({ jsonrpc: "2.0", id: ++id, method, params }));
    const text = await new Promise<string>((resolve, reject) => {
      const outgoing = request(
        url,
        {
          method: "POST",
          agent: false,
          timeout: timeoutMs,
          signal: AbortSignal.timeout(timeoutMs),
          headers: { "content-type": "application/json", "content-length": body.length },
        },
        (incoming) => {
          const parts: Buffer[] = [];
          let size = 0;
          incoming.on("data", (part: Buffer) => {
            size += part.length;
            if (size > MAX_ANSWER) incoming.destroy(new Error("the answer is too long"));
            else parts.push(part);
          });
          incoming.on("error", reject);
          incoming.on("end", () => resolve(Buffer.concat(parts).toString("utf8")));
        },
      );
      outgoing.on("error", reject);
      outgoing.end(body);
    }).catch((cause: Error) => {
      throw new EdgeError("chain-failed", `${method}: ${cause.message}`, { cause });
    });
    return resultOf(method, text);
  };
}

function resultOf<T>(method: string, text: string): T {
  let answer: { result?: T; error?: { code: number; message: string } };
  try {
    answer = JSON.parse(text);
  } catch {
    throw new EdgeError("chain-failed", `${method}: the answer is no JSON`);
  }
  if (answer.error !== undefined)
    throw new EdgeError("chain-failed", `${method}: ${String(answer.error.message).slice(0, 200)}`);
  return answer.result as T;
}
