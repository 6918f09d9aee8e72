import { Connection } from "@solana/web3.js";

/**
 * A connection whose requests end after `seconds`. web3.js sets no limit of its own: a node that takes requests and never
 * answers would hold a keeper, and its lease, for ever.
 */
export function createConnection(rpcUrl: string, seconds = 20): Connection {
  return new Connection(rpcUrl, {
    commitment: "confirmed",
    disableRetryOnRateLimit: true,
    fetch: (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(seconds * 1_000) }),
  });
}
