import { bytesEqual, toBase64Url, toHex } from "@tolldns/sdk";
import {
  emptyHash,
  encodeBody,
  hashAuth,
  hashUpdate,
  isLater,
  type NamedEntry,
  RouteMap,
  verifyUpdate,
} from "@tolldns/sdk/routes";
import type { Named } from "./book.ts";
import { entitlementOf } from "./chain/entitled.ts";
import { readRegistry } from "./chain/registry.ts";
import type { EpochState, FinalRoot, QuorumState } from "./chain/types.ts";
import { fail } from "./errors.ts";
import type { EpochFiles } from "./files.ts";
import type { FeedNode } from "./node.ts";
import type { PoolEntry } from "./pool.ts";
import { findDifference } from "./reconcile.ts";
import type { EpochRecord, Leaf } from "./store/epochs.ts";
import type { NewUpdate } from "./store/updates.ts";
import type { Proposal } from "./store/votes.ts";
import type { Submission } from "./submission.ts";
import { checkProposal, readProposal, readTrace } from "./votes.ts";
import { writeEpoch, writeRecord } from "./write.ts";

export interface Reconciled {
  requests: number;
  leaves: number;
  bodies: number;
}

/** Keeps the map in step with the last final root of the chain. */
export interface Follower {
  /** One look: reads the chain, tells of what changed, takes over what became final. */
  look(): Promise<QuorumState>;
  readonly reconciled: Readonly<Reconciled>;
}

/** Slots before the last scan that are read again: a fork may have moved a post. */
const SLOT_MARGIN = 64n;
const BODIES_AT_ONCE = 1_000;

