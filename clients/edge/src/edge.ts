import { createCache } from "@tolldns/dns/cache/cache";
import { createResolver } from "@tolldns/dns/cache/resolver";
import { createRebindingGuard } from "@tolldns/dns/rebinding";
import { type Attention, createAttention } from "@tolldns/policy/attention";
import { toBase64Url } from "@tolldns/sdk";
import { addressOf, connectGateway } from "./addresses.ts";
import { type EdgeClock, systemEdgeClock } from "./clock.ts";
import { checkOptions } from "./complete.ts";
import { type ControlServer, startControl } from "./control/server.ts";
import { describeError, EdgeError } from "./errors.ts";
import { createFreeUpstreams } from "./free.ts";
import { createGateway, type Gateway } from "./gateways/gateway.ts";
import { listenAll } from "./listen.ts";
import type { EdgeOptions } from "./options.ts";
import { reportStatus } from "./report.ts";
import { type Asker, createAsker, newAskCounters } from "./resolve/asker.ts";
import { createWatch } from "./resolve/watch.ts";
import { startRoutes } from "./routes/start.ts";
import { startRouting } from "./routing.ts";
import { loadCache, saveCache } from "./state/cache-file.ts";
import { openState, type State } from "./state/open.ts";
import type { RunningEdge } from "./status.ts";
import { createRevoker } from "./stop.ts";
import { secretBytes } from "./wallet/open.ts";

/**
 * Starts the edge: listeners, cache, gateways and, with a wallet, payment.
 * @throws EdgeError option-invalid, key-file, journal-corrupt, journal-locked; DnsError listen-failed
 */
export async function startEdge(options: EdgeOptions): Promise<RunningEdge> {
  checkOptions(options);
  const clock = options.clock ?? systemEdgeClock;
  const state = await openState(options);
  const attention = createAttention(clock);
  /** Run in reverse at the end. */
  const closers: (() => Promise<void>)[] = [state.close, async () => attention.close()];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    return await assemble({ ...state, options, clock, attention, closers, close });
  } catch (error) {
    await close();
    throw error;
  }
}

interface Parts extends State {
  readonly options: EdgeOptions;
  readonly clock: EdgeClock;
  readonly attention: Attention;
  readonly closers: (() => Promise<void>)[];
}

async function assemble(parts: Parts): Promise<RunningEdge> {
  const { options, clock, attention, journal, book, wallet, closers } = parts;
  const gateways = makeGateways(parts);
  closers.push(async () => {
    await Promise.all(gateways.map((gateway) => gateway.close()));
  });
  const free =
    options.outOfMoney === "free"
      ? createFreeUpstreams(options.freeUpstreams ?? [], gateways, attention)
      : null;
  if (free !== null) closers.push(() => free.close());
  const counters = newAskCounters();
  const watch = createWatch(options.onAnswer, clock);
  const cache = createCache({ bytes: options.cacheBytes ?? 2 * 1024 * 1024 });
  await loadCache(cache, options.stateDir);
  const rebinding = options.rebinding ?? { protect: true };
  const guard = rebinding.protect ? createRebindingGuard(rebinding.allow) : null;
  const isBlocked = () => book.stopped() || wallet === null;
  let asker: Asker | null = null;
  const routing = await startRouting({
    options,
    clock,
    attention,
    gateways,
    free,
    isBlocked,
    onEject(member) {
      // What one said that others contradict may be in the cache.
      if (member.measured.cause === "disagrees") cache.clear();
      asker?.dropped();
    },
  });
  closers.push(routing.close);
  asker = createAsker({
    gateways,
    members: routing.members,
    board: routing.board,
    clock,
    attention,
    random: options.random ?? Math.random,
    hedge: options.hedge ?? true,
    crossCheck: options.crossCheck ?? 1 / 64,
    confirm: options.confirm ?? false,
    timeoutMs: options.timeoutMs ?? 5_000,
    blocked: () =>
      book.stopped() ? new EdgeError("stopped") : wallet === null ? new EdgeError("no-wallet") : null,
    free,
    guard,
    counters,
    onSource: watch.onSource,
  });
  // A refusal for want of money must not outlive its reason.
  const resolver = createResolver({ cache, failureSeconds: 1, ask: asker.ask });
  closers.push(async () => {
    resolver.close();
    await saveCache(cache, options.stateDir);
  });
  const ordinary = resolver.answer;
  const dns = await startRoutes({
    options,
    gateways: routing.gateways,
    journal,
    clock,
    guard,
    isBlocked,
    ordinary,
  });
  closers.push(dns.close);
  const listening = await listenAll(options, watch.handler(dns.answer), closers);
  const revoker = createRevoker(wallet);
  closers.push(() => revoker.end());
  const started = clock.now();

  let control: ControlServer | null = null;
  const edge: RunningEdge = {
    addresses: listening.addresses,
    encrypted: listening.encrypted,
    get control() {
      return control === null ? null : { url: control.url, tokenFile: control.tokenFile };
    },
    status: () =>
      reportStatus({
        book,
        gateways,
        cache,
        counters,
        routing,
        routes: dns.routes,
        balance: wallet?.balance() ?? null,
        owner: wallet?.owner ?? null,
        listening: listening.names,
        control: control?.url ?? null,
        usesFree: free !== null,
        uptimeSeconds: (clock.now() - started) / 1000,
      }),
    async refresh() {
      await wallet?.refresh();
    },
    async stopPayments() {
      // Stops in memory at once; should the disk fail, the keys are revoked all the same.
      const onDisk = book.stop();
      options.log?.({ level: "warn", event: "stopped" });
      const revoked = revoker.start();
      revoked.catch(() => {});
      await onDisk;
      return { revoked };
    },
    async resume() {
      await revoker.end();
      await book.resume();
      options.log?.({ level: "warn", event: "resumed" });
    },
    close: parts.close,
  };
  if (options.control !== false) {
    const listen = options.control ?? { host: "127.0.0.1", port: 0 };
    control = await startControl(edge, listen, options.stateDir, toBase64Url(secretBytes(32)));
    const { close } = control;
    closers.push(close);
  }
  wallet?.refresh().catch((error: unknown) => {
    options.log?.({ level: "warn", event: "chain", detail: describeError(error) });
  });
  for (const gateway of gateways) void gateway.warm();
  if (book.stopped()) revoker.start().catch(() => {});
  return edge;
}

function makeGateways({ options, clock, attention, journal, book, wallet }: Parts): Gateway[] {
  return options.gateways.map((source) =>
    createGateway({
      source,
      clock,
      attention,
      book,
      lanes: wallet === null ? null : (discovery) => wallet.supply(source.url, discovery),
      checkDeployment: async (found) => wallet?.checkDeployment(found),
      addressOf: () => addressOf(source, journal),
      connect: (address, found) => connectGateway(source, address, found, attention),
      randomBytes: secretBytes,
      random: options.random ?? Math.random,
      onEvent: (event, detail) => options.log?.({ level: "info", event, detail, gateway: source.url }),
    }),
  );
}
