import { randomBytes } from "node:crypto";
import { createCache, createResolver, createUpstream, systemClock } from "@tolldns/dns";
import { type ChainWatch, watchLedger } from "./chain/watch.ts";
import { createBuckets } from "./limits/buckets.ts";
import { completeLimits } from "./limits/defaults.ts";
import { createFlights } from "./limits/flights.ts";
import { createRebindingGuard } from "./limits/rebinding.ts";
import { createResponseLimit } from "./limits/responses.ts";
import { createLog, reasonOf } from "./observe/log.ts";
import { createMetrics, type Metrics } from "./observe/metrics.ts";
import { type MetricsServer, serveMetrics } from "./observe/server.ts";
import type { GatewayOptions, GatewayStatus, RunningGateway } from "./options.ts";
import { type RunningRecursor, startRecursor } from "./recursor/supervise.ts";
import { createCounters } from "./serve/counters.ts";
import { createDiscovery } from "./serve/discovery.ts";
import { createHandler } from "./serve/handler.ts";
import { type OpenListeners, openListeners } from "./serve/listeners.ts";
import { createPayments } from "./serve/payments.ts";
import { createRoutes } from "./serve/routes.ts";
import { type Booth, createBooth } from "./toll/booth.ts";
import { createFingerprintKey } from "./toll/fingerprint.ts";
import { completeTerms } from "./toll/terms.ts";
import { buildUpstreams } from "./upstream/build.ts";
import { createPool } from "./upstream/pool.ts";
import { createQuorum } from "./upstream/quorum.ts";
import { createRouter } from "./upstream/router.ts";

const DEFAULT_CACHE_BYTES = 64 * 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 4_000;
const SWEEP_MS = 60_000;

