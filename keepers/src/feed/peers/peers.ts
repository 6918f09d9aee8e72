import { bytesEqual, isTollError, toBase64Url, toHex } from "@tolldns/sdk";
import { createEventParser } from "@tolldns/sdk/feed";
import { hashName } from "@tolldns/sdk/names";
import { decodeBody, hashAuth, hashUpdate } from "@tolldns/sdk/routes";
import type { Clock } from "../../runtime/clock.ts";
import type { Log } from "../../runtime/log.ts";
import { fail } from "../errors.ts";
import type { PeerStatus } from "../options.ts";
import {
  readBytes,
  readHash,
  readLabel,
  readObject,
  type Submission,
  writeSubmission,
} from "../submission.ts";
import type { PeerClient } from "./client.ts";

/** The other feeds: what they announce is fetched, what comes in here is pushed to some. */
export interface Peers {
  /** Follows exactly these base URLs from now on. */
  follow(urls: readonly string[]): void;
  readonly urls: readonly string[];
  /** Those whose stream is open first. */
  ranked(): string[];
  /** Tells some of them of updates that came in here, and nobody else has yet. */
  push(submissions: readonly Submission[]): void;
  /** Asks one of them what it holds that is not here: finds what announcements missed. */
  compare(): void;
  /** Posts to all, and doesn't wait for anyone. */
  tellAll(path: string, body: unknown): void;
  /** Signed updates by hash (of update or of signature), from whoever has them; each checked against its hash. */
  fetchBodies(
    hashes: readonly Uint8Array[],
    from?: readonly string[],
    /** Those it refuses are asked of the next. */
    isRight?: (submission: Submission) => boolean,
  ): Promise<Submission[]>;
  status(): PeerStatus[];
  close(): Promise<void>;
}

export interface PeersContext {
  readonly domain: Uint8Array;
  readonly client: PeerClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly fanout: number;
  /** Is this update news? */
  readonly wants: (updateHash: Uint8Array) => boolean;
  readonly onBodies: (submissions: readonly Submission[]) => Promise<void>;
  /** A peer told of a root, or a stream was opened. */
  readonly onRoot: () => void;
}

interface Peer {
  readonly url: string;
  readonly ending: AbortController;
  connected: boolean;
  lastError: string | null;
  done: Promise<void>;
}

/** Bodies asked for at once, and pushed at once. */
export const BODIES_AT_ONCE = 256;
const PUSHED_BYTES = 1 << 20;
const GATHER_MILLISECONDS = 20;
/** Announcements of one peer that may wait; the rest is found by asking for what is pending. */
const MOST_WANTED = 20_000;
const MAX_EVENT_CHARACTERS = 65_536;
const PENDING_AT_ONCE = 2_000;
const FIRST_WAIT = 1;
const LONGEST_WAIT = 30;

