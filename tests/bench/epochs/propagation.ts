import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PublicKey } from "@solana/web3.js";
import { fromHex } from "@tolldns/sdk";
import { createFeed, webTransport } from "@tolldns/sdk/feed";
import { decodeQuorumConfig, deriveQuorumConfig } from "@tolldns/sdk/quorum";
import { buildNetwork, type Network, ownersOf } from "../../epochs/support/network.ts";
import { createOwners } from "../../epochs/support/owners.ts";
import { dice } from "../../keepers/chaos/plan.ts";
import { type Restartable, restartable } from "../../keepers/chaos/process.ts";

// From the owner's signature to a final root on chain that has it: witnesses and keeper as processes on the embedded chain, owners who
// sign at any moment of an epoch.

/** Those of `tolldns up`. */
const TERMS = { length: 20, window: 5, evidence: 600, seedDelay: 2, committee: 16 };
const SLOT_MS = 400;
const WITNESSES = 3;
const NAMES = 40;
const EPOCHS = 4;

export async function benchPropagation(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "tolldns-propagation-"));
  const processes: Restartable[] = [];
  const run = (script: string, argument: () => string) => {
    const process = restartable(script, argument, join(folder, "compiled"));
    processes.push(process);
    return process;
  };
  try {
    const chain = run("./chain.ts", () =>
      JSON.stringify({ dataDir: join(folder, "chain"), port: 0, slotMs: SLOT_MS, faultSeed: 1 }),
    );
    const rpcUrl = `http://127.0.0.1:${await chain.start()}`;
    const members = Array.from({ length: WITNESSES }, (_, index) => ({
      name: `honest ${index}`,
      manner: "honest" as const,
      stake: 10n ** 12n,
    }));
    const network = await buildNetwork({
      rpcUrl,
      folder: join(folder, "deployment"),
      members,
      keepers: 1,
      owners: 1,
      terms: TERMS,
    });
    const names = await ownersOf(
      network,
      Array.from({ length: NAMES }, (_, i) => `propagation${i}`),
    );
    const started = await network.startMembers(({ script, json }) => run(script, json), join(folder, "none"));
    const feeds = started.map(({ url }) => url());
    for (const file of network.keeperFiles)
      await run("../../../keepers/src/quorum/main.ts", () => file).start();
    const samples = await measure(network, names, feeds);
    report(samples);
  } finally {
    await Promise.all(processes.map((process) => process.kill()));
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Milliseconds from signature to canonical, of every change. */
async function measure(
  network: Network,
  names: Awaited<ReturnType<typeof ownersOf>>,
  feeds: readonly string[],
): Promise<number[]> {
  const finalAt = new Map<bigint, number>();
  const key = new PublicKey(deriveQuorumConfig(network.quorumText).address);
  let watching = true;
  const watch = (async () => {
    while (watching) {
      const account = await network.connection.getAccountInfo(key, "confirmed");
      const final = account === null ? undefined : decodeQuorumConfig(account.data).final;
      if (final !== undefined && !finalAt.has(final.epoch)) finalAt.set(final.epoch, performance.now());
      await sleep(50);
    }
  })();
  const roll = dice(11);
  const owners = createOwners(names, network.domain, () => feeds, roll);
  await Promise.all(
    names.map(async (_, index) => {
      await sleep(roll() * TERMS.length * EPOCHS * 1_000);
      await owners.change(index);
    }),
  );
  const feed = createFeed(feeds[0] as string, webTransport(globalThis.fetch));
  const samples: number[] = [];
  for (const wish of owners.wishes()) {
    if (wish === undefined) continue;
    for (;;) {
      const { state, epoch } = await feed.updateState(fromHex(wish.updateHash));
      const at = epoch === null ? undefined : finalAt.get(epoch);
      if (state === "final" && at !== undefined) {
        samples.push(at - wish.signedAt);
        break;
      }
      await sleep(250);
    }
  }
  watching = false;
  await watch;
  return samples;
}

function report(samples: readonly number[]): void {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number) =>
    `${((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) / 1_000).toFixed(1)} s`;
  const { length, window, seedDelay, committee } = TERMS;
  console.log(
    `from the owner's signature to canonical: ${sorted.length} changes at random moments of ${EPOCHS} epochs; epochs of ${length} s with a window of ${window} s, seed after ${seedDelay} slots of ${SLOT_MS} ms, ${WITNESSES} witnesses for up to ${committee} seats, one keeper`,
  );
  console.log(`  p50 ${at(0.5)}, p95 ${at(0.95)}, least ${at(0)}, most ${at(1)}`);
}
