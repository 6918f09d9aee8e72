import type { Cache } from "@tolldns/dns";
import type { Routes } from "@tolldns/routes";
import type { GatewayStatus } from "./options.ts";
import type { RunningRecursor } from "./recursor/supervise.ts";
import type { Counters } from "./serve/counters.ts";
import type { TollService } from "./toll/service.ts";
import type { Backends } from "./upstream/backends.ts";

export interface StatusSources {
  readonly startedAt: number;
  readonly now: () => number;
  readonly counters: Counters;
  readonly cache: Cache;
  readonly backends: Backends;
  readonly toll: TollService | null;
  readonly recursor: RunningRecursor | null;
  readonly routes: Routes | null;
}

/** How the gateway does, for people and dashboards. */
export function readStatus(sources: StatusSources): GatewayStatus {
  const { counters, toll, cache, backends, recursor } = sources;
  const cached = cache.stats();
  const taken = toll?.booth.counters;
  return {
    startedAt: sources.startedAt,
    queries: counters.queries,
    hits: counters.hits,
    misses: counters.misses,
    paid: counters.paid,
    unpaid: counters.unpaid,
    refused: counters.refusals.reduce((sum, count) => sum + count, 0),
    tolls: BigInt(taken?.units ?? 0) * (toll?.terms.tickPrice ?? 0n),
    vouchers: taken?.vouchers ?? 0,
    promised: taken?.promised ?? 0n,
    sessions: toll?.booth.table.byLane.size ?? 0,
    cacheEntries: cached.entries,
    cacheBytes: cached.bytes,
    upstreams: backends.upstreams(),
    router: backends.router(),
    chain:
      toll === null
        ? null
        : {
            slot: toll.watch.slot(),
            ageSeconds: toll.watch.age(sources.now()),
            lanes: toll.watch.header().openLanes,
          },
    recursor: recursor?.state() ?? null,
    routes: sources.routes?.status() ?? null,
  };
}
