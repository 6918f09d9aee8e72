import { bytesEqual, fromBase64Url, toBase64Url } from "@tolldns/sdk";
import type { RoutesClock } from "./clock.ts";
import { fail } from "./errors.ts";

/** Which roots are final, as one source says at one moment. */
export interface FinalRoots {
  /** 32 bytes: what everything signed on this cluster contains. */
  readonly domain: Uint8Array;
  /** The last final epoch and its root; 0 and zero bytes before the first. */
  readonly epoch: bigint;
  readonly root: Uint8Array;
  /** Unix seconds when it became final; 0 before the first. */
  readonly finalAt: number;
  /** Seconds an epoch takes. */
  readonly epochSeconds: number;
  /** Earlier final roots, in any order. */
  readonly earlier: readonly { readonly epoch: bigint; readonly root: Uint8Array }[];
}

/** Asks the chain, or whoever stands in for it. */
export type ReadFinalRoots = (signal: AbortSignal) => Promise<FinalRoots>;

export interface RootBookOptions {
  readonly domain: Uint8Array;
  readonly read: ReadFinalRoots;
  readonly clock: RoutesClock;
  /** Milliseconds one question to the chain may take. */
  readonly timeoutMs: number;
  /** Told when a newer root is known. */
  readonly onRoot?: (epoch: bigint) => void;
}

/** The final roots that were ever seen, and until when each was the newest. */
export interface RootBook {
  /** The newest final epoch known; null before the first look. */
  newest(): bigint | null;
  /** Seconds an epoch takes; a day before the first look. */
  epochSeconds(): number;
  /** Seconds since the chain last told; infinite if it never did. */
  checkedAgo(): number;
  /** Seconds since this root was last known to be the newest one; infinite for one that isn't known, or only to be old. */
  age(epoch: bigint): number;
  /** Did it not answer when it was asked, within the last seconds? */
  wasAway(seconds: number): boolean;
  /** Asks the chain, once for all who wait. False if it did not tell. */
  refresh(): Promise<boolean>;
  /** The final root of an epoch; an unseen one is always asked for. @throws root-unconfirmed, root-not-final, root-old, roots-unreadable, roots-foreign */
  rootOf(epoch: bigint): Promise<Uint8Array>;
  /** Why the last look failed, or null. */
  failure(): unknown;
  save(): SavedRoots;
  load(saved: SavedRoots): void;
}

export interface SavedRoots {
  readonly domain: string;
  readonly checkedAt: number;
  readonly epochSeconds: number;
  readonly roots: readonly { readonly epoch: string; readonly root: string; readonly newestUntil: number }[];
}

interface Known {
  readonly epoch: bigint;
  readonly root: Uint8Array;
  /** Unix second at which it was last known to be the newest; 0 if it never was while someone looked. */
  newestUntil: number;
}

const MAX_ROOTS = 64;
/** Milliseconds for which one look answers all questions about unseen roots, so that made-up epochs can't make the edge flood the chain. */
const PAUSE_MS = 1_000;
const FAILED_PAUSE_MS = 250;

