import { createHash } from "node:crypto";
import { formatAddress, type Signer, SYSTEM_PROGRAM, toAddress } from "@tolldns/sdk";
import { createSignerNode } from "@tolldns/sdk/node";
import { type Instruction, paying, signTransaction, writable } from "@tolldns/sdk/transaction";
import { type ChainProcess, spawnChain } from "./process.ts";
import { rpc } from "./rig.ts";

/** A small seeded generator, so that a run can be had again. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

function transfer(from: Signer, to: Uint8Array, lamports: bigint, blockhash: string): Uint8Array {
  const data = Buffer.alloc(12);
  data.writeUInt32LE(2, 0);
  data.writeBigUInt64LE(lamports, 4);
  const move: Instruction = {
    program: toAddress(SYSTEM_PROGRAM),
    accounts: [paying(from.publicKey), writable(to)],
    data,
  };
  return signTransaction({ version: "legacy", payer: from.publicKey, blockhash, instructions: [move] }, [
    from,
  ]);
}

function keyOf(seed: number, name: string): Signer {
  return createSignerNode(createHash("sha256").update(`${seed} ${name}`).digest());
}

export interface Outcome {
  kills: number;
  acknowledged: number;
  /** Acknowledged transactions that a restarted chain didn't know. */
  lost: string[];
  /** What the receiver has, and what the transactions the chain knows sent to it. */
  balance: bigint;
  expected: bigint;
}

/**
 * Sends transfers as fast as they are acknowledged and kills the chain at random moments, again and again. After each
 * restart every acknowledged transaction must be there, and in the end the balance must be the sum of what landed.
 */
export async function killAgainAndAgain(folder: string, seed: number, kills: number): Promise<Outcome> {
  const roll = random(seed);
  const payer = keyOf(seed, "payer");
  const receiver = keyOf(seed, "receiver").publicKey;
  const amounts = new Map<string, bigint>();
  const acknowledged: string[] = [];
  const lost: string[] = [];
  let next = 1_000_000n;
  const start = (): Promise<ChainProcess> =>
    spawnChain(["--data-dir", folder, "--slot-ms", "20", "--finalized-lag", "4", "--snapshot-every", "40"]);
  let chain = await start();
  const funded = await rpc(chain.rpcUrl, "requestAirdrop", [
    formatAddress(payer.publicKey),
    1_000_000_000_000,
  ]);
  acknowledged.push(funded.result as string);
  for (let kill = 0; kill < kills; kill++) {
    let dead = false;
    const url = chain.rpcUrl;
    const sender = async (): Promise<void> => {
      while (!dead) {
        try {
          const answer = await rpc(url, "getLatestBlockhash", [{ commitment: "confirmed" }]);
          const { blockhash } = (answer.result as { value: { blockhash: string } }).value;
          const amount = next++;
          const bytes = transfer(payer, receiver, amount, blockhash);
          const sent = await rpc(url, "sendTransaction", [
            Buffer.from(bytes).toString("base64"),
            { encoding: "base64", skipPreflight: true },
          ]);
          const signature = sent.result as string;
          amounts.set(signature, amount);
          acknowledged.push(signature);
        } catch {
          // The chain was killed under the request: it was not acknowledged.
          return;
        }
      }
    };
    const senders = Array.from({ length: 4 }, sender);
    // By acknowledgements and not by time alone, so that a busy machine still has something to lose.
    const enough = acknowledged.length + 1 + Math.floor(roll() * 40);
    while (acknowledged.length < enough) await new Promise((resolve) => setTimeout(resolve, 2));
    await new Promise((resolve) => setTimeout(resolve, roll() * 30));
    dead = true;
    await chain.kill();
    await Promise.all(senders);
    chain = await start();
    lost.push(...(await unknown(chain.rpcUrl, acknowledged)));
  }
  const balance = await rpc(chain.rpcUrl, "getBalance", [
    formatAddress(receiver),
    { commitment: "processed" },
  ]);
  const landed = await allLanded(chain.rpcUrl, formatAddress(receiver));
  await chain.kill();
  // A transaction may have landed whose acknowledgement died with the chain; its amount is read from the chain.
  const expected = landed.reduce((sum, one) => sum + one.received, 0n);
  return {
    ...{ kills, acknowledged: acknowledged.length, lost, expected },
    balance: BigInt((balance.result as { value: number }).value),
  };
}

async function unknown(url: string, signatures: readonly string[]): Promise<string[]> {
  const missing: string[] = [];
  for (let at = 0; at < signatures.length; at += 256) {
    const part = signatures.slice(at, at + 256);
    const answer = await rpc(url, "getSignatureStatuses", [part, { searchTransactionHistory: true }]);
    const { value } = answer.result as { value: ({ err: unknown } | null)[] };
    missing.push(...part.filter((_, i) => value[i] === null || value[i]?.err !== null));
  }
  return missing;
}

async function allLanded(url: string, address: string): Promise<{ received: bigint }[]> {
  const out: { received: bigint }[] = [];
  let before: string | undefined;
  for (;;) {
    const options = { limit: 1000, commitment: "processed", ...(before === undefined ? {} : { before }) };
    const page = (await rpc(url, "getSignaturesForAddress", [address, options])).result as {
      signature: string;
    }[];
    for (const { signature } of page) {
      const shown = await rpc(url, "getTransaction", [signature, { commitment: "confirmed" }]);
      const { meta } = shown.result as { meta: { preBalances: number[]; postBalances: number[] } };
      out.push({ received: BigInt(meta.postBalances[1] ?? 0) - BigInt(meta.preBalances[1] ?? 0) });
    }
    before = page.at(-1)?.signature;
    if (page.length < 1000) return out;
  }
}
