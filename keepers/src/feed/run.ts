import { toHex } from "@tolldns/sdk";
import { verifyEd25519Node } from "@tolldns/sdk/node";
import { systemClock } from "../runtime/clock.ts";
import { stderrLog } from "../runtime/log.ts";
import { startLoop } from "../runtime/loop.ts";
import { epochApi } from "./api/epochs.ts";
import { routeApi } from "./api/routes.ts";
import { updateApi } from "./api/updates.ts";
import type { QuorumState, RouteChain } from "./chain/types.ts";
import { createEpochFiles } from "./files.ts";
import { createFollower } from "./follow.ts";
import { createLimiter } from "./http/limits.ts";
import { serveHttp } from "./http/server.ts";
import { createNode, type FeedNode } from "./node.ts";
import { DEFAULT_FEED_POLICY, type FeedOptions, type FeedStatus, type RunningFeed } from "./options.ts";
import { bindStore, openFeedStore } from "./store/open.ts";

/** What is done at each look at the chain beside following it: a witness votes. */
export interface Duty {
  /** After the map is in step; must not reject. */
  onState(state: QuorumState): Promise<void>;
  close(): Promise<void>;
}

/** Options with the chain as this package sees it. */
export interface RunOptions extends Omit<FeedOptions, "connection" | "quorum"> {
  readonly chain: RouteChain;
  /** Key of the witness itself: its own feed is none of its peers. */
  readonly self?: Uint8Array;
}

const WAKE_MILLISECONDS = 100;

/** Runs a feed, with a duty or without. */
export async function runFeed<D extends Duty>(
  options: RunOptions,
  makeDuty: ((node: FeedNode) => Promise<D>) | null,
): Promise<{ feed: RunningFeed; node: FeedNode; duty: D | null }> {
  const { chain, clock = systemClock, log = stderrLog } = options;
  const policy = { ...DEFAULT_FEED_POLICY, ...options.policy };
  const startedAt = clock.now();
  const store = await openFeedStore(options.store);
  let node: FeedNode;
  try {
    await bindStore(store, "cluster", chain.domain);
    node = await createNode({ chain, store, policy, clock, log, verify: verifyEd25519Node });
  } catch (error) {
    await store.close();
    throw error;
  }
  const files = createEpochFiles(`${options.store.path}-epochs`, store, chain.domain);
  const follower = createFollower(node, files);
  const duty = makeDuty === null ? null : await makeDuty(node);
  const { book, pool, gate, peers } = node;

  const server = await serveHttp(
    {
      host: options.listen?.host ?? "127.0.0.1",
      port: options.listen?.port ?? 0,
      connections: policy.connections,
      requests: createLimiter(policy.requestsPerSecond, policy.requestsBurst),
      now: () => clock.now(),
      log,
    },
    [
      ...routeApi(node),
      ...updateApi(node),
      ...epochApi(node, files),
      { method: "GET", path: /^\/healthz$/, handle: health },
    ],
  );
  const { address } = server;
  const host = address.host.includes(":") ? `[${address.host}]` : address.host;
  const url = `http://${host}:${address.port}`;

  let lastError: string | null = null;
  let lastTick = 0;
  let peersAt = 0;

  function health() {
    const isReady = lastError === null && lastTick > 0;
    return {
      status: isReady ? 200 : 503,
      headers: { "cache-control": "no-store" },
      json: { ok: isReady, lastError },
    };
  }

  async function readPeers(): Promise<void> {
    if (clock.now() < peersAt) return;
    const found = policy.followChain ? await chain.readFeeds() : [];
    const others = found.filter(({ witness }) => toHex(witness) !== toHex(options.self ?? new Uint8Array()));
    const urls = [...(options.peers ?? []), ...others.map((place) => place.url)].map(trimmed);
    peers.follow([...new Set(urls)].filter((other) => isFeedUrl(other) && other !== url));
    peersAt = clock.now() + policy.peersSeconds;
    peers.compare();
  }

  async function tick(): Promise<void> {
    try {
      await readPeers();
      const state = await follower.look();
      await duty?.onState(state);
      lastError = null;
      lastTick = clock.now();
    } catch (error) {
      lastError = error instanceof Error ? error.message : String(error);
      log("warn", "look at the chain failed", { error: lastError });
    }
  }

  const loop = startLoop(clock, policy.intervalSeconds, tick);
  let woken = false;
  // What the chain or a peer tells of several times in a row is looked at once.
  const wake = () => {
    if (woken) return;
    woken = true;
    setTimeout(() => {
      woken = false;
      loop.run();
    }, WAKE_MILLISECONDS).unref();
  };
  node.wake = wake;
  const unwatch = chain.watch(wake);

  let closing: Promise<void> | null = null;
  async function end(): Promise<void> {
    unwatch();
    node.wake = () => {};
    node.events.close();
    node.client.close();
    await peers.close();
    await loop.close();
    await duty?.close();
    await server.close();
    await store.close();
  }

  const feed: RunningFeed = {
    url,
    address,
    tick: () => loop.run(),
    status: (): FeedStatus => ({
      url,
      startedAt,
      chainFinal: node.state()?.final.epoch ?? 0n,
      final: book.final,
      root: toHex(book.root),
      names: book.map.size,
      pending: pool.size,
      peers: peers.status(),
      accepted: gate.accepted,
      refused: gate.refused,
      reconciled: { ...follower.reconciled },
      lastError,
      lastTick,
    }),
    close: () => {
      closing ??= end();
      return closing;
    },
  };
  return { feed, node, duty };
}

function trimmed(url: string): string {
  return url.replace(/\/+$/, "");
}

/** Endpoints on chain are anybody's words. */
function isFeedUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, search, hash } = new URL(text);
  return (protocol === "http:" || protocol === "https:") && username === "" && search === "" && hash === "";
}
