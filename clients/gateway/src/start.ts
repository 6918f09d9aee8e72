import { randomInt } from "node:crypto";
import {
  type Cache,
  createCache,
  createRebindingGuard,
  createResolver,
  type Resolver,
  systemClock,
} from "@tolldns/dns";
import { createFollow, openRoutes, type Routes, systemRoutesClock, wordsOf } from "@tolldns/routes";
import { createBuckets } from "./limits/buckets.ts";
import { completeLimits } from "./limits/defaults.ts";
import { createFlights } from "./limits/flights.ts";
import { createResponseLimit } from "./limits/responses.ts";
import { createLog, type Log } from "./observe/log.ts";
import { createMetrics, type Metrics } from "./observe/metrics.ts";
import { type HealthCheck, serveMetrics } from "./observe/server.ts";
import type { GatewayOptions, RunningGateway, UpstreamOptions } from "./options.ts";
import { type RunningRecursor, startRecursor } from "./recursor/supervise.ts";
import { type Counters, createCounters } from "./serve/counters.ts";
import { createDiscovery } from "./serve/discovery.ts";
import { createHandler } from "./serve/handler.ts";
import { type OpenListeners, openListeners } from "./serve/listeners.ts";
import { createRoutes } from "./serve/routes.ts";
import { readStatus } from "./status.ts";
import { startToll, type TollService } from "./toll/service.ts";
import { type Backends, openBackends } from "./upstream/backends.ts";
import { chooseUpstreams } from "./upstream/build.ts";
import { createGuard } from "./upstream/guard.ts";

const DEFAULT_CACHE_BYTES = 64 * 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 4_000;
/** The cache is emptied because of a liar at most this often, milliseconds: whoever makes backends look like liars mustn't keep it cold. */
const FORGET_MS = 60_000;

/** Steps to take back, in reverse, when a later one fails or the gateway closes. */
type Undo = (() => unknown)[];

/**
 * Starts a gateway. With a toll it needs chain and store, which it doesn't close.
 *
 * @throws GatewayError `option-range`, `option-missing`, `no-upstreams`, `ledger-unreadable`, `ledger-foreign`,
 *   `acme-options`, `acme-port`, `recursor-missing`, `recursor-silent`; DnsError `listen-failed`, `certificate-invalid`
 * @example
 * const gateway = await startGateway({ listen: { udp: 0 }, upstreams: [{ kind: "udp", host: "192.0.2.1" }] });
 */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const undo: Undo = [];
  try {
    return await start(options, undo);
  } catch (error) {
    await unwind(undo);
    throw error;
  }
}

async function start(options: GatewayOptions, undo: Undo): Promise<RunningGateway> {
  const now = options.now ?? (() => Date.now() / 1000);
  const seconds = () => systemClock.now() / 1000;
  const log = createLog(options.log ?? {}, now);
  const limits = completeLimits(options.limits ?? {});
  const free = options.free ?? options.toll === undefined;
  const counters = createCounters();
  const startedAt = now();
  let metrics: Metrics | null = null;

  const recursor = options.recursor === undefined ? null : await startRecursor(options.recursor, log);
  if (recursor !== null) undo.push(recursor.close);
  const { backends, resolver, cache } = await openResolver(
    options,
    recursor,
    limits.maxInFlight,
    counters,
    log,
    undo,
    (s) => metrics?.observeMiss(s),
  );
  let toll: TollService | null = null;
  if (options.toll !== undefined) {
    toll = await startToll({
      toll: options.toll,
      limits,
      seat: options.seat ?? null,
      log,
      now,
      seconds,
      onVoucher: (voucher) => options.onVoucher?.(voucher),
      onPaid: (taken) => metrics?.observePayment(taken),
    });
    undo.push(toll.close);
  }

  let listeners: OpenListeners | null = null;
  const ports = () => ({
    dot: listeners?.addresses.dot?.port ?? 0,
    udp: listeners?.addresses.udp?.port ?? 0,
  });
  const discovery = createDiscovery({ toll, free, ports }, now);
  const routes = startRoutes(options, resolver, now, log, undo);
  const handler = createHandler({
    resolver,
    routes,
    counters,
    toll,
    free,
    discovery,
    clients: createBuckets({ rate: limits.clientRate, burst: limits.clientBurst }),
    unpaid: createBuckets({ rate: limits.freeRate, burst: limits.freeRate * 5 }),
    responses: createResponseLimit(limits.responseRate, limits.slip),
    flights: createFlights(limits.maxInFlightPerClient),
    now: seconds,
  });
  const opened = await openListeners({
    listen: options.listen,
    certificate: options.certificate,
    now,
    handler,
    route: createRoutes({ discovery, payments: toll?.payments ?? null, counters }),
    maxConnections: limits.maxConnections,
    log,
  });
  listeners = opened;
  undo.push(opened.close);

  let metricsAt = {};
  if (options.metrics !== undefined) {
    const chainAge = () => toll?.watch.age(now()) ?? null;
    const all = () => opened.all;
    metrics = createMetrics({ counters, cache, resolver, backends, toll, listeners: all, chainAge, routes });
    const server = await serveMetrics(
      options.metrics,
      metrics,
      healthOf(backends, toll, recursor, routes, now),
    );
    undo.push(server.close);
    metricsAt = { metrics: server.address };
  }
  log.info("started", { toll: toll !== null, free, upstreams: backends.upstreams().length });
  let closing: Promise<void> | undefined;
  return {
    addresses: { ...opened.addresses, ...metricsAt },
    ...(opened.authority === undefined ? {} : { authority: opened.authority }),
    status: () => readStatus({ startedAt, now, counters, cache, backends, toll, recursor, routes }),
    close() {
      closing ??= unwind(undo).then(() => log.info("ended"));
      return closing;
    },
  };
}