/**
 * Starts a gateway. With a toll it needs chain and store, which it doesn't close.
 *
 * @throws GatewayError `option-range`, `option-missing`, `no-upstreams`, `ledger-unreadable`, `ledger-foreign`,
 *   `recursor-missing`, `recursor-silent`; DnsError `listen-failed`, `certificate-invalid`
 * @example
 * const gateway = await startGateway({ listen: { udp: 0 }, upstreams: [{ kind: "udp", host: "192.0.2.1" }] });
 */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const now = options.now ?? (() => Date.now() / 1000);
  const seconds = () => systemClock.now() / 1000;
  const log = createLog(options.log ?? {}, now);
  const limits = completeLimits(options.limits ?? {});
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const free = options.free ?? options.toll === undefined;
  const terms = options.toll === undefined ? null : completeTerms(options.toll.terms);
  const counters = createCounters();
  const startedAt = now();
  /** Undone in reverse when a later step fails, and on close. */
  const undo: (() => unknown)[] = [];

  try {
    let recursor: RunningRecursor | null = null;
    if (options.recursor !== undefined) {
      recursor = await startRecursor(options.recursor, log);
      undo.push(recursor.close);
    }
    const upstreams =
      recursor === null
        ? await buildUpstreams(options.upstreams, selfOf(options), timeoutMs)
        : [createUpstream({ protocol: "udp", address: "127.0.0.1", port: recursor.port, timeoutMs })];
    const pool = createPool({ upstreams, clock: systemClock, timeoutMs });
    undo.push(pool.close);

    let metrics: Metrics | null = null;
    const router = createRouter({
      ask:
        options.quorum === undefined
          ? pool.ask
          : createQuorum({ pool, clock: systemClock, timeoutMs, ...options.quorum }),
      guard: (options.rebindingProtection ?? true) ? createRebindingGuard(options.privateNames) : null,
      maxInFlight: limits.maxInFlight,
      counters,
      clock: systemClock,
      onAsked: (ms) => metrics?.observeMiss(ms / 1000),
    });
    const cache = createCache({ bytes: options.cacheBytes ?? DEFAULT_CACHE_BYTES });
    const resolver = createResolver({
      cache,
      ask: router,
      maxFlights: limits.maxInFlight,
      maxWaiting: limits.maxInFlight * 4,
    });
    undo.push(resolver.close);

    let booth: Booth | null = null;
    let watch: ChainWatch | null = null;
    if (options.toll !== undefined && terms !== null) {
      const { toll } = options;
      watch = await watchLedger({
        chain: toll.chain,
        ledger: toll.ledger,
        escrow: toll.escrow,
        genesis: toll.genesis,
        commitment: toll.commitment ?? "confirmed",
        pollSeconds: toll.pollSeconds ?? 10,
        now,
        every: systemClock.every,
        onChange: (lanes) => booth?.lanesChanged(lanes),
        onError: (error) => log.warn("chain-unreadable", { reason: reasonOf(error) }),
      });
      undo.push(watch.close);
      booth = createBooth({
        ledger: toll.ledger,
        terms,
        store: toll.store,
        lanes: watch,
        now,
        fingerprintKey: createFingerprintKey(randomBytes(8)),
        maxSessions: limits.maxSessions,
        laneRate: limits.laneRate,
        laneBurst: limits.laneBurst,
        maxChainAge: toll.maxChainAge ?? 120,
        maxServeAge: toll.maxServeAge ?? 900,
        onVoucher: (voucher) => options.onVoucher?.(voucher),
        onStoreError: (error) => log.error("store-failed", { reason: reasonOf(error) }),
      });
      undo.push(
        booth.close,
        systemClock.every(SWEEP_MS, () => void booth?.sweep()),
      );
    }

    const checks = createBuckets({ rate: limits.paymentRate, burst: limits.paymentRate * 5, size: 16_384 });
    const payments =
      booth === null
        ? null
        : createPayments(booth, checks, seconds, (taken) => metrics?.observePayment(taken));
    let listeners: OpenListeners | null = null;
    const discovery = createDiscovery(
      {
        toll:
          options.toll === undefined || terms === null || watch === null
            ? null
            : { options: options.toll, terms, header: watch.header },
        free,
        ports: () => ({
          dot: listeners?.addresses.dot?.port ?? 0,
          udp: listeners?.addresses.udp?.port ?? 0,
        }),
      },
      now,
    );
    const handler = createHandler({
      resolver,
      counters,
      toll: booth === null || terms === null || payments === null ? null : { booth, terms, payments },
      free,
      discovery,
      clients: createBuckets({ rate: limits.clientRate, burst: limits.clientBurst }),
      unpaid: createBuckets({ rate: limits.freeRate, burst: limits.freeRate * 5 }),
      responses: createResponseLimit(limits.responseRate, limits.slip),
      flights: createFlights(limits.maxInFlightPerClient),
      now: seconds,
    });
    listeners = await openListeners({
      listen: options.listen,
      certificate: options.certificate,
      handler,
      route: createRoutes({ discovery, payments, counters }),
      maxConnections: limits.maxConnections,
      log,
    });
    undo.push(listeners.close);
    const opened = listeners;

    const chainAge = () => watch?.age(now()) ?? null;
    let server: MetricsServer | null = null;
    if (options.metrics !== undefined) {
      metrics = createMetrics({
        counters,
        cache,
        resolver,
        pool,
        booth,
        terms,
        listeners: () => opened.all,
        chainAge,
      });
      server = await serveMetrics(options.metrics, metrics, () => {
        const reasons: string[] = [];
        if (pool.status().every((one) => !one.healthy)) reasons.push("no upstream answers");
        if ((chainAge() ?? 0) > (options.toll?.maxChainAge ?? 120)) reasons.push("the chain does not answer");
        if (recursor !== null && recursor.state() !== "running") reasons.push("the recursor is down");
        return { ok: reasons.length === 0, reasons };
      });
      undo.push(server.close);
    }

    const status = (): GatewayStatus => {
      const cached = cache.stats();
      return {
        startedAt,
        queries: counters.queries,
        hits: counters.hits,
        misses: counters.misses,
        paid: counters.paid,
        unpaid: counters.unpaid,
        refused: counters.refusals.reduce((sum, count) => sum + count, 0),
        tolls: BigInt(booth?.counters.units ?? 0) * (terms?.tickPrice ?? 0n),
        vouchers: booth?.counters.vouchers ?? 0,
        promised: booth?.counters.promised ?? 0n,
        sessions: booth?.table.byLane.size ?? 0,
        cacheEntries: cached.entries,
        cacheBytes: cached.bytes,
        upstreams: pool.status(),
        chain:
          watch === null
            ? null
            : { slot: watch.slot(), ageSeconds: watch.age(now()), lanes: watch.header().openLanes },
        recursor: recursor?.state() ?? null,
      };
    };
    log.info("started", { toll: booth !== null, free, upstreams: pool.members.length });
    let closing: Promise<void> | undefined;
    return {
      addresses: { ...opened.addresses, ...(server === null ? {} : { metrics: server.address }) },
      ...(opened.authority === undefined ? {} : { authority: opened.authority }),
      status,
      close() {
        closing ??= unwind(undo).then(() => log.info("ended"));
        return closing;
      },
    };
  } catch (error) {
    await unwind(undo);
    throw error;
  }
}

/** Listeners end first, so that nothing is spent any more when sessions are recorded. */
async function unwind(undo: readonly (() => unknown)[]): Promise<void> {
  for (const step of [...undo].reverse()) await step();
}

function selfOf(options: GatewayOptions): { host: string; port: number } | null {
  const { udp, host } = options.listen;
  return udp === undefined ? null : { host: host ?? "127.0.0.1", port: udp };
}
