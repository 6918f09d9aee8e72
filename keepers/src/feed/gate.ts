import { bytesEqual, formatAddress, isTollError, toHex, type VerifyEd25519 } from "@tolldns/sdk";
import { wireName } from "@tolldns/sdk/names";
import {
  decodeBody,
  encodeBody,
  hashAuth,
  hashRecords,
  hashUpdate,
  isLater,
  maxVersion,
  parseRecords,
  type UpdateBody,
  updateSigningBytes,
} from "@tolldns/sdk/routes";
import type { RouteBook } from "./book.ts";
import { entitlementOf } from "./chain/entitled.ts";
import type { Moment, NameState } from "./chain/types.ts";
import { fail } from "./errors.ts";
import type { Limiter } from "./http/limits.ts";
import type { NameBook } from "./names.ts";
import type { Pool, PoolEntry } from "./pool.ts";
import type { FeedStore } from "./store/open.ts";
import type { NewUpdate } from "./store/updates.ts";
import type { Submission } from "./submission.ts";

/** Where an update came from; `address` is what it is counted under. */
export type Origin =
  | { readonly kind: "owner" | "push"; readonly address: string }
  | { readonly kind: "peer" | "chain"; readonly address?: undefined };

export interface Accepted {
  readonly entry: PoolEntry;
  readonly origin: Origin["kind"];
}

/** Lets updates in: cheap checks first, the signature last, on disk before it says yes. */
export interface Gate {
  /** Resolves to the update's hash once it is on disk, or was before. @throws every update error of FEED_ERRORS, request-rate */
  accept(submission: Submission, origin: Origin): Promise<Uint8Array>;
  /** Turns away an address that sent too many forgeries, before anything it sends is read. @throws request-rate */
  screen(address: string): void;
  /** Takes in what an owner put on chain, with or without records. */
  acceptPosted(names: readonly NameState[]): Promise<void>;
  readonly accepted: number;
  readonly refused: number;
}

export interface GateContext {
  readonly domain: Uint8Array;
  readonly store: FeedStore;
  readonly pool: Pool;
  readonly book: RouteBook;
  readonly names: NameBook;
  readonly verify: VerifyEd25519;
  /** Chain time. */
  readonly moment: () => Moment;
  /** Time limits are counted in, seconds. */
  readonly now: () => number;
  readonly updates: Limiter;
  readonly forgeries: Limiter;
  /** Epoch that what comes now is for; null while unknown. */
  readonly nextEpoch: () => bigint | null;
  readonly onAccepted: (accepted: readonly Accepted[]) => void;
}

interface Writing extends Accepted {
  readonly row: NewUpdate;
  resolve(): void;
  reject(error: unknown): void;
}

/** Are these its records, and not only what its owner posted on chain? */
export function hasRecords({ update, records }: UpdateBody): boolean {
  return bytesEqual(hashRecords(records), update.recordsHash);
}

