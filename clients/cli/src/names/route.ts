import { bytesEqual, isTollError } from "@tolldns/sdk";
import { createFeed, type Feed, webTransport } from "@tolldns/sdk/feed";
import { wireName } from "@tolldns/sdk/names";
import { hashUpdate, type RouteRecord, verifyEvidence } from "@tolldns/sdk/routes";
import { CliError } from "../errors.ts";
import type { Quorum } from "./quorum.ts";

/** What is final of a name, checked against the chain here. */
export interface FinalRoute {
  /** The epoch whose root shows it; 0 before the first. */
  readonly epoch: bigint;
  /** Null where the map has no entry of the name. */
  readonly entry: {
    readonly generation: number;
    readonly version: bigint;
    /** Unix seconds; may be over. */
    readonly expiresAt: bigint;
    readonly updateHash: Uint8Array;
    readonly signer: Uint8Array;
  } | null;
  readonly records: readonly RouteRecord[];
  readonly evidence: Uint8Array | null;
  readonly feed: string | null;
}

const NOTHING: FinalRoute = { epoch: 0n, entry: null, records: [], evidence: null, feed: null };
/** Milliseconds a feed has for an answer. */
const PATIENCE_MS = 10_000;

export const openFeeds = (urls: readonly string[]): Feed[] =>
  urls.map((url) => createFeed(url, webTransport(globalThis.fetch)));

/** @throws CliError feed-missing */
export function requireFeeds(feeds: readonly Feed[]): readonly Feed[] {
  if (feeds.length > 0) return feeds;
  throw new CliError(
    "feed-missing",
    "no feed of routes to ask: `tolldns up` is not running",
    "Start it, or name a feed with --feeds. Witnesses run feeds; the owner of a name can also post it with --on-chain.",
  );
}

/**
 * The last final route of a name, from the first feed whose evidence holds against the chain. Expiry is for the caller to see.
 * @throws CliError feed-missing, feed-refused when no feed has evidence that holds
 */
export async function readFinalRoute(
  feeds: readonly Feed[],
  readQuorum: () => Promise<Quorum>,
  label: string,
): Promise<FinalRoute> {
  const failures: string[] = [];
  for (const feed of requireFeeds(feeds)) {
    try {
      const route = await readFrom(feed, readQuorum, label);
      if (route !== undefined) return route;
    } catch (error) {
      if (!isTollError(error)) throw error;
      failures.push(`${feed.url}: ${error.message}`);
    }
  }
  throw new CliError(
    "feed-refused",
    `no feed has evidence for ${label}.dns that holds: ${failures.join("; ")}`,
    "Name another feed with --feeds; `tolldns verify` shows at which step one fails.",
  );
}

async function readFrom(
  feed: Feed,
  readQuorum: () => Promise<Quorum>,
  label: string,
): Promise<FinalRoute | undefined> {
  const quorum = await readQuorum();
  if (quorum.final === undefined) return NOTHING;
  const told = await feed.route(`${label}.dns`, { signal: AbortSignal.timeout(PATIENCE_MS) });
  const root =
    quorum.recent.find(({ epoch }) => epoch === told.epoch) ?? (await readNewer(readQuorum, told.epoch));
  if (root === undefined)
    throw new CliError(
      "feed-refused",
      `${feed.url} answers with epoch ${told.epoch}, which the chain does not have as one of its last final ones`,
      "It is behind or lies: name another feed with --feeds.",
    );
  const name = wireName(label);
  const trust = { name, domain: quorum.domain, epoch: root.epoch, root: root.root, now: 0n };
  const verified = verifyEvidence(told.evidence, trust);
  if (verified.status === "absent")
    return { ...NOTHING, epoch: root.epoch, evidence: told.evidence, feed: feed.url };
  const { generation, version, expiresAt } = verified.update;
  const updateHash = hashUpdate(verified.update, quorum.domain);
  return {
    epoch: root.epoch,
    entry: { generation, version, expiresAt, updateHash, signer: verified.signer },
    records: verified.records,
    evidence: told.evidence,
    feed: feed.url,
  };
}

/** An epoch may have become final since the chain was read. */
async function readNewer(readQuorum: () => Promise<Quorum>, epoch: bigint) {
  return (await readQuorum()).recent.find((one) => one.epoch === epoch);
}

/** Is this update what is final of the name, or older than what is? */
export function isReached(route: FinalRoute, generation: number, version: bigint): boolean {
  return route.entry !== null && route.entry.generation === generation && route.entry.version >= version;
}

/** Did another update of the same or a later version take its place? */
export function isDisplaced(route: FinalRoute, version: bigint, updateHash: Uint8Array): boolean {
  return (
    route.entry !== null && route.entry.version >= version && !bytesEqual(route.entry.updateHash, updateHash)
  );
}
