import type { Cache, Listener, Resolver } from "@tolldns/dns";
import type { Routes } from "@tolldns/routes";
import { TOLL_ERRORS } from "@tolldns/sdk";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { UpstreamStatus } from "../options.ts";
import type { Counters } from "../serve/counters.ts";
import type { Booth } from "../toll/booth.ts";
import type { Terms } from "../toll/terms.ts";
import type { Backends } from "../upstream/backends.ts";

export interface MetricsSources {
  readonly counters: Counters;
  readonly cache: Cache;
  readonly resolver: Resolver;
  readonly backends: Backends;
  readonly toll: { readonly booth: Booth; readonly terms: Terms } | null;
  readonly listeners: () => readonly { readonly name: string; readonly listener: Listener }[];
  readonly chainAge: () => number | null;
  /** `.dns`; null where no feed is configured. */
  readonly routes: Routes | null;
}

/** What the gateway tells Prometheus: counts and buckets, never a name, an address or a lane. */
export interface Metrics {
  /** Text exposition format. */
  read(): Promise<string>;
  readonly contentType: string;
  /** Seconds a question took upstream. */
  observeMiss(seconds: number): void;
  /** Seconds until an opening or a voucher was answered. */
  observePayment(seconds: number): void;
}

/** As the policy program numbers states. */
const POLICY_NUMBER: Readonly<Record<string, number>> = {
  HEALTHY: 1,
  DEGRADED: 2,
  DISABLED: 3,
  RECOVERING: 4,
};
const SECONDS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3];