export function createPeers(context: PeersContext): Peers {
  const { domain, client, clock, log, fanout, wants, onBodies, onRoot } = context;
  const peers = new Map<string, Peer>();
  const wanted = new Map<string, Map<string, Uint8Array>>();
  const fetching = new Set<string>();
  let gathering: NodeJS.Timeout | null = null;
  let pushing: Submission[] = [];
  let closed = false;

  function announce(url: string, hash: Uint8Array): void {
    const key = toHex(hash);
    if (fetching.has(key) || !wants(hash)) return;
    const ofPeer = wanted.get(url) ?? new Map<string, Uint8Array>();
    if (ofPeer.size >= MOST_WANTED) return;
    // Claimed by the first who tells; if it can't give it, the next reconnection or another's word finds it again.
    if ([...wanted.values()].some((other) => other.has(key))) return;
    ofPeer.set(key, hash);
    wanted.set(url, ofPeer);
    gathering ??= setTimeout(() => {
      gathering = null;
      drain();
    }, GATHER_MILLISECONDS);
  }

  function drain(): void {
    for (const [url, hashes] of wanted) {
      wanted.delete(url);
      const list = [...hashes].filter(([, hash]) => wants(hash));
      for (const [key] of list) fetching.add(key);
      fetchBodies(
        list.map(([, hash]) => hash),
        [
          url,
          ...ranked()
            .filter((other) => other !== url)
            .slice(0, 2),
        ],
      )
        .then(onBodies)
        .catch((error: unknown) => log("info", "updates not fetched", { peer: url, error: String(error) }))
        .finally(() => {
          for (const [key] of list) fetching.delete(key);
        });
    }
  }

  async function readPending(url: string): Promise<void> {
    let after = "";
    for (;;) {
      const path = `/v1/pending?limit=${PENDING_AT_ONCE}${after === "" ? "" : `&after=${after}`}`;
      const { hashes, next } = readObject(await client.get(url, path));
      if (!Array.isArray(hashes)) throw fail("peer-failed", { url, reason: "pending" });
      for (const hash of hashes) announce(url, readHash(hash, "hashes"));
      if (typeof next !== "string" || next === "" || next === after) return;
      after = next;
    }
  }

  async function read(peer: Peer): Promise<void> {
    const { url, ending } = peer;
    let wait = FIRST_WAIT;
    while (!ending.signal.aborted) {
      const parser = createEventParser(MAX_EVENT_CHARACTERS);
      try {
        await client.stream(
          url,
          "/v1/events",
          () => {
            peer.connected = true;
            peer.lastError = null;
            wait = FIRST_WAIT;
            onRoot();
            readPending(url).catch((error: unknown) =>
              log("info", "pending updates not read", { peer: url, error: String(error) }),
            );
          },
          (part) => {
            for (const { name, data } of parser.push(part)) {
              if (name === "root") onRoot();
              else if (name === "update")
                announce(url, readHash(readObject(JSON.parse(data)).updateHash, "updateHash"));
            }
          },
          ending.signal,
        );
        peer.lastError ??= "the stream ended";
      } catch (error) {
        peer.lastError = error instanceof Error ? error.message : String(error);
      }
      peer.connected = false;
      await clock.sleep(wait, ending.signal);
      wait = Math.min(LONGEST_WAIT, wait * 2);
    }
  }

  function ranked(): string[] {
    const all = [...peers.values()];
    return [...all.filter((peer) => peer.connected), ...all.filter((peer) => !peer.connected)].map(
      ({ url }) => url,
    );
  }

  async function fetchBodies(
    hashes: readonly Uint8Array[],
    from: readonly string[] = ranked(),
    isRight: (submission: Submission) => boolean = () => true,
  ): Promise<Submission[]> {
    const missing = new Map(hashes.map((hash) => [toHex(hash), hash]));
    const found: Submission[] = [];
    for (const url of from) {
      if (missing.size === 0) break;
      const list = [...missing.values()];
      for (let at = 0; at < list.length; at += BODIES_AT_ONCE) {
        const some = list.slice(at, at + BODIES_AT_ONCE);
        try {
          for (const body of await readBodies(url, some)) {
            if (isRight(body.submission) && missing.delete(body.key)) found.push(body.submission);
          }
        } catch (error) {
          log("info", "bodies not read", { peer: url, error: String(error) });
          break;
        }
      }
    }
    return found;
  }

  async function readBodies(
    url: string,
    hashes: readonly Uint8Array[],
  ): Promise<{ key: string; submission: Submission }[]> {
    const asked = new Set(hashes.map(toHex));
    const answer = await client.get(url, `/v1/bodies?hashes=${hashes.map(toBase64Url).join(",")}`);
    if (!Array.isArray(answer)) throw fail("peer-failed", { url, reason: "bodies" });
    return answer.flatMap((row: unknown) => {
      const json = readObject(row);
      const body = decodeBody(readBytes(json.body, "body", 0, 8_192), domain);
      const label = readLabel(String(json.name));
      const key = [hashUpdate(body.update, domain), hashAuth(body.signer, body.signature)]
        .map(toHex)
        .find((hash) => asked.has(hash));
      if (key === undefined || !bytesEqual(hashName(label), body.update.nameHash))
        throw fail("peer-lied", { url, what: "a body" });
      return [{ key, submission: { label, ...body } }];
    });
  }

  function drainPushes(): void {
    const all = pushing;
    pushing = [];
    const targets = shuffled(ranked()).slice(0, fanout);
    for (let at = 0; at < all.length; ) {
      let size = 0;
      let end = at;
      while (end < all.length && end - at < BODIES_AT_ONCE && size < PUSHED_BYTES)
        size += ((all[end++] as Submission).records.length * 4) / 3 + 600;
      const updates = all.slice(at, end).map(writeSubmission);
      for (const url of targets) post(url, "/v1/gossip", { updates });
      at = end;
    }
  }

  function post(url: string, path: string, body: unknown): void {
    client.post(url, path, body).catch((error: unknown) => {
      const level = isTollError(error) ? "info" : "warn";
      log(level, "peer not told", { peer: url, path, error: String(error) });
    });
  }

  return {
    follow: (urls) => {
      if (closed) return;
      const keep = new Set(urls);
      for (const [url, peer] of peers) {
        if (keep.has(url)) continue;
        peer.ending.abort();
        peers.delete(url);
      }
      for (const url of keep) {
        if (peers.has(url)) continue;
        const peer: Peer = {
          url,
          ending: new AbortController(),
          connected: false,
          lastError: null,
          done: Promise.resolve(),
        };
        peers.set(url, peer);
        peer.done = read(peer);
      }
    },
    get urls() {
      return [...peers.keys()];
    },
    ranked,
    push: (submissions) => {
      if (fanout === 0 || peers.size === 0) return;
      if (pushing.length === 0) setTimeout(drainPushes, GATHER_MILLISECONDS);
      pushing.push(...submissions);
    },
    compare: () => {
      const [url] = shuffled(
        [...peers.values()].filter(({ connected }) => connected).map((peer) => peer.url),
      );
      if (url !== undefined)
        readPending(url).catch((error: unknown) =>
          log("info", "pending updates not read", { peer: url, error: String(error) }),
        );
    },
    tellAll: (path, body) => {
      for (const url of peers.keys()) post(url, path, body);
    },
    fetchBodies,
    status: () => [...peers.values()].map(({ url, connected, lastError }) => ({ url, connected, lastError })),
    close: async () => {
      closed = true;
      if (gathering !== null) clearTimeout(gathering);
      const all = [...peers.values()];
      for (const { ending } of all) ending.abort();
      peers.clear();
      await Promise.all(all.map(({ done }) => done));
    },
  };
}

function shuffled<T>(items: readonly T[]): T[] {
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [out[i], out[j]] = [out[j] as T, out[i] as T];
  }
  return out;
}