interface Resolving {
  readonly backends: Backends;
  readonly cache: Cache;
  readonly resolver: Resolver;
}

/** Backends, what chooses among them, and the cache in front. */
async function openResolver(
  options: GatewayOptions,
  recursor: RunningRecursor | null,
  maxInFlight: number,
  counters: Counters,
  log: Log,
  undo: Undo,
  onMiss: (seconds: number) => void,
): Promise<Resolving> {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const { udp, host } = options.listen;
  const self = udp === undefined ? null : { host: host ?? "127.0.0.1", port: udp };
  const upstreams: readonly UpstreamOptions[] =
    recursor === null
      ? await chooseUpstreams(options.upstreams, self)
      : [{ kind: "udp", host: "127.0.0.1", port: recursor.port }];
  const cache = createCache({ bytes: options.cacheBytes ?? DEFAULT_CACHE_BYTES });
  let forgotAt = Number.NEGATIVE_INFINITY;
  const backends = openBackends({
    ...options,
    upstreams,
    timeoutMs,
    clock: systemClock,
    wall: options.now ?? (() => Date.now() / 1000),
    random: () => randomInt(0x1_0000_0000) / 0x1_0000_0000,
    onLiar() {
      const at = systemClock.now();
      if (at - forgotAt < FORGET_MS) return;
      forgotAt = at;
      log.warn("answers-forgotten", { reason: "a backend was contradicted by others" });
      cache.clear();
    },
  });
  undo.push(backends.close);
  const ask = createGuard({
    ask: backends.ask,
    guard: (options.rebindingProtection ?? true) ? createRebindingGuard(options.privateNames) : null,
    maxInFlight,
    counters,
    clock: systemClock,
    log,
    onAsked: (ms) => onMiss(ms / 1000),
  });
  const { isDown } = backends;
  const resolver = createResolver({
    cache,
    ask,
    isDown,
    maxFlights: maxInFlight,
    maxWaiting: maxInFlight * 4,
  });
  undo.push(resolver.close);
  return { backends, cache, resolver };
}

/** `.dns`: evidence from feeds, held against the chain before it is answered. */
function startRoutes(
  options: GatewayOptions,
  resolver: Resolver,
  now: () => number,
  log: Log,
  undo: Undo,
): Routes | null {
  if (options.routes === undefined) return null;
  const opened = openRoutes(options.routes, {
    follow: createFollow(resolver.answer),
    guard: (options.rebindingProtection ?? true) ? createRebindingGuard(options.privateNames) : null,
    clock: { ...systemRoutesClock, wall: now },
    watches: true,
    onRefused: (from, error) => log.info("route-refused", { from, reason: wordsOf(error) }),
  });
  undo.push(opened.close);
  return opened.routes;
}

function healthOf(
  backends: Backends,
  toll: TollService | null,
  recursor: RunningRecursor | null,
  routes: Routes | null,
  now: () => number,
): HealthCheck {
  return () => {
    const reasons: string[] = [];
    if (backends.isDown()) reasons.push("no upstream answers");
    if (toll !== null && toll.watch.age(now()) > toll.maxChainAge) reasons.push("the chain does not answer");
    if (recursor !== null && recursor.state() !== "running") reasons.push("the recursor is down");
    const dns = routes?.status();
    if (dns?.chainTrouble != null) reasons.push("the chain does not say which .dns root is final");
    if (dns?.feeds.every((one) => !one.usable)) reasons.push("no feed of .dns routes answers");
    return { ok: reasons.length === 0, reasons, notes: notesOf(backends) };
  };
}

/** What is not as it should be though questions are answered. Upstreams by their place, so that no address leaves the machine. */
function notesOf(backends: Backends): string[] {
  const { tier } = backends.router();
  const notes = tier === 0 ? [] : [`on fallback: ${TIERS[tier]}`];
  for (const [place, { kind, standing, because }] of backends.upstreams().entries())
    if (standing !== "in") notes.push(`upstream ${place} (${kind}) is ${standing}: it ${because}`);
  return notes;
}

const TIERS = ["", "the upstream quorum", "centralised upstreams", "expired answers only"] as const;

/** Listeners end first, so that nothing is spent any more when sessions are recorded. */
async function unwind(undo: Undo): Promise<void> {
  for (const step of [...undo].reverse()) await step();
}
