import type { ChainTrust } from "@tolldns/sdk/policy";

/** Final roots that a proof may be under now, newest first. */
export type AcceptableRoots = (signal: AbortSignal) => Promise<readonly ChainTrust[]>;

/** Seconds a root still counts after a newer one became final: feeds and gateways hear of it in that time. */
const GRACE_SECONDS = 60;
/** Seconds between two questions to the chain. */
const ASK_SECONDS = 1;

/**
 * Of the final roots that the chain tells, those an honest gateway may still answer under: the newest, and the one before for as long as news travel. Rejects as `read` does.
 * @param read all final roots, newest first
 * @param now Unix seconds
 */
export function createAcceptableRoots(
  read: (signal: AbortSignal) => Promise<readonly ChainTrust[]>,
  now: () => number,
): AcceptableRoots {
  let roots: readonly ChainTrust[] = [];
  let readAt = Number.NEGATIVE_INFINITY;
  let newest: bigint | undefined;
  let newestSince = Number.NEGATIVE_INFINITY;
  return async (signal) => {
    if (now() - readAt >= ASK_SECONDS) {
      roots = await read(signal);
      readAt = now();
      const epoch = roots[0]?.epoch;
      if (epoch !== newest) {
        newest = epoch;
        newestSince = now();
      }
    }
    // The one before counts from the first look on: nobody knows how long it has been replaced for.
    return now() - newestSince < GRACE_SECONDS ? roots.slice(0, 2) : roots.slice(0, 1);
  };
}