export function createFollower(node: FeedNode, files: EpochFiles): Follower {
  const { chain, store, pool, book, gate, events, log, domain, peers, client } = node;
  const reconciled: Reconciled = { requests: 0, leaves: 0, bodies: 0 };
  let told = "";
  let postedIn: bigint | null = null;
  let postedSlot = 0n;

  /** Pending updates that are settled by these leaves. */
  function settled(leaves: readonly NamedEntry[]): PoolEntry[] {
    return leaves.flatMap((leaf) => pool.ofName(leaf.nameHash).filter((entry) => !isLater(entry, leaf)));
  }

  function clean(leaves: readonly NamedEntry[]): void {
    for (const entry of settled(leaves)) pool.remove(entry);
    for (const leaf of leaves) {
      const key = toHex(leaf.nameHash);
      const update = node.posted.get(key)?.posted?.update;
      if (update !== undefined && !isLater(update, leaf)) node.posted.delete(key);
    }
  }

  /** Everything about a final epoch but its trace; null if the chain no longer tells. */
  async function recordOf(state: QuorumState, { epoch, root }: FinalRoot): Promise<EpochRecord | null> {
    const account = state.epoch?.number === epoch ? state.epoch : await chain.readEpoch(epoch);
    if (account?.attested == null || account.status !== "final") return null;
    const { updatesRoot, count, digest } = account.attested;
    return {
      epoch,
      status: "final",
      previousRoot: account.previousRoot,
      root,
      updatesRoot,
      count,
      digest,
      frozenAt: account.frozenAt,
      finalAt: account.endedAt,
      trace: null,
    };
  }

  /** The proposal that became final, from disk or from peers. */
  async function proposalOf({ epoch, digest }: EpochRecord): Promise<Proposal | null> {
    const fits = (proposal: Proposal) => bytesEqual(proposal.digest, digest);
    const held = await store.votes.proposal(epoch, digest);
    if (held !== null) return held;
    for (const url of peers.ranked()) {
      try {
        const answer = await client.get(url, `/v1/proposals?epoch=${epoch}&digest=${toBase64Url(digest)}`);
        for (const row of Array.isArray(answer) ? answer : []) {
          const proposal = readProposal(row);
          if (!fits(proposal)) continue;
          checkProposal(proposal, domain);
          return proposal;
        }
      } catch (error) {
        log("info", "proposal not read", { peer: url, error: String(error) });
      }
    }
    return null;
  }

  /** Goes on by one epoch along its trace. False if something for it can't be had. */
  async function stepOn(record: EpochRecord): Promise<boolean> {
    if (!bytesEqual(record.previousRoot, book.root)) return false;
    if (record.count === 0) {
      await book.advance({ ...record, trace: new Uint8Array() }, [], settled);
      return true;
    }
    const proposal = await proposalOf(record);
    if (proposal === null) return false;
    const hashes = readTrace(proposal.trace).map(({ authHash }) => authHash);
    const updates: Named<Submission>[] = [];
    for (let at = 0; at < hashes.length; at += BODIES_AT_ONCE) {
      const some = hashes.slice(at, at + BODIES_AT_ONCE);
      const bodies = await node.bodies(some);
      for (const hash of some) {
        const body = bodies.get(toHex(hash));
        if (body === undefined) return false;
        updates.push(body);
      }
    }
    await store.updates.add(
      updates.map((update) => rowOf(update)),
      null,
    );
    await book.advance({ ...record, trace: proposal.trace }, updates, settled);
    clean(updates.map(({ update }) => ({ ...update, updateHash: hashUpdate(update, domain) })));
    return true;
  }

  function rowOf(submission: Submission): NewUpdate {
    const { update, signer, signature, label } = submission;
    return {
      updateHash: hashUpdate(update, domain),
      authHash: hashAuth(signer, signature),
      nameHash: update.nameHash,
      label,
      body: encodeBody(submission, domain),
      seenAt: Number(node.moment().at),
    };
  }

  /** Fetches what differs from the last final root, from the first peer that has its map and tells no lies. */
  async function jump(state: QuorumState): Promise<void> {
    const { final } = state;
    const record: EpochRecord = (await recordOf(state, final)) ?? {
      epoch: final.epoch,
      status: "final",
      previousRoot: emptyHash(),
      root: final.root,
      updatesRoot: final.updatesRoot,
      count: 0,
      digest: final.digest,
      frozenAt: 0n,
      finalAt: final.at,
      trace: null,
    };
    const errors: string[] = [];
    for (const url of peers.ranked()) {
      try {
        await jumpWith(url, record);
        return;
      } catch (error) {
        errors.push(String(error));
        log("warn", "not reconciled", { peer: url, error: String(error) });
      }
    }
    throw fail("not-ready", { reason: errors[0] ?? "no other feed to ask" });
  }

  async function jumpWith(url: string, record: EpochRecord): Promise<void> {
    const root = toBase64Url(record.root);
    const ask = (prefix: string, bits: number) =>
      client.get(url, `/v1/reconcile?prefix=${prefix}&bits=${bits}&root=${root}`);
    let found = await findDifference(book.map, record.root, url, ask);
    let replace = false;
    reconciled.requests += found.requests;
    if (found.excess) {
      // A map with names the root doesn't have grew on a fork that is gone: begin anew.
      found = await findDifference(RouteMap.create(), record.root, url, ask);
      reconciled.requests += found.requests;
      replace = true;
    }
    const leaves: Leaf[] = [];
    const rows: NewUpdate[] = [];
    for (let at = 0; at < found.leaves.length; at += BODIES_AT_ONCE) {
      const some = found.leaves.slice(at, at + BODIES_AT_ONCE);
      const here = await store.updates.find(some.map(({ updateHash }) => updateHash));
      const bodies = await node.bodies(some.map(({ updateHash }) => updateHash));
      const local = new Set(here.map(({ updateHash }) => toHex(updateHash)));
      for (const leaf of some) {
        const body = bodies.get(toHex(leaf.updateHash));
        if (body === undefined) throw fail("peer-failed", { url, reason: "a body is missing" });
        // The root commits to updates, not to their signatures.
        if (!local.has(toHex(leaf.updateHash)) && !verifyUpdate(body, domain, node.verify))
          throw fail("peer-lied", { url, what: `the signature of ${body.label}` });
        leaves.push({ ...leaf, label: body.label });
        rows.push(rowOf(body));
        if (!local.has(toHex(leaf.updateHash))) reconciled.bodies++;
      }
    }
    reconciled.leaves += leaves.length;
    await book.jump(record, leaves, rows, settled, replace);
    clean(leaves);
  }

  async function catchUp(state: QuorumState): Promise<void> {
    const { final } = state;
    if (final.epoch === 0n || (final.epoch === book.final && bytesEqual(final.root, book.root))) return;
    const ahead = state.recent
      .filter(({ epoch }) => epoch > book.final && epoch <= final.epoch)
      .sort((a, b) => (a.epoch < b.epoch ? -1 : 1));
    for (const root of ahead) {
      const record = await recordOf(state, root);
      if (record === null || !(await stepOn(record))) break;
      await finished(record);
    }
    if (final.epoch === book.final && bytesEqual(final.root, book.root)) return;
    await jump(state);
    const record = await store.epochs.last();
    if (record !== null) await finished(record);
  }

  /** Forgets what waited through a whole epoch and can't be taken in any more: expired, or no longer its signer's to publish. */
  async function sweep(record: EpochRecord): Promise<void> {
    const moment = node.moment();
    const old = [...pool.all()].filter(({ seenAt }) => BigInt(seenAt) < record.frozenAt);
    if (old.length === 0) return;
    const registry = await readRegistry(chain, old, node.verify);
    const gone = old.filter(({ label, signer, generation, expiresAt }) => {
      const delegate = registry.delegate(label, signer);
      const entitled = entitlementOf(signer, generation, moment, registry.name(label), delegate);
      return expiresAt <= moment.at || entitled === "no";
    });
    for (const entry of gone) pool.remove(entry);
    await store.updates.drop(gone);
  }

  async function finished(record: EpochRecord): Promise<void> {
    events.emit("root", writeRecord(record));
    log("info", "epoch final", { epoch: record.epoch, root: toHex(record.root), updates: record.count });
    try {
      await files.write(record.epoch);
      const before = record.epoch - BigInt(node.policy.keepEpochs);
      if (before > 0n) {
        await store.updates.prune(before);
        await store.votes.prune(before);
      }
      await sweep(record);
      files.prune(record.epoch - BigInt(node.policy.historyEpochs));
    } catch (error) {
      log("warn", "epoch not filed", { epoch: record.epoch, error: String(error) });
    }
  }

  /** Tells of each turn an epoch takes, and writes down one that ended without a root. */
  async function tell(epoch: EpochState): Promise<void> {
    const { number, status } = epoch;
    const turn = `${number} ${status}`;
    if (turn === told) return;
    told = turn;
    // A final one is told of once the map has it.
    if (status !== "final") events.emit("root", writeEpoch(epoch));
    if (status !== "rejected" && status !== "stalled") return;
    await store.epochs.record({
      epoch: number,
      status,
      previousRoot: epoch.previousRoot,
      root: epoch.previousRoot,
      updatesRoot: emptyHash(),
      count: 0,
      digest: epoch.attested?.digest ?? emptyHash(),
      frozenAt: epoch.frozenAt,
      finalAt: epoch.endedAt,
      trace: null,
    });
  }

  /** Once an epoch: what owners put on chain up to its freeze. */
  async function readPosted(state: QuorumState): Promise<void> {
    const number = state.epoch?.number ?? 0n;
    if (postedIn === number) return;
    const names = await chain.readPosted(postedSlot);
    for (const name of names) {
      const held = book.map.get(name.nameHash);
      if (name.posted !== null && (held === undefined || isLater(name.posted.update, held)))
        node.posted.set(toHex(name.nameHash), name);
    }
    await gate.acceptPosted(names);
    postedIn = number;
    postedSlot = state.slot > SLOT_MARGIN ? state.slot - SLOT_MARGIN : 0n;
  }

  return {
    reconciled,
    look: async () => {
      const state = await chain.readState();
      node.setState(state);
      if (state.epoch !== null) await tell(state.epoch);
      await catchUp(state);
      await readPosted(state);
      return state;
    },
  };
}
