import { isTollError } from "@tolldns/sdk";
import type { RoutesClock } from "./clock.ts";
import { fail, isAboutRoots, isRefused } from "./errors.ts";
import { judgeEvidence, type Verified } from "./judge.ts";
import type { RootBook } from "./roots.ts";
import type { AskedName, EvidenceSource } from "./source.ts";

export interface GatherOptions {
  readonly domain: Uint8Array;
  readonly book: RootBook;
  readonly clock: RoutesClock;
  /** Seconds a root may have been replaced for, where nobody has evidence under the newest. */
  readonly graceSeconds: number;
  /** Milliseconds for a whole name. */
  readonly timeoutMs: number;
  /** Told whenever something was refused: who sent it and why. */
  readonly onRefused: (from: string, error: unknown) => void;
}

/** Most sources asked for one name. */
const MAX_SOURCES = 8;

/**
 * Asks one source after the other, the next as soon as one fails, lies or is slow, until one has evidence under the newest final
 * root. Evidence under the one before is taken if nobody has newer and the change is only just past.
 * @throws what says most of why there is none: a refusal before a failure
 */
export function gatherEvidence(
  options: GatherOptions,
  name: AskedName,
  sources: readonly EvidenceSource[],
  before: Verified | null,
): Promise<Verified> {
  const { book, clock } = options;
  const order = sources.slice(0, MAX_SOURCES);
  return new Promise((resolve, reject) => {
    const controller = new AbortController();
    let next = 0;
    let running = 0;
    let over = false;
    let behind: Verified | null = null;
    let told: unknown = null;
    const weight = (error: unknown) => (isRefused(error) ? 2 : isAboutRoots(error) ? 1 : 0);
    let stopPatience: (() => void) | null = null;
    const stopTimeout = clock.after(options.timeoutMs, () => finish());

    function finish(found: Verified | null = behind): void {
      if (over) return;
      over = true;
      stopTimeout();
      stopPatience?.();
      if (found !== null) resolve(found);
      else if (isRefused(told) || isAboutRoots(told)) reject(told);
      else reject(fail("routes-unreachable", { asked: next }, told ?? undefined));
      controller.abort(new Error("another source was faster"));
    }

    async function attempt(source: EvidenceSource): Promise<void> {
      const { signal } = controller;
      try {
        const found = await take(source, await source.ask(name, { signal }), signal);
        if (over) return;
        if (found.epoch >= (book.newest() ?? 0n)) return finish(found);
        if (book.age(found.epoch) > options.graceSeconds)
          throw fail("root-old", { epoch: String(found.epoch), final: String(book.newest()) });
        if (behind === null || behind.epoch < found.epoch) behind = found;
      } catch (error) {
        if (over) return;
        if (isRefused(error)) {
          source.refused(error);
          options.onRefused(source.label, error);
        }
        if (told === null || weight(error) > weight(told)) told = error;
      }
      running--;
      start();
    }

    async function take(source: EvidenceSource, bytes: Uint8Array, signal: AbortSignal): Promise<Verified> {
      const judge = (given: Uint8Array) => judgeEvidence(given, name.wire, book, options.domain, before);
      try {
        return await judge(bytes);
      } catch (error) {
        const newest = book.newest();
        // A feed may know of a final root before the RPC does, or while that is away: what stood before it will do until then.
        const isAhead = isTollError(error, "root-not-final") || isTollError(error, "root-unconfirmed");
        if (!isAhead || !source.hasEpochs || newest === null) throw error;
        return judge(await source.ask(name, { signal, epoch: newest }));
      }
    }

    function start(): void {
      if (over) return;
      stopPatience?.();
      const source = order[next];
      if (source === undefined) {
        if (running === 0) finish();
        return;
      }
      next++;
      running++;
      stopPatience = next < order.length ? clock.after(source.patienceMs(), start) : null;
      void attempt(source);
    }
    start();
  });
}
