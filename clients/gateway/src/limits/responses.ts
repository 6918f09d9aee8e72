import { createBuckets } from "./buckets.ts";
import { hashWith } from "./prefix.ts";

/** What to do with an answer to somebody who may not be who they say. */
export type Verdict = "send" | "truncate" | "drop";

/**
 * Response rate limiting: equal answers to one network are held to a rate, since over UDP the sender's address may be the
 * victim's. Every `slip`-th limited answer is truncated instead of dropped, so that an honest client comes back over TCP.
 */
export interface ResponseLimit {
  /** `kind` tells answers apart: a hash of the question, or one number for all refusals. */
  judge(network: number, kind: number, now: number): Verdict;
  readonly bytes: number;
}

export function createResponseLimit(rate: number, slip: number): ResponseLimit {
  const buckets = createBuckets({ rate, burst: rate });
  let limited = 0;
  return {
    bytes: buckets.bytes,
    judge(network, kind, now) {
      if (buckets.take(hashWith(network, kind), now)) return "send";
      return slip > 0 && ++limited % slip === 0 ? "truncate" : "drop";
    },
  };
}