/** Counts are plain numbers on the hot path and read here when somebody scrapes. */
export function createMetrics(sources: MetricsSources): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: "tolldns_" });
  const { counters, cache, resolver, backends, toll } = sources;

  /** A counter whose values are read at scrape. */
  const counted = (
    name: string,
    help: string,
    label: string | null,
    read: () => Iterable<[string, number]>,
  ) =>
    new Counter({
      name: `tolldns_${name}`,
      help,
      registers,
      labelNames: label === null ? [] : [label],
      collect() {
        this.reset();
        for (const [value, count] of read()) {
          if (label === null) this.inc(count);
          else this.inc({ [label]: value }, count);
        }
      },
    });
  const gauged = (name: string, help: string, label: string | null, read: () => Iterable<[string, number]>) =>
    new Gauge({
      name: `tolldns_${name}`,
      help,
      registers,
      labelNames: label === null ? [] : [label],
      collect() {
        this.reset();
        for (const [value, count] of read()) {
          if (label === null) this.set(count);
          else this.set({ [label]: value }, count);
        }
      },
    });
  const one = (read: () => number) => (): [string, number][] => [["", read()]];

  counted("queries_total", "Queries by transport.", "transport", () => [
    ["udp", counters.udp],
    ["tcp", counters.tcp],
    ["dot", counters.dot],
    ["doh", counters.doh],
  ]);
  counted("answers_total", "Answers by where they came from.", "from", () => [
    ["cache", counters.hits],
    ["upstream", counters.misses],
  ]);
  counted("refusals_total", "Refusals by toll error.", "error", () =>
    TOLL_ERRORS.map((entry) => [entry.slug, counters.refusals[entry.number] ?? 0]),
  );
  counted("limited_total", "Answers held back by limits.", "how", () => [
    ["truncated", counters.truncated],
    ["dropped", counters.dropped],
    ["busy", counters.busy],
    ["rebinding", counters.rebinding],
  ]);
  counted("served_total", "Queries served by how they were paid.", "by", () => [
    ["tick", counters.paid],
    ["free", counters.unpaid],
  ]);
  const { routes } = sources;
  if (routes !== null) {
    counted("routes_total", "Questions about .dns, and evidence not taken.", "what", () => {
      const { answered, failed, refused, lies } = routes.status();
      return Object.entries({ answered, failed, refused, lies });
    });
    gauged("routes_chain_age_seconds", "Seconds since the chain told which root is final.", null, () => {
      const { checkedAgo } = routes.status();
      return checkedAgo === null ? [] : [["", checkedAgo]];
    });
    gauged("routes_epoch", "The newest final epoch known.", null, () => {
      const { epoch } = routes.status();
      return epoch === null ? [] : [["", Number(epoch)]];
    });
  }
  const cached = () => cache.stats();
  gauged(
    "cache_entries",
    "Answers held.",
    null,
    one(() => cached().entries),
  );
  gauged(
    "cache_bytes",
    "Bytes the cache may use.",
    null,
    one(() => cached().bytes),
  );
  counted(
    "cache_evictions_total",
    "Answers that made room.",
    null,
    one(() => cached().evictions),
  );
  counted(
    "cache_stale_total",
    "Expired answers served.",
    null,
    one(() => cached().staleHits),
  );
  gauged(
    "questions_under_way",
    "Questions being asked upstream.",
    null,
    one(() => resolver.stats().flights),
  );
  gauged(
    "clients_waiting",
    "Clients waiting for one of them.",
    null,
    one(() => resolver.stats().waiting),
  );
  const upstreams = (read: (status: UpstreamStatus) => number) => () =>
    // By place in the configuration, so that no address leaves the machine.
    backends.upstreams().map((status, i): [string, number] => [`${i} ${status.kind}`, read(status)]);
  gauged(
    "upstream_healthy",
    "1 while it isn't resting.",
    "upstream",
    upstreams((s) => Number(s.healthy)),
  );
  gauged(
    "upstream_latency_seconds",
    "Smoothed time of an answer.",
    "upstream",
    upstreams((s) => s.latencyMs / 1000),
  );
  counted(
    "upstream_asked_total",
    "Questions asked.",
    "upstream",
    upstreams((s) => s.asked),
  );
  counted(
    "upstream_failed_total",
    "Questions not answered.",
    "upstream",
    upstreams((s) => s.failed),
  );
  gauged(
    "upstream_share",
    "Share of questions it may take on own measurements: 0 while ejected, rising while it comes back.",
    "upstream",
    upstreams((s) => s.shareBps / 10_000),
  );
  gauged(
    "upstream_policy",
    "State on chain: 1 healthy, 2 degraded, 3 disabled, 4 recovering, 0 unknown.",
    "upstream",
    upstreams((s) => (s.policy === null ? 0 : (POLICY_NUMBER[s.policy.state] ?? 0))),
  );
  gauged(
    "router_tier",
    "Who is asked: 0 backends, 1 upstream quorum, 2 centralised upstreams, 3 nobody.",
    null,
    one(() => backends.router().tier),
  );
  counted("router_total", "What the router did.", "what", () => {
    const { switches, fallbacks, ejections, returns, hedged, confirmed, disputes, trials } =
      backends.router();
    return Object.entries({ switches, fallbacks, ejections, returns, hedged, confirmed, disputes, trials });
  });
  const listening = (read: (stats: ReturnType<Listener["stats"]>) => number) => () =>
    sources.listeners().map(({ name, listener }): [string, number] => [name, read(listener.stats())]);
  gauged(
    "connections",
    "Open connections.",
    "listener",
    listening((s) => s.connections),
  );
  counted(
    "malformed_total",
    "Messages that were no query.",
    "listener",
    listening((s) => s.malformed),
  );
  counted(
    "listener_dropped_total",
    "Queries and connections let go.",
    "listener",
    listening((s) => s.dropped),
  );
  counted(
    "evicted_total",
    "Connections ended for being idle or slow.",
    "listener",
    listening((s) => s.evicted),
  );

  if (toll !== null) {
    const { booth, terms } = toll;
    const price = Number(terms.tickPrice);
    counted(
      "toll_units_total",
      "Units revealed by ticks.",
      null,
      one(() => booth.counters.units),
    );
    counted(
      "tolls_micro_iu_total",
      "What they are worth.",
      null,
      one(() => booth.counters.units * price),
    );
    counted(
      "retransmissions_total",
      "Paid queries answered again.",
      null,
      one(() => booth.counters.again),
    );
    counted(
      "vouchers_total",
      "Vouchers that raised a lane.",
      null,
      one(() => booth.counters.vouchers),
    );
    counted(
      "promised_micro_iu_total",
      "By how much.",
      null,
      one(() => Number(booth.counters.promised)),
    );
    counted(
      "sessions_opened_total",
      "Sessions opened.",
      null,
      one(() => booth.counters.openings),
    );
    gauged(
      "sessions",
      "Sessions held.",
      null,
      one(() => booth.table.byLane.size),
    );
    gauged("chain_age_seconds", "Since the chain last answered.", null, () => {
      const age = sources.chainAge();
      return age === null ? [] : [["", age]];
    });
  }
  const miss = new Histogram({
    name: "tolldns_upstream_seconds",
    help: "Time of a question upstream.",
    registers,
    buckets: SECONDS,
  });
  const payment = new Histogram({
    name: "tolldns_payment_seconds",
    help: "Time until an opening or a voucher was answered.",
    registers,
    buckets: SECONDS,
  });
  return {
    read: () => registry.metrics(),
    contentType: registry.contentType,
    observeMiss: (seconds) => miss.observe(seconds),
    observePayment: (seconds) => payment.observe(seconds),
  };
}
