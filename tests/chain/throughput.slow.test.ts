import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSeed, formatAddress, SYSTEM_PROGRAM, toAddress } from "@tolldns/sdk";
import { createSignerNode } from "@tolldns/sdk/node";
import { paying, signTransaction, writable } from "@tolldns/sdk/transaction";
import { expect } from "chai";
import { spawnChain } from "./process.ts";
import { rpc } from "./rig.ts";

const COUNT = 4000;
const CONNECTIONS = 16;

/** Transfers a second through the RPC of a chain that keeps a log on disk, in a process of its own. */
describe("throughput", () => {
  for (const skipPreflight of [true, false]) {
    it(`lands ${COUNT} transfers ${skipPreflight ? "without" : "with"} preflight, each on disk when acknowledged`, async function () {
      this.timeout(120_000);
      const folder = mkdtempSync(join(tmpdir(), "tolldns-throughput-"));
      const chain = await spawnChain(["--data-dir", folder]);
      const payer = createSignerNode(createSeed());
      await rpc(chain.rpcUrl, "requestAirdrop", [formatAddress(payer.publicKey), 1_000_000_000_000]);
      await new Promise((resolve) => setTimeout(resolve, 900));
      const latest = await rpc(chain.rpcUrl, "getLatestBlockhash", [{ commitment: "confirmed" }]);
      const { blockhash } = (latest.result as { value: { blockhash: string } }).value;
      const to = createSignerNode(createSeed()).publicKey;
      const bodies = Array.from({ length: COUNT }, (_, i) => {
        const data = Buffer.alloc(12);
        data.writeUInt32LE(2, 0);
        data.writeBigUInt64LE(1_000_000n + BigInt(i), 4);
        const accounts = [paying(payer.publicKey), writable(to)];
        const bytes = signTransaction(
          {
            version: "legacy",
            payer: payer.publicKey,
            blockhash,
            instructions: [{ program: toAddress(SYSTEM_PROGRAM), accounts, data }],
          },
          [payer],
        );
        const options = { encoding: "base64", skipPreflight, preflightCommitment: "processed" };
        const params = [Buffer.from(bytes).toString("base64"), options];
        return JSON.stringify({ jsonrpc: "2.0", id: i, method: "sendTransaction", params });
      });
      const began = performance.now();
      await postAll(chain.rpcUrl, bodies);
      const took = performance.now() - began;
      console.log(`      ${Math.round(COUNT / (took / 1000))} transactions a second`);
      const status = await rpc(chain.rpcUrl, "getTransactionCount", [{ commitment: "processed" }]);
      await chain.kill();
      rmSync(folder, { recursive: true });
      expect(status.result).to.equal(COUNT + 1);
    });
  }
});

async function postAll(url: string, bodies: readonly string[]): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) await post(agent, url, body);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  agent.destroy();
}

function post(agent: Agent, url: string, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { agent, method: "POST", headers: { "content-type": "application/json" } },
      (answer) => {
        answer.resume();
        answer.once("end", () => resolve());
      },
    );
    sent.once("error", reject);
    sent.end(body);
  });
}
