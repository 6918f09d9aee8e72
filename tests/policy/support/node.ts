import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { formatAddress } from "@tolldns/sdk";

/**
 * Fixture: an RPC node as bad as nodes get. It speaks Solana's JSON-RPC over HTTP and has the accounts a test gives it at the slot it says; it lags, goes
 * back, stands still, keeps silent or breaks off. The embedded chain can't do that.
 */
export interface FixtureNode {
  readonly url: string;
  slot: number;
  /** Answers, keeps silent, breaks connections off, or says that it is behind. */
  mood: "well" | "silent" | "gone" | "behind";
  /** Base58 address to account. */
  readonly accounts: Map<string, { readonly owner: string; readonly data: Uint8Array }>;
  set(address: Uint8Array, owner: Uint8Array, data: Uint8Array): void;
  requests: number;
  /** Most accounts asked for at once. */
  widest: number;
  close(): Promise<void>;
}

export async function startNode(): Promise<FixtureNode> {
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    node.requests++;
    if (node.mood === "silent") return;
    if (node.mood === "gone") {
      response.destroy();
      return;
    }
    const { id, method, params } = JSON.parse(Buffer.concat(parts).toString()) as {
      id: number;
      method: string;
      params: [string[], unknown];
    };
    const reply = (rest: object) => response.end(JSON.stringify({ jsonrpc: "2.0", id, ...rest }));
    if (node.mood === "behind")
      return reply({ error: { code: -32_005, message: "Node is behind by 150 slots" } });
    if (method !== "getMultipleAccounts")
      return reply({ error: { code: -32_601, message: "Method not found" } });
    node.widest = Math.max(node.widest, params[0].length);
    return reply({
      result: {
        context: { slot: node.slot },
        value: params[0].map((address) => {
          const found = node.accounts.get(address);
          if (found === undefined) return null;
          const data = [Buffer.from(found.data).toString("base64"), "base64"];
          return { owner: found.owner, data, lamports: 1, executable: false, rentEpoch: 0, space: 0 };
        }),
      },
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const node: FixtureNode = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    slot: 1,
    mood: "well",
    accounts: new Map(),
    requests: 0,
    widest: 0,
    set: (address, owner, data) =>
      node.accounts.set(formatAddress(address), { owner: formatAddress(owner), data }),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return node;
}