export function createGate(context: GateContext): Gate {
  const { domain, store, pool, book, names, verify, moment, now, updates, forgeries } = context;
  const underWay = new Map<string, Promise<Uint8Array>>();
  let queue: Writing[] = [];
  let writing = false;
  let accepted = 0;
  let refused = 0;

  /** Puts what has gathered on disk in one commit, then tells everybody. */
  async function drain(): Promise<void> {
    if (writing) return;
    writing = true;
    while (queue.length > 0) {
      const batch = queue;
      queue = [];
      try {
        await store.updates.add(
          batch.map(({ row }) => row),
          context.nextEpoch(),
        );
        const fresh = batch.filter(({ entry }) => enter(entry));
        accepted += fresh.length;
        if (fresh.length > 0) context.onAccepted(fresh);
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    writing = false;
  }

  /** False if it was there, apart from its records. */
  function enter(entry: PoolEntry): boolean {
    const held = pool.get(entry.updateHash);
    if (held !== undefined) {
      if (!entry.bare) pool.complete(entry.updateHash);
      return false;
    }
    const out = pool.add(entry);
    if (out === "stale" || out === "full") return false;
    if (out.length > 0) store.updates.drop(out).catch(() => {});
    return true;
  }

  function write(entry: PoolEntry, body: Uint8Array, origin: Origin["kind"]): Promise<void> {
    const { updateHash, authHash, nameHash, label, seenAt } = entry;
    const row = { updateHash, authHash, nameHash, label, body, seenAt };
    return new Promise<void>((resolve, reject) => {
      queue.push({ entry, origin, row, resolve, reject });
      // Whatever else this turn lets in shares the commit.
      setImmediate(drain);
    });
  }

  async function check(submission: Submission, updateHash: Uint8Array, origin: Origin): Promise<void> {
    const { label, update, signer, signature, records } = submission;
    const at = moment();
    if (update.expiresAt <= at.at)
      throw fail("update-expiry", { expiresAt: String(update.expiresAt), latest: "in the future" });
    // Else a seller or a delegate could leave a version that nobody after them gets above.
    if (update.version > maxVersion(at.at))
      throw fail("update-version", { got: String(update.version), latest: String(maxVersion(at.at)) });
    try {
      parseRecords(records, wireName(label));
    } catch (error) {
      throw fail("update-records", { reason: error instanceof Error ? error.message : "" }, error);
    }
    const name = await names.name(label);
    if (name === null || name.generation === 0) throw forged(origin, fail("name-unknown", { name: label }));
    if (update.generation !== name.generation)
      throw fail("update-generation", { got: update.generation, expected: name.generation });
    if (name.expiresAt <= at.at)
      throw fail("name-lapsed", { name: label, expiresAt: String(name.expiresAt) });
    if (update.expiresAt > name.expiresAt)
      throw fail("update-expiry", { expiresAt: String(update.expiresAt), latest: String(name.expiresAt) });
    // Now is before the freeze that counts; a right that ends until then is looked at again there.
    const current = { slot: at.slot, at: at.at > name.registeredAt ? at.at : name.registeredAt + 1n };
    if (!bytesEqual(name.authority, signer)) {
      const delegate = await names.delegate(label, signer);
      if (entitlementOf(signer, update.generation, current, name, delegate) === "no")
        throw forged(origin, fail("update-signer", { signer: formatAddress(signer) }));
    }
    if (!verify(signer, updateSigningBytes(updateHash), signature))
      throw forged(origin, fail("update-forged", { signer: formatAddress(signer) }));
  }

  /** What costs more than a look at memory may be tried only so often. */
  function forged(origin: Origin, error: Error): Error {
    if (origin.address !== undefined) forgeries.take(origin.address, now());
    return error;
  }

  function limit(origin: Origin): void {
    if (origin.address === undefined) return;
    const wait = Math.max(forgeries.wait(origin.address, now()), updates.take(origin.address, now()));
    if (wait > 0) throw fail("request-rate", { retryAfter: Math.ceil(wait) });
  }

  async function admit(submission: Submission, updateHash: Uint8Array, origin: Origin): Promise<Uint8Array> {
    const { label, update, signer, signature } = submission;
    const { nameHash, generation, version, expiresAt } = update;
    await check(submission, updateHash, origin);
    const entry: PoolEntry = {
      nameHash,
      label,
      generation,
      version,
      updateHash,
      authHash: hashAuth(signer, signature),
      signer,
      expiresAt,
      seenAt: Number(moment().at),
      bare: false,
    };
    await write(entry, encodeBody(submission, domain), origin.kind);
    return updateHash;
  }

  /** Is its version news? An update that was posted bare may still bring its records. */
  async function isKnown({ update }: Submission, updateHash: Uint8Array): Promise<boolean> {
    const { nameHash, generation, version } = update;
    const waiting = pool.get(updateHash);
    if (waiting !== undefined) return !waiting.bare;
    const held = book.map.get(nameHash);
    if (held !== undefined && bytesEqual(held.updateHash, updateHash)) {
      const rows = await store.updates.find([updateHash]);
      return rows.length === 0 || rows.some(({ body }) => hasRecords(decodeBody(body, domain)));
    }
    if (held !== undefined && !isLater(update, held))
      throw fail("update-stale", { got: String(version), last: String(held.version) });
    const verdict = pool.check(nameHash, generation, version);
    const last = String(pool.ofName(nameHash)[0]?.version ?? 0);
    if (verdict === "stale") throw fail("update-stale", { got: String(version), last });
    if (verdict === "full") throw fail("pool-full", { limit: pool.size });
    return false;
  }

  return {
    get accepted() {
      return accepted;
    },
    get refused() {
      return refused;
    },
    accept: async (submission, origin) => {
      try {
        const updateHash = hashUpdate(submission.update, domain);
        const key = toHex(updateHash);
        const under = underWay.get(key);
        if (under !== undefined) return await under;
        if (await isKnown(submission, updateHash)) return updateHash;
        limit(origin);
        const work = admit(submission, updateHash, origin);
        underWay.set(key, work);
        try {
          return await work;
        } finally {
          underWay.delete(key);
        }
      } catch (error) {
        if (isTollError(error)) refused++;
        throw error;
      }
    },
    screen: (address) => {
      const wait = forgeries.wait(address, now());
      if (wait === 0) return;
      refused++;
      throw fail("request-rate", { retryAfter: Math.ceil(wait) });
    },
    acceptPosted: async (posted) => {
      const writes: Promise<void>[] = [];
      for (const name of posted) {
        if (name.posted === null) continue;
        const { update, signer, signature } = name.posted;
        const { nameHash, generation, version, expiresAt } = update;
        const held = book.map.get(nameHash);
        if (held !== undefined && !isLater(update, held)) continue;
        const updateHash = hashUpdate(update, domain);
        const waiting = pool.get(updateHash);
        if (waiting !== undefined && !waiting.bare) continue;
        if (!verify(signer, updateSigningBytes(updateHash), signature)) continue;
        const rows = await store.updates.find([updateHash]);
        const authHash = hashAuth(signer, signature);
        const whole = rows.map((row) => decodeBody(row.body, domain)).find(hasRecords);
        const records = whole?.records ?? new Uint8Array();
        const posting = { update, signer, signature, records };
        if (waiting !== undefined && !hasRecords(posting)) continue;
        const entry: PoolEntry = {
          nameHash,
          label: name.label,
          generation,
          version,
          updateHash,
          authHash,
          signer,
          expiresAt,
          seenAt: Number(moment().at),
          bare: !hasRecords(posting),
        };
        const body = encodeBody(posting, domain);
        writes.push(write(entry, body, "chain"));
      }
      await Promise.all(writes);
    },
  };
}
