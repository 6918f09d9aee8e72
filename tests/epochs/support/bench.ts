import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PublicKey } from "@solana/web3.js";
import type { Chain } from "@tolldns/chain";
import { type Clock, type QuorumPolicy, type RunningQuorumKeeper, startQuorumKeeper } from "@tolldns/keepers";
import { type Signer, toBase64Url } from "@tolldns/sdk";
import {
  decodeEpoch,
  decodeQuorumConfig,
  deriveEpoch,
  deriveQuorumConfig,
  type Epoch,
  type EpochOutcome,
  hashOutcome,
  type QuorumConfig,
  signVote,
} from "@tolldns/sdk/quorum";
import { openStore, type Store } from "@tolldns/store";
import { startVirtualChain } from "../../keepers/world/world.ts";
import { keyOf } from "../../programs/world/keys.ts";
import {
  buildNetwork,
  type MemberPlan,
  type Network,
  type NetworkOptions,
  openNetwork,
  witnessOf,
} from "./network.ts";

/** Length and window in seconds. */
export const TERMS = { length: 600, window: 60, evidence: 1_200, seedDelay: 2, committee: 8 } as const;

/** A chain on a virtual clock with the programs and members, and keepers that tick only when told. */
export interface Bench {
  readonly chain: Chain;
  readonly network: Network;
  /** Events keepers logged. */
  readonly events: string[];
  /** Answers `GET /v1/votes` with what members sign, as their feeds would. */
  readonly feed: VoteFixture;
  startKeeper(name: string, policy?: Partial<QuorumPolicy>, store?: Store): Promise<RunningQuorumKeeper>;
  openStore(name: string): Promise<Store>;
  config(): Promise<QuorumConfig>;
  /** Null once it is closed. */
  epoch(number?: bigint): Promise<Epoch | null>;
  /** Ticks the keepers in turn until the epoch has this status, a few slots after each. */
  until(keepers: readonly RunningQuorumKeeper[], status: Epoch["status"], ticks?: number): Promise<Epoch>;
  end(): Promise<void>;
}

/** A fixture in place of members' feeds: it speaks their protocol, and votes as it is told. */
export interface VoteFixture {
  readonly url: string;
  /** Votes of these members for this outcome, from now on. */
  vote(epoch: Epoch, outcome: EpochOutcome, voters: readonly Signer[]): void;
  forget(): void;
}

export const witnessKey = (name: string): Signer => keyOf(witnessOf(name));

export const emptyOutcome = ({ previousRoot }: Epoch): EpochOutcome => ({
  previousRoot,
  root: previousRoot,
  updatesRoot: new Uint8Array(32),
  count: 0,
});

/** A chain with the programs and members on it, made once and copied for each test. */
export interface Template {
  open(): Promise<Bench>;
  remove(): void;
}

export async function makeTemplate(members: readonly MemberPlan[], terms = TERMS): Promise<Template> {
  const folder = mkdtempSync(join(tmpdir(), "tolldns-quorum-"));
  const { server, ...feed } = await startVoteFixture();
  const chain = await startVirtualChain(join(folder, "chain"));
  const options = { folder: join(folder, "deployment"), members, keepers: 2, owners: 2, terms };
  const made = await buildNetwork({ rpcUrl: chain.rpcUrl, ...options });
  await made.registerNodes(members.map(({ name }) => ({ name, url: feed.url })));
  await chain.close();
  return {
    open: () => openBench(folder, options, feed),
    remove: () => {
      server.closeAllConnections();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function openBench(
  template: string,
  options: Omit<NetworkOptions, "rpcUrl">,
  feed: VoteFixture,
): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), "tolldns-quorum-"));
  cpSync(template, folder, { recursive: true });
  feed.forget();
  const chain = await startVirtualChain(join(folder, "chain"));
  const keepers: RunningQuorumKeeper[] = [];
  const stores: Store[] = [];
  const events: string[] = [];
  const network = await openNetwork({ ...options, rpcUrl: chain.rpcUrl, folder: join(folder, "deployment") });
  const { connection, quorumText } = network;
  const clock: Clock = {
    now: () => chain.clock.unixTime(),
    sleep: async (_, signal) => {
      if (!signal.aborted) await once(signal, "abort");
    },
  };
  const openNamed = async (name: string): Promise<Store> => {
    const store = await openStore({ kind: "sqlite", path: join(folder, `${name}.db`) });
    stores.push(store);
    return store;
  };
  const config = async (): Promise<QuorumConfig> => {
    const key = new PublicKey(deriveQuorumConfig(quorumText).address);
    const account = await connection.getAccountInfo(key, "confirmed");
    if (account === null) throw new Error("no QuorumConfig");
    return decodeQuorumConfig(account.data);
  };
  const epoch = async (number?: bigint): Promise<Epoch | null> => {
    const which = number ?? (await config()).epoch;
    const account = await connection.getAccountInfo(
      new PublicKey(deriveEpoch(quorumText, which).address),
      "confirmed",
    );
    return account === null ? null : decodeEpoch(account.data);
  };
  return {
    chain,
    network,
    events,
    feed,
    config,
    epoch,
    openStore: openNamed,
    startKeeper: async (name, policy = {}, store) => {
      const keeper = await startQuorumKeeper({
        connection,
        store: store ?? (await openNamed(name)),
        feePayer: keyOf(name),
        quorum: quorumText,
        clock,
        log: (_, event, fields) =>
          events.push(
            `${event} ${JSON.stringify(fields, (__, v) => (typeof v === "bigint" ? String(v) : v))}`,
          ),
        policy: { authoritySeconds: 0, relayPatienceSeconds: 0, ...policy },
      });
      keepers.push(keeper);
      return keeper;
    },
    until: async (some, status, ticks = 40) => {
      for (let tick = 0; tick < ticks; tick++) {
        const now = await epoch();
        if (now?.status === status) return now;
        await Promise.all(some.map((keeper) => keeper.tick()));
        await chain.clock.advance(4);
      }
      const now = await epoch();
      const errors = some.map((keeper) => keeper.status().lastError);
      throw new Error(
        `the epoch is ${now?.status}, not ${status}: ${errors.join("; ")}\n${events.slice(-20).join("\n")}`,
      );
    },
    end: async () => {
      await Promise.all(keepers.map((keeper) => keeper.close()));
      await Promise.all(stores.map((store) => store.close()));
      await chain.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startVoteFixture(): Promise<VoteFixture & { readonly server: Server }> {
  let statements: object[] = [];
  let votes: object[] = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "", "http://feed");
    response.writeHead(pathname === "/v1/votes" ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify({ statements, votes }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    server,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    vote: ({ number, domain }, outcome, voters) => {
      const digest = hashOutcome(outcome, domain, number);
      const { previousRoot, root, updatesRoot, count } = outcome;
      const [a, b, c, d] = [digest, previousRoot, root, updatesRoot].map(toBase64Url);
      statements = [...statements, { digest: a, previousRoot: b, root: c, updatesRoot: d, count }];
      const signed = voters.map((voter) => ({
        witness: toBase64Url(voter.publicKey),
        digest: a,
        signature: toBase64Url(signVote(voter, digest)),
      }));
      votes = [...votes, ...signed];
    },
    forget: () => {
      statements = [];
      votes = [];
    },
  };
}
