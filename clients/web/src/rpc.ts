/**
 * A transaction as the RPC tells it, or null if it doesn't know it.
 * @throws Error when the RPC can't be asked
 */
export async function readTransaction(rpcUrl: string, signature: string): Promise<unknown> {
  const response = await fetch(rpcUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "getTransaction",
      params: [signature, { encoding: "json", commitment: "confirmed", maxSupportedTransactionVersion: 1 }],
    }),
    signal: AbortSignal.timeout(5_000),
  });
  const body = (await response.json()) as { result?: unknown; error?: { message?: string } };
  if (body.error !== undefined) throw new Error(body.error.message ?? "refused");
  return body.result ?? null;
}
