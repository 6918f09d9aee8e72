/** A small cluster in this process: embedded chain with the real programs, three witnesses with their feeds, a quorum keeper. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Chain, startChain } from "@tolldns/chain";
import { createConnection, type RunningWitness, startQuorumKeeper, startWitness } from "@tolldns/keepers";
import type { ChainOfRoots } from "@tolldns/routes";
import { createFeed, webTransport } from "@tolldns/sdk/feed";
import { wireName } from "@tolldns/sdk/names";
import { createSignerNode } from "@tolldns/sdk/node";
import { canonicalizeRecords, hashRecords, hashWireName, signUpdate } from "@tolldns/sdk/routes";
import { parseZone } from "@tolldns/sdk/zone";
import { openStore } from "@tolldns/store";
import { closeSocket } from "../../chain/rig.ts";
import { until } from "../../edge/support/stand.ts";
import { buildNetwork, type MemberProcess, type Network, ownersOf } from "../../epochs/support/network.ts";
import type { OwnedName } from "../../epochs/support/owners.ts";
import { keySeedOf } from "../../keepers/world/seeds.ts";
import { keyOf } from "../../programs/world/keys.ts";

/** Seconds; everything is hurried. */
const TERMS = { length: 6, window: 2, evidence: 600, seedDelay: 2, committee: 3 } as const;
/** Milliseconds an update may take until it is final here, on a machine that does other things too. */
export const FINAL_MS = 90_000;

export interface Cluster {
  readonly chain: Chain;
  readonly network: Network;
  readonly witnesses: readonly RunningWitness[];
  readonly feeds: readonly string[];
  readonly names: ReadonlyMap<string, OwnedName>;
  /** For edges and gateways. */
  readonly place: ChainOfRoots & { readonly rpcUrl: string };
  /** Signs a zone for a name and hands it to a feed. Resolves once it is final. */
  publish(label: string, version: bigint, zone: string): Promise<void>;
  /** The last final epoch. */
  epoch(): Promise<bigint>;
  close(): Promise<void>;
}

export async function startCluster(labels: readonly string[]): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), "tolldns-cluster-"));
  const closers: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const chain = await startChain({ dataDir: join(folder, "chain"), slotMs: 100 });
    closers.push(() => chain.close());
    const { rpcUrl } = chain;
    const network = await buildNetwork({
      rpcUrl,
      folder: join(folder, "deployment"),
      members: ["one", "two", "three"].map((name) => ({
        name,
        manner: "honest" as const,
        stake: 10n ** 12n,
      })),
      keepers: 1,
      owners: 1,
      terms: TERMS,
    });
    closers.push(() => closeSocket(network.connection));
    const owned = await ownersOf(network, labels);
    const connection = createConnection(rpcUrl);
    closers.push(() => closeSocket(connection));
    const witnesses: RunningWitness[] = [];
    await network.startMembers(
      (process) => inProcess(process, connection, (witness) => witnesses.push(witness)),
      "",
    );
    closers.push(async () => {
      for (const witness of witnesses) await witness.close();
    });
    const feeds = witnesses.map(({ url }) => url);
    const store = await openStore({ kind: "sqlite", path: join(folder, "keeper.db") });
    closers.push(() => store.close());
    const keeper = await startQuorumKeeper({
      connection,
      store,
      feePayer: keyOf("epochs keeper 0"),
      quorum: network.quorumText,
      witnesses: feeds,
      policy: { intervalSeconds: 0.5, relayPatienceSeconds: 0, operatorSeconds: 2, syncPatienceSeconds: 3 },
      log: () => {},
    });
    closers.push(() => keeper.close());
    const names = new Map(owned.map((one) => [one.label, one]));
    const feed = createFeed(feeds[0] as string, webTransport(globalThis.fetch));

    return {
      chain,
      network,
      witnesses,
      feeds,
      names,
      place: { rpcUrl, genesis: network.genesis, quorum: network.quorumText },
      async publish(label, version, zone) {
        const { owner, generation, expiresAt } = names.get(label) as OwnedName;
        const name = wireName(label);
        const records = canonicalizeRecords(parseZone(zone, name).records, name);
        const update = {
          nameHash: hashWireName(name),
          generation,
          version,
          expiresAt,
          recordsHash: hashRecords(records),
        };
        const { signer, signature } = signUpdate(update, network.domain, owner);
        const given = { name: `${label}.dns`, generation, version, expiresAt, records, signer, signature };
        // The feed reads names from the chain at an interval of its own.
        let updateHash: Uint8Array | undefined;
        await until(
          "a feed to take the update",
          async () => {
            updateHash = await feed.submit(given).catch(() => undefined);
            return updateHash !== undefined;
          },
          FINAL_MS,
        );
        const isFinal = async () =>
          (await feed.updateState(updateHash as Uint8Array).catch(() => null))?.state === "final";
        await until(`${label} to be final`, isFinal, FINAL_MS);
      },
      async epoch() {
        const roots = await feed.roots();
        return roots.find(({ status }) => status === "final")?.epoch ?? 0n;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A member that runs in this process: nothing in these tests kills it. */
function inProcess(
  process: MemberProcess,
  connection: ReturnType<typeof createConnection>,
  onStart: (witness: RunningWitness) => void,
) {
  let witness: RunningWitness | null = null;
  const stop = async () => {
    await witness?.close();
    witness = null;
  };
  return {
    async start() {
      const told = JSON.parse(process.json()) as Record<string, string> & { patience: number };
      witness = await startWitness({
        connection,
        quorum: told.quorum as string,
        store: { path: told.path as string },
        key: createSignerNode(keySeedOf(told.key as string)),
        feePayer: createSignerNode(keySeedOf(told.payer as string)),
        policy: { intervalSeconds: 0.5 },
        voting: { patience: told.patience, pause: 0.3, omissionMargin: 1, attest: false },
        log: () => {},
      });
      onStart(witness);
      return witness.url;
    },
    kill: stop,
    stop,
    isRunning: () => witness !== null,
    signal: () => {},
    errors: () => "",
  };
}
