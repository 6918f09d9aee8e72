import { bytesEqual, toBase64Url, toHex, type VerifyEd25519 } from "@tolldns/sdk";
import { decodeBody, hashAuth, hashUpdate } from "@tolldns/sdk/routes";
import type { Clock } from "../runtime/clock.ts";
import type { Log } from "../runtime/log.ts";
import { openBook, type RouteBook } from "./book.ts";
import type { Moment, NameState, QuorumState, RouteChain } from "./chain/types.ts";
import { type Accepted, createGate, type Gate, hasRecords } from "./gate.ts";
import { createHall, type Hall } from "./hall.ts";
import { createEventHub, type EventHub } from "./http/events.ts";
import { createLimiter } from "./http/limits.ts";
import { createNameBook, type NameBook } from "./names.ts";
import type { FeedPolicy } from "./options.ts";
import { createPeerClient, type PeerClient } from "./peers/client.ts";
import { createPeers, type Peers } from "./peers/peers.ts";
import { createPool, type Pool, type PoolEntry } from "./pool.ts";
import type { FeedStore } from "./store/open.ts";
import type { Submission } from "./submission.ts";
import { writeNumber } from "./submission.ts";

/** The parts of a feed, put together; what listens, follows and votes works on them. */
export interface FeedNode {
  readonly domain: Uint8Array;
  readonly chain: RouteChain;
  readonly store: FeedStore;
  readonly policy: FeedPolicy;
  readonly clock: Clock;
  readonly log: Log;
  readonly verify: VerifyEd25519;
  readonly pool: Pool;
  readonly book: RouteBook;
  readonly names: NameBook;
  readonly gate: Gate;
  readonly hall: Hall;
  readonly events: EventHub;
  readonly client: PeerClient;
  readonly peers: Peers;
  /** The chain as last seen; null before the first look. */
  readonly state: () => QuorumState | null;
  readonly setState: (state: QuorumState) => void;
  /** The chain's slot and clock by now, as far as can be told without asking. */
  readonly moment: () => Moment;
  /** Bodies by hash of update or signature, from disk and else from peers. `updates` tells the update hash that a signature's body must have, by auth hash in hex. */
  readonly bodies: (
    hashes: readonly Uint8Array[],
    updates?: ReadonlyMap<string, Uint8Array>,
  ) => Promise<Map<string, Submission>>;
  /** Names whose owner put a later update on chain than the map has, by name hash in hex. */
  readonly posted: Map<string, NameState>;
  /** Asks for a look at the chain soon. */
  wake: () => void;
}

export interface NodeParts {
  readonly chain: RouteChain;
  readonly store: FeedStore;
  readonly policy: FeedPolicy;
  readonly clock: Clock;
  readonly log: Log;
  readonly verify: VerifyEd25519;
}

const MOST_REFUSED = 10_000;
const REFUSED_SECONDS = 10;

