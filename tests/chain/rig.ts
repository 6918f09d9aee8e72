import { type Commitment, Connection, Keypair } from "@solana/web3.js";
import { type Chain, type ChainOptions, startChain } from "@tolldns/chain";

export interface Rig {
  chain: Chain;
  connection: Connection;
  /** Holds 1 000 SOL. */
  payer: Keypair;
  close(): Promise<void>;
}

/** SOL in lamports. */
export const SOL = 1_000_000_000;

/** A chain in memory whose clock moves when transactions land, and web3.js speaking to it. */
export async function startRig(
  options: ChainOptions = {},
  commitment: Commitment = "confirmed",
): Promise<Rig> {
  const chain = await startChain({
    clock: { kind: "virtual", autoAdvance: true },
    seed: "tests",
    ...options,
  });
  const connection = new Connection(chain.rpcUrl, { commitment, wsEndpoint: chain.wsUrl });
  const payer = Keypair.generate();
  await chain.airdrop(payer.publicKey.toBase58(), 1000n * BigInt(SOL));
  return {
    chain,
    connection,
    payer,
    async close() {
      await closeSocket(connection);
      await chain.close();
    },
  };
}

/** Ends web3.js's WebSocket, which would go on reconnecting after the chain has ended. */
export async function closeSocket(connection: Connection): Promise<void> {
  const inner = connection as unknown as {
    _rpcWebSocket: { close(): void; setAutoReconnect(on: boolean): void; socket?: unknown };
    _rpcWebSocketConnected: boolean;
  };
  inner._rpcWebSocket.setAutoReconnect(false);
  // One that is being opened can't be closed yet.
  while (inner._rpcWebSocket.socket !== undefined) {
    if (inner._rpcWebSocketConnected) inner._rpcWebSocket.close();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A raw JSON-RPC call: the whole answer. */
export async function rpc(
  url: string,
  method: string,
  params: unknown[] = [],
): Promise<{ result?: unknown; error?: { code: number; message: string; data?: Record<string, unknown> } }> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  return (await response.json()) as Awaited<ReturnType<typeof rpc>>;
}

/** Waits for a value that comes by a callback, or fails after a while. */
export function once<T>(register: (resolve: (value: T) => void) => void, ms = 5000): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("nothing came")), ms);
    register((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}
