import { openRouteChain } from "./chain/solana.ts";
import type { FeedOptions, RunningFeed } from "./options.ts";
import { runFeed } from "./run.ts";

/**
 * Starts a feed without a key: it follows other feeds, holds what they say against the chain, and serves it on. Resolves once it
 * listens; what goes wrong later shows in `status()` and is tried again.
 * @throws chain-missing, store-foreign, map-broken, and what RPC node, store and socket answer
 *
 * @example
 * const feed = await startFeed({ connection, quorum, store: { path: "feed.sqlite" } });
 * // ...
 * await feed.close();
 */
export async function startFeed(options: FeedOptions): Promise<RunningFeed> {
  const { connection, quorum, ...rest } = options;
  const chain = await openRouteChain(connection, quorum);
  const { feed } = await runFeed({ ...rest, chain }, null);
  return feed;
}
