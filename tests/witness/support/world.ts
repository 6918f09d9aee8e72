import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Connection, LAMPORTS_PER_SOL, PublicKey } from "@solana/web3.js";
import { type Chain, startChain } from "@tolldns/chain";
import {
  createConnection,
  type FeedOptions,
  type RunningFeed,
  type RunningQuorumKeeper,
  type RunningWitness,
  startFeed,
  startQuorumKeeper,
  startWitness,
  type WitnessOptions,
} from "@tolldns/keepers";
import type { Signer } from "@tolldns/sdk";
import { createFeed, type Feed, webTransport } from "@tolldns/sdk/feed";
import {
  decodeEpoch,
  decodeQuorumConfig,
  deriveEpoch,
  deriveQuorumConfig,
  type Epoch,
  type QuorumConfig,
  type QuorumTerms,
} from "@tolldns/sdk/quorum";
import { openStore, type Store } from "@tolldns/store";
import { buildNetwork, type Network, ownersOf, witnessOf } from "../../epochs/support/network.ts";
import type { OwnedName } from "../../epochs/support/owners.ts";
import { keyOf } from "../../programs/world/keys.ts";

/** Seconds; slots of the seed's delay. */
export const TERMS: Omit<QuorumTerms, "committee"> = { length: 10, window: 2, evidence: 600, seedDelay: 2 };

export interface WorldOptions {
  /** Operators with stake, and so seats; which of them run is up to the test. */
  readonly members: readonly string[];
  readonly labels: readonly string[];
  /** Base units of the native token by member; default 1 000 tokens. */
  readonly stakes?: Readonly<Record<string, bigint>>;
  readonly terms?: Partial<QuorumTerms>;
}

/** A chain with the real programs, staked members and registered names, in one folder. */
export interface World {
  readonly chain: Chain;
  readonly network: Network;
  readonly names: readonly OwnedName[];
  readonly folder: string;
  /** What witnesses and keepers logged, newest last. */
  readonly events: string[];
  key(member: string): Signer;
  path(name: string): string;
  /** Starts a member's witness; `places` registers its feed on chain. */
  witness(member: string, more?: Partial<WitnessOptions>): Promise<RunningWitness>;
  /** A feed without a key. */
  feed(name: string, more?: Partial<FeedOptions>): Promise<RunningFeed>;
  keeper(): Promise<RunningQuorumKeeper>;
  place(members: Readonly<Record<string, string>>): Promise<void>;
  /** Lamports for whoever sends transactions. */
  give(key: Signer): Promise<Signer>;
  config(): Promise<QuorumConfig>;
  epoch(number?: bigint): Promise<Epoch | null>;
  /** Polls until it is so. Throws what was logged last when it takes too long. */
  until<T>(
    what: string,
    look: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  ): Promise<T>;
  end(): Promise<void>;
}

/** web3.js goes on calling a chain that is gone. */
function hangUp(connection: Connection): void {
  const { _rpcWebSocket: socket } = connection as unknown as {
    _rpcWebSocket: { close(): void; setAutoReconnect(on: boolean): void };
  };
  socket.setAutoReconnect(false);
  socket.close();
}

const POLL_MS = 100;
const LIMIT_MS = 90_000;

export function clientOf(feed: { readonly url: string }): Feed {
  return createFeed(feed.url, webTransport(globalThis.fetch));
}