export async function createNode(parts: NodeParts): Promise<FeedNode> {
  const { chain, store, policy, clock, log, verify } = parts;
  const { domain } = chain;
  let state: QuorumState | null = null;
  let seenAt = 0;

  const moment = (): Moment =>
    state === null
      ? { slot: 0n, at: BigInt(Math.floor(clock.now())) }
      : { slot: state.slot, at: state.now + BigInt(Math.max(0, Math.floor(clock.now() - seenAt))) };

  const pool = createPool(policy.pendingPerName, policy.pendingTotal);
  const book = await openBook(store, policy.keepEpochs, domain);
  const events = createEventHub(policy.streams);
  const client = createPeerClient();
  const names = createNameBook(
    chain,
    () => clock.now(),
    () => policy.namesSeconds,
  );

  const gate = createGate({
    domain,
    store,
    pool,
    book,
    names,
    verify,
    moment,
    now: () => clock.now(),
    updates: createLimiter(policy.updatesPerSecond, policy.updatesBurst),
    forgeries: createLimiter(policy.forgeriesPerSecond, policy.forgeriesBurst),
    nextEpoch: () => (state === null ? null : (state.epoch?.number ?? state.final.epoch) + 1n),
    onAccepted: (accepted) => spread(accepted).catch(() => {}),
  });

  /** Tells listeners at once, and pushes what came in here first. */
  async function spread(accepted: readonly Accepted[]): Promise<void> {
    for (const { entry } of accepted)
      events.emit("update", {
        name: `${entry.label}.dns`,
        updateHash: toBase64Url(entry.updateHash),
        version: writeNumber(entry.version),
      });
    const own = accepted.filter(({ origin }) => origin === "owner").map(({ entry }) => entry.updateHash);
    if (own.length > 0) peers.push([...(await stored(own)).values()]);
  }

  async function stored(hashes: readonly Uint8Array[]): Promise<Map<string, Submission>> {
    const asked = new Set(hashes.map(toHex));
    const found = new Map<string, Submission>();
    for (const row of await store.updates.find(hashes)) {
      const submission = { label: row.label, ...decodeBody(row.body, domain) };
      for (const key of [toHex(row.updateHash), toHex(row.authHash)]) {
        const held = found.get(key);
        if (asked.has(key) && (held === undefined || !hasRecords(held))) found.set(key, submission);
      }
    }
    return found;
  }

  const hall = createHall({
    domain,
    store,
    verify,
    now: () => clock.now(),
    state: async (epoch) => {
      if ((state?.epoch?.number ?? 0n) < epoch || state?.epoch?.members.length === 0)
        state = await chain.readState().then(setState);
      return state;
    },
  });

  function setState(next: QuorumState): QuorumState {
    state = next;
    seenAt = clock.now();
    return next;
  }

  const node: FeedNode = {
    domain,
    chain,
    store,
    policy,
    clock,
    log,
    verify,
    pool,
    book,
    names,
    gate,
    hall,
    events,
    client,
    peers: undefined as never,
    state: () => state,
    setState,
    moment,
    bodies: async (hashes, updates) => {
      // A signature does not tell what it is of: with another update it would be believed here and refused by the chain.
      const isRight = ({ update, signer, signature }: Submission) => {
        const wanted = updates?.get(toHex(hashAuth(signer, signature)));
        return wanted === undefined || bytesEqual(hashUpdate(update, domain), wanted);
      };
      const known = await stored(hashes);
      const found = new Map([...known].filter(([, submission]) => isRight(submission)));
      const missing = hashes.filter((hash) => !found.has(toHex(hash)));
      if (missing.length === 0) return found;
      const asked = new Set(missing.map(toHex));
      for (const submission of await peers.fetchBodies(missing, undefined, isRight)) {
        for (const hash of [
          hashUpdate(submission.update, domain),
          hashAuth(submission.signer, submission.signature),
        ])
          if (asked.has(toHex(hash))) found.set(toHex(hash), submission);
      }
      // What a step falsely names is still what shows it wrong.
      for (const [key, submission] of known) if (!found.has(key)) found.set(key, submission);
      return found;
    },
    posted: new Map(),
    wake: () => {},
  };

  const peers = createPeers({
    domain,
    client,
    clock,
    log,
    fanout: policy.fanout,
    wants: (updateHash) => pool.get(updateHash) === undefined && !isRefused(updateHash),
    onBodies: async (submissions) => {
      await Promise.all(
        submissions.map(async (submission) => {
          try {
            await gate.accept(submission, { kind: "peer" });
          } catch (error) {
            refuse(hashUpdate(submission.update, domain));
            log("info", "peer's update refused", { name: submission.label, error: String(error) });
          }
        }),
      );
    },
    onRoot: () => node.wake(),
  });

  // What peers announce and this feed refuses isn't fetched from each of them. A moment later the chain may see it otherwise.
  const refused = new Map<string, number>();
  const isRefused = (hash: Uint8Array) => clock.now() < (refused.get(toHex(hash)) ?? 0);
  function refuse(hash: Uint8Array): void {
    if (refused.size >= MOST_REFUSED) refused.delete(refused.keys().next().value as string);
    refused.set(toHex(hash), clock.now() + REFUSED_SECONDS);
  }

  await store.updates.eachPending((row) => {
    const body = decodeBody(row.body, domain);
    const { generation, version, expiresAt } = body.update;
    const entry: PoolEntry = {
      nameHash: row.nameHash,
      label: row.label,
      updateHash: row.updateHash,
      authHash: row.authHash,
      seenAt: row.seenAt,
      generation,
      version,
      expiresAt,
      signer: body.signer,
      bare: !hasRecords(body),
    };
    pool.add(entry);
  });
  return Object.assign(node, { peers });
}
