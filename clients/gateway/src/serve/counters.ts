import { TOLL_ERRORS } from "@tolldns/sdk";

/** What the hot path counts: plain numbers, read when somebody asks. */
export interface Counters {
  queries: number;
  udp: number;
  tcp: number;
  dot: number;
  doh: number;
  /** Answered at once, from the cache. */
  hits: number;
  misses: number;
  paid: number;
  unpaid: number;
  /** By number of the toll error. */
  readonly refusals: Uint32Array;
  /** UDP answers cut short or left out by response rate limiting. */
  truncated: number;
  dropped: number;
  /** Answers refused since they pointed at private addresses. */
  rebinding: number;
  /** Questions not asked upstream, since too many of their client or zone were under way. */
  busy: number;
}

export function createCounters(): Counters {
  return {
    queries: 0,
    udp: 0,
    tcp: 0,
    dot: 0,
    doh: 0,
    hits: 0,
    misses: 0,
    paid: 0,
    unpaid: 0,
    refusals: new Uint32Array(TOLL_ERRORS.length + 1),
    truncated: 0,
    dropped: 0,
    rebinding: 0,
    busy: 0,
  };
}