export async function openWorld(options: WorldOptions): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), "tolldns-witness-"));
  const chain = await startChain({
    clock: { kind: "real" },
    slotMs: 100,
    confirmedLag: 1,
    finalizedLag: 4,
    seed: "witness",
  });
  const { rpcUrl } = chain;
  const network = await buildNetwork({
    rpcUrl,
    folder: join(folder, "deployment"),
    members: options.members.map((name) => ({
      name,
      manner: "honest",
      stake: options.stakes?.[name] ?? 1_000_000_000_000n,
    })),
    keepers: 1,
    owners: 2,
    terms: { ...TERMS, committee: options.members.length, ...options.terms },
  });
  const names = await ownersOf(network, options.labels);
  const { connection, quorumText: quorum } = network;
  const running: { close(): Promise<void> }[] = [];
  const stores: Store[] = [];
  const events: string[] = [];
  const logOf = (who: string) => (level: string, event: string, fields?: Record<string, unknown>) => {
    const rest = JSON.stringify(fields ?? {}, (_, value) =>
      typeof value === "bigint" ? String(value) : value,
    );
    events.push(`${who} ${level} ${event} ${rest}`);
  };
  async function give(key: Signer): Promise<Signer> {
    const address = new PublicKey(key.publicKey);
    const signature = await connection.requestAirdrop(address, 5 * LAMPORTS_PER_SOL);
    await connection.confirmTransaction(
      { signature, ...(await connection.getLatestBlockhash()) },
      "confirmed",
    );
    return key;
  }
  const config = async () => {
    const account = await connection.getAccountInfo(
      new PublicKey(deriveQuorumConfig(quorum).address),
      "confirmed",
    );
    if (account === null) throw new Error("no QuorumConfig");
    return decodeQuorumConfig(account.data);
  };
  const own = <T extends { close(): Promise<void> }>(one: T): T => {
    running.push(one);
    return one;
  };
  const connections: Connection[] = [network.connection];
  const connect = () => {
    const made = createConnection(rpcUrl);
    connections.push(made);
    return made;
  };
  const base = { quorum, policy: { intervalSeconds: 0.5, peersSeconds: 1 } };
  return {
    chain,
    network,
    names,
    folder,
    events,
    key: (member) => keyOf(witnessOf(member)),
    path: (name) => join(folder, `${name}.sqlite`),
    witness: async (member, more = {}) =>
      own(
        await startWitness({
          ...base,
          connection: connect(),
          key: keyOf(witnessOf(member)),
          feePayer: await give(keyOf(`witness payer ${member}`)),
          store: { path: join(folder, `${member}.sqlite`) },
          voting: { patience: 4, pause: 0.3, omissionMargin: 1 },
          log: logOf(member),
          ...more,
        }),
      ),
    feed: async (name, more = {}) =>
      own(
        await startFeed({
          ...base,
          connection: connect(),
          store: { path: join(folder, `${name}.sqlite`) },
          log: logOf(name),
          ...more,
        }),
      ),
    keeper: async () => {
      const store = await openStore({ kind: "sqlite", path: join(folder, "keeper.sqlite") });
      stores.push(store);
      return own(
        await startQuorumKeeper({
          connection: connect(),
          store,
          feePayer: await give(keyOf("witness keeper")),
          quorum,
          policy: {
            intervalSeconds: 0.4,
            relayPatienceSeconds: 1,
            syncPatienceSeconds: 5,
            authoritySeconds: 0,
          },
          log: logOf("keeper"),
        }),
      );
    },
    place: (members) => network.registerNodes(Object.entries(members).map(([name, url]) => ({ name, url }))),
    give,
    config,
    epoch: async (number) => {
      const which = number ?? (await config()).epoch;
      const key = new PublicKey(deriveEpoch(quorum, which).address);
      const account = await connection.getAccountInfo(key, "confirmed");
      return account === null || account.data.length === 0 ? null : decodeEpoch(account.data);
    },
    until: async (what, look) => {
      const deadline = performance.now() + LIMIT_MS;
      for (;;) {
        const found = await look();
        if (found !== null && found !== undefined && found !== false)
          return found as Exclude<typeof found, null | undefined | false>;
        if (performance.now() > deadline)
          throw new Error(`waited for ${what} in vain\n${events.slice(-40).join("\n")}`);
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    },
    end: async () => {
      await Promise.allSettled(running.map((one) => one.close()));
      await Promise.allSettled(stores.map((store) => store.close()));
      for (const one of connections) hangUp(one);
      await chain.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
