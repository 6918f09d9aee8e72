import { concatBytes, type Signer, toHex } from "@tolldns/sdk";
import { batchReceipts, MAX_LIST, signReceipts, verifyReceipts } from "@tolldns/sdk/routes";
import type { EpochState } from "../feed/chain/types.ts";
import type { FeedNode } from "../feed/node.ts";
import { readBytes, readHash, readObject, readU64 } from "../feed/submission.ts";

/** Signs what was seen for an epoch once it is frozen, and gathers what the other members claim to have seen. */
export interface ReceiptDesk {
  onEpoch(epoch: EpochState): Promise<void>;
}

export function createReceiptDesk(node: FeedNode, key: Signer): ReceiptDesk {
  const { store, domain, log, peers, client, verify } = node;
  let signedFor = 0n;
  let gatheredFor = 0n;

  async function sign(epoch: bigint): Promise<void> {
    const rows = await store.votes.receipts(epoch);
    if (rows.length === 0) return;
    const receipts = rows
      .map(({ updateHash, seenAt }) => ({ epoch, updateHash, seenAt: BigInt(seenAt) }))
      .sort((a, b) => (toHex(a.updateHash) < toHex(b.updateHash) ? -1 : 1))
      .slice(0, MAX_LIST);
    const batch = batchReceipts(receipts);
    const { root, size: count } = batch.list;
    const signature = signReceipts(batch, { domain, epoch }, key);
    await store.votes.signBatch(epoch, {
      witness: key.publicKey,
      signature,
      count,
      root,
      receipts: concatBytes(...batch.receipts),
    });
  }

  /** Claims of the committee, from the feeds of the others; each signed by whom it names. */
  async function gather({ number, members }: EpochState): Promise<void> {
    const seats = new Set(members.map(({ witness }) => toHex(witness)));
    await Promise.all(
      peers.ranked().map(async (url) => {
        try {
          const { batches } = readObject(await client.get(url, `/v1/receipts/${number}?claims=1`));
          for (const row of Array.isArray(batches) ? batches.slice(0, 256) : []) {
            const json = readObject(row);
            const claim = {
              domain,
              witness: readHash(json.witness, "witness"),
              epoch: number,
              count: Number(readU64(json.count, "count")),
              root: readHash(json.root, "root"),
            };
            const signature = readBytes(json.signature, "signature", 64);
            if (!seats.has(toHex(claim.witness)) || !verifyReceipts(claim, signature, verify)) continue;
            await store.votes.signBatch(number, { ...claim, signature, receipts: null });
          }
        } catch (error) {
          log("info", "receipts not read", { peer: url, error: String(error) });
        }
      }),
    );
  }

  return {
    onEpoch: async (epoch) => {
      if (signedFor < epoch.number) {
        await sign(epoch.number);
        signedFor = epoch.number;
      }
      if (gatheredFor < epoch.number && (epoch.status === "attested" || epoch.status === "final")) {
        gatheredFor = epoch.number;
        await gather(epoch);
      }
    },
  };
}