export function createRootBook(options: RootBookOptions): RootBook {
  const { clock, domain } = options;
  const known = new Map<bigint, Known>();
  // The calendar may jump while this runs; only what is kept over a restart depends on it.
  const origin = clock.wall() - clock.now() / 1000;
  const seconds = () => origin + clock.now() / 1000;
  let newest: Known | null = null;
  let checkedAt = Number.NEGATIVE_INFINITY;
  let epochSeconds = 86_400;
  let reading: Promise<boolean> | null = null;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let failure: unknown = null;

  function note(epoch: bigint, root: Uint8Array, newestUntil: number): Known {
    const old = known.get(epoch);
    const isSame = old !== undefined && bytesEqual(old.root, root);
    const entry = { epoch, root, newestUntil: isSame ? Math.max(old.newestUntil, newestUntil) : newestUntil };
    known.set(epoch, entry);
    return entry;
  }

  function take(view: FinalRoots, at: number): boolean {
    if (!bytesEqual(view.domain, domain)) throw fail("roots-foreign", {});
    // A node that lags confirms nothing about now.
    if (newest !== null && view.epoch < newest.epoch) return false;
    const before = newest;
    const last = view.earlier.reduce((most, { epoch }) => (epoch > most ? epoch : most), -1n);
    // The one before the newest was the newest until that became final.
    for (const { epoch, root } of view.earlier)
      if (epoch < view.epoch) note(epoch, root, epoch === last ? Math.min(view.finalAt, at) : 0);
    if (before !== null && before.epoch < view.epoch && known.get(before.epoch) === before)
      before.newestUntil = Math.max(
        before.newestUntil,
        before.epoch === last ? Math.min(view.finalAt, at) : 0,
      );
    newest = note(view.epoch, view.root, at);
    epochSeconds = view.epochSeconds;
    checkedAt = at;
    const spare = known.size - MAX_ROOTS;
    if (spare > 0) for (const epoch of [...known.keys()].sort(compare).slice(0, spare)) known.delete(epoch);
    if (before === null || before.epoch < view.epoch) options.onRoot?.(view.epoch);
    return true;
  }

  async function look(): Promise<boolean> {
    const controller = new AbortController();
    const cancel = clock.after(options.timeoutMs, () => controller.abort(new Error("no answer in time")));
    try {
      // From before the question: what it says was so at some moment after.
      const at = seconds();
      const isNews = take(await options.read(controller.signal), at);
      failure = isNews ? null : fail("roots-unreadable", { reason: "the RPC lags behind what was seen" });
      return isNews;
    } catch (error) {
      failure = error;
      return false;
    } finally {
      cancel();
      lookedAt = clock.now();
      reading = null;
    }
  }

  const refresh = (): Promise<boolean> => {
    // A chain that is gone is not asked anew by every question.
    if (reading === null && failure !== null && clock.now() - lookedAt < FAILED_PAUSE_MS)
      return Promise.resolve(false);
    reading ??= look();
    return reading;
  };

  return {
    wasAway: (seconds) => failure !== null && clock.now() - lookedAt < seconds * 1_000,
    newest: () => newest?.epoch ?? null,
    epochSeconds: () => epochSeconds,
    checkedAgo: () => seconds() - checkedAt,
    age(epoch) {
      const until = known.get(epoch)?.newestUntil ?? 0;
      return until === 0 ? Number.POSITIVE_INFINITY : Math.max(0, seconds() - until);
    },
    refresh,
    async rootOf(epoch) {
      const seen = known.get(epoch);
      if (seen !== undefined) return seen.root;
      const isTold =
        clock.now() - lookedAt < PAUSE_MS && reading === null ? failure === null : await refresh();
      const found = known.get(epoch);
      if (found !== undefined) return found.root;
      const context = { epoch: String(epoch), final: String(newest?.epoch ?? 0n) };
      if (!isTold) {
        if (newest !== null) throw fail("root-unconfirmed", { epoch: context.epoch }, failure);
        throw unreadable(failure);
      }
      throw fail(epoch > (newest?.epoch ?? 0n) ? "root-not-final" : "root-old", context);
    },
    failure: () => failure,
    save: () => ({
      domain: toBase64Url(domain),
      checkedAt,
      epochSeconds,
      roots: [...known.values()].map(({ epoch, root, newestUntil }) => ({
        epoch: String(epoch),
        root: toBase64Url(root),
        newestUntil,
      })),
    }),
    load(saved) {
      // Of another cluster, or from what the calendar now calls the future: no word about now.
      const isPast = (time: unknown) => typeof time === "number" && time <= seconds();
      if (saved.domain !== toBase64Url(domain) || !isPast(saved.checkedAt)) return;
      for (const { epoch, root, newestUntil } of saved.roots)
        if (isPast(newestUntil)) note(BigInt(epoch), fromBase64Url(root), newestUntil);
      epochSeconds = saved.epochSeconds;
      checkedAt = saved.checkedAt;
      for (const one of known.values()) if (newest === null || one.epoch > newest.epoch) newest = one;
    },
  };
}

/** The failure as one of this package. */
export function unreadable(cause: unknown): Error {
  if (cause instanceof Error && (cause as { code?: unknown }).code === "roots-foreign") return cause;
  const reason = cause instanceof Error ? cause.message.slice(0, 150) : "never asked";
  return fail("roots-unreadable", { reason }, cause);
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
