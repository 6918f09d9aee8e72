import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Chain } from "@tolldns/chain";
import type { RunningEdge } from "@tolldns/edge";
import type { RunningGateway } from "@tolldns/gateway";
import type { RunningKeeper } from "@tolldns/keepers";
import { formatAddress } from "@tolldns/sdk";
import type { Store } from "@tolldns/store";
import type { RunningDashboard, Snapshot } from "@tolldns/web";
import type { TABLE, Values } from "../config/table.ts";
import { findNames } from "../names/program.ts";
import { type EdgeSettings, limitsOf } from "../roles/edge.ts";
import { createStack, type Stack } from "../roles/lifetime.ts";
import { ensureDataDir, lockDataDir, removeRunning, writeRunning } from "../state.ts";
import { findEscrow } from "../wallet/account.ts";
import { createRpc } from "../wallet/rpc.ts";
import { readDashboardKey } from "./dashboard-key.ts";
import type { RunningHello } from "./hello.ts";
import { openLog, type UpLog } from "./log.ts";
import { ensureDemoWallet, ensureKeeper, ensureOperator } from "./money.ts";
import { findNetwork, type Network } from "./network.ts";
import type { RunningPolicy } from "./policy.ts";
import { choosePorts, explainTaken, type PortChoice, type PortWish } from "./ports.ts";
import { deployPrograms } from "./programs.ts";
import { createRecent } from "./recent.ts";
import type { RunningRoutes } from "./routes.ts";
import { createSnapshots } from "./snapshot.ts";
import { VERIFIERS } from "./verifiers.ts";
import { WITNESSES } from "./witnesses.ts";

export interface UpOptions {
  readonly data: string;
  readonly keyFile: string;
  readonly up: Values<typeof TABLE.up>;
  /** Limits of the edge, from its own section. */
  readonly edge: EdgeSettings;
  /** Settings of `up` that the user gave a value, so that a taken port is an error. */
  readonly given: ReadonlySet<string>;
  readonly onProgress: (text: string) => void;
}

/** Everything that runs, for the screen, the counters and tests. */
export interface RunningUp {
  readonly chain: Chain;
  readonly gateway: RunningGateway;
  readonly keeper: RunningKeeper;
  readonly edge: RunningEdge;
  readonly dashboard: RunningDashboard;
  readonly store: Store;
  readonly network: Network;
  readonly ports: PortChoice;
  /** File of the authority that DoH and DoT are signed by. */
  readonly ca: string;
  readonly wallet: string;
  readonly log: string;
  /** The demo name, on its way to being final; null where no feed runs. */
  readonly hello: RunningHello | null;
  /** Witnesses and the quorum keeper of `.dns`. */
  readonly routes: RunningRoutes;
  /** Feeds of `.dns` routes that run here. */
  readonly feeds: readonly string[];
  /** Verifiers of gateway and backends, on their way. */
  readonly policy: RunningPolicy;
  snapshot(): Snapshot;
  close(): Promise<void>;
}

const HOST = "127.0.0.1";

/** Starts everything on loopback, in order of need. What was started is ended again when a later part fails. */
export async function startUp(options: UpOptions): Promise<RunningUp> {
  const { data } = options;
  ensureDataDir(data);
  const unlock = lockDataDir(data);
  const stack = createStack();
  stack.add("lock", { close: unlock });
  let choice: PortChoice | undefined;
  try {
    choice = stack.add("ports", await choosePorts(data, portWishes(options)));
    return await startAll(options, choice, stack);
  } catch (error) {
    await stack.close().catch(() => {});
    throw choice === undefined ? error : explainTaken(error, choice);
  }
}

async function startAll(options: UpOptions, choice: PortChoice, stack: Stack): Promise<RunningUp> {
  const { data, up, onProgress } = options;
  const log = stack.add("log", openLog(data));
  const { ports } = choice;

  onProgress("Starting the chain");
  const [chain, network, { openConnection }] = await Promise.all([
    startEmbeddedChain(data, ports.rpc ?? 0, log, stack),
    findNetwork(up.network, up.upstreams, stack, undefined, fixturePorts(ports)),
    import("../roles/connection.ts"),
  ]);
  const deployed = await deployPrograms(chain.rpcUrl, data, (text) =>
    onProgress(`Deploying the programs: ${text}`),
  );

  onProgress("Opening wallet, ledger and keeper");
  const rpc = createRpc(chain.rpcUrl);
  const escrow = await findEscrow(rpc, undefined);
  const [wallet, ledger, feePayer] = await Promise.all([
    ensureDemoWallet(rpc, escrow, data, options.keyFile),
    ensureOperator(rpc, escrow, join(data, "operator.json")),
    ensureKeeper(rpc, join(data, "keeper.json")),
  ]);

  const { openStore } = await import("@tolldns/store");
  const store = stack.add("store", await openStore({ kind: "sqlite", path: join(data, "store.sqlite") }));
  const { connection } = stack.add("connection", openConnection(chain.rpcUrl, chain.wsUrl));
  onProgress("Starting witnesses");
  const { startRoutes } = await import("./routes.ts");
  const routes = await startRoutes(
    {
      rpc,
      connection,
      genesis: deployed.genesisHash,
      data,
      store,
      feePayer,
      ports: witnessPorts(ports),
      log,
    },
    stack,
  );

  onProgress("Starting gateway, keeper and edge");
  const { openRouting } = await import("./routing.ts");
  const routing = await openRouting(
    { data, connection, genesis: deployed.genesisHash, network, gatewayPort: ports["gateway DoH"] ?? 0 },
    log,
    stack,
  );
  const { startGateway } = await import("@tolldns/gateway");
  const gateway = stack.add(
    "gateway",
    await startGateway({
      listen: {
        host: HOST,
        udp: ports["gateway DNS"] ?? 0,
        tcp: ports["gateway DNS"] ?? 0,
        dot: ports["gateway DoT"] ?? 0,
        doh: ports["gateway DoH"] ?? 0,
      },
      certificate: {
        kind: "development",
        folder: join(data, "certificates", "gateway"),
        names: ["localhost", HOST],
      },
      toll: {
        chain: connection,
        store,
        ledger: ledger.address,
        escrow: escrow.deployment.escrow,
        genesis: escrow.deployment.genesisHash,
        // Vouchers after a few seconds, so that the money is seen to move.
        terms: { tickPrice: 20n, t: 10 },
      },
      upstreams: network.upstreams,
      ...routing.gateway,
      privateNames: network.privateNames,
      routes: routes.settings,
      log: { write: (line) => log.line(line) },
    }),
  );
  const keeper = stack.add("keeper", await startKeeper());
  const { feeds } = routes;
  const recent = createRecent();
  let vouchers = 0;
  const edge = stack.add("edge", await startEdgeFor());
  const ca = join(data, "ca.pem");
  writeFileSync(ca, edge.encrypted?.authority ?? "", { mode: 0o644 });

  const { createPolicyReader } = await import("./policy-snapshot.ts");
  const reader = stack.add(
    "policy reader",
    createPolicyReader(rpc, deployed.genesisHash, join(data, "policy-changes.json"), routing.logs),
  );
  const snapshots = stack.add(
    "snapshots",
    createSnapshots({
      edge,
      gateway,
      keeper,
      store,
      ledger: ledger.address,
      rpc,
      escrow,
      owner: wallet.publicKey,
      chain,
      network,
      outOfMoney: up.outOfMoney,
      recent: recent.list,
      readDns: feeds.length === 0 ? null : await dnsReader(),
      vouchers: () => vouchers,
      policy: reader.read,
    }),
  );
  await snapshots.refresh();
  const { startDashboard } = await import("@tolldns/web");
  const dashboard = stack.add(
    "dashboard",
    await startDashboard({
      host: HOST,
      port: ports.dashboard ?? 0,
      key: readDashboardKey(data),
      rpcUrl: chain.rpcUrl,
      feeds: () => feeds,
      snapshot: snapshots.read,
      stop: snapshots.stop,
    }),
  );
  const hello = feeds.length === 0 ? null : stack.add("hello", await startHelloFor());
  const { startPolicy } = await import("./policy.ts");
  const policy = stack.add(
    "policy",
    startPolicy({
      rpc,
      connection,
      data,
      escrow,
      network,
      targets: routing.targets,
      gatewayCa: gateway.authority,
      feePayer,
      ports: verifierPorts(ports),
      window: up.policyWindow,
      log,
    }),
  );
  stack.add("running", { close: () => removeRunning(data) });
  writeRunning(data, {
    pid: process.pid,
    rpc: chain.rpcUrl,
    dashboard: dashboard.url,
    dns: { host: HOST, port: ports.resolver ?? 0 },
    ca,
    edge: edge.control,
    feeds,
  });
  return {
    chain,
    gateway,
    keeper,
    edge,
    dashboard,
    store,
    network,
    ports: choice,
    ca,
    wallet: formatAddress(wallet.publicKey),
    log: log.file,
    hello,
    routes,
    feeds,
    policy,
    snapshot: snapshots.read,
    close: () => stack.close(),
  };

  async function dnsReader() {
    const { readDns } = await import("./dns.ts");
    const names = await findNames(rpc, undefined);
    return () => readDns(rpc, names, wallet.publicKey);
  }

  async function startHelloFor(): Promise<RunningHello> {
    const { startHello } = await import("./hello.ts");
    const { openFeeds } = await import("../names/route.ts");
    const { findQuorum } = await import("../names/quorum.ts");
    return startHello({
      rpc,
      names: await findNames(rpc, undefined),
      signer: wallet,
      data,
      feeds: openFeeds(feeds),
      readQuorum: () => findQuorum(rpc, undefined),
    });
  }

  async function startKeeper(): Promise<RunningKeeper> {
    const { startSettlementKeeper } = await import("@tolldns/keepers");
    return startSettlementKeeper({
      connection,
      store,
      feePayer,
      escrow: escrow.deployment.escrow,
      // A demonstration is watched: settle small amounts soon. Fees of this chain are worth nothing, so every amount is worth them.
      policy: {
        intervalSeconds: 2,
        maxAgeSeconds: 5,
        minWorth: 100_000n,
        lamportsPerIndexUnit: 10n ** 15n,
        distributeAt: 1_000_000n,
      },
      // One to a data folder, by its lock: a keeper that was killed is not waited for.
      holder: "up",
      log: (level, event, fields) => log.event("keeper", { level, event, ...fields }),
    });
  }

  async function startEdgeFor(): Promise<RunningEdge> {
    const { startEdge } = await import("@tolldns/edge");
    const url = `https://${HOST}:${gateway.addresses.doh?.port}`;
    return startEdge({
      stateDir: join(data, "edge"),
      listen: [{ host: HOST, port: ports.resolver ?? 0 }],
      encrypted: {
        host: HOST,
        dot: ports.DoT ?? 0,
        doh: ports.DoH ?? 0,
        folder: join(data, "certificates", "edge"),
      },
      gateways: [
        {
          url,
          ...(gateway.authority === undefined ? {} : { ca: gateway.authority }),
          ledger: formatAddress(ledger.address),
        },
      ],
      wallet: { rpcUrl: chain.rpcUrl, deployment: escrow.deployment, owner: { keyFile: options.keyFile } },
      limits: limitsOf(options.edge),
      outOfMoney: up.outOfMoney,
      ...(up.outOfMoney === "free" ? { freeUpstreams: network.freeUpstreams } : {}),
      rebinding: { protect: true, allow: network.privateNames },
      routes: routes.settings,
      ...routing.edge,
      ...(up.showNames ? { onAnswer: recent.add } : {}),
      log(line) {
        // The gateway's own count has those of the verifiers too.
        if (line.event === "voucher") vouchers++;
        log.event("edge", line);
      },
    });
  }
}

async function startEmbeddedChain(data: string, port: number, log: UpLog, stack: Stack): Promise<Chain> {
  const { startChain } = await import("@tolldns/chain");
  const chain = await startChain({
    dataDir: join(data, "chain"),
    host: HOST,
    port,
    log: (line) => log.line(line),
  });
  return stack.add("chain", chain);
}

const witnessNames = Array.from({ length: WITNESSES }, (_, index) => `witness ${index + 1}`);

/** Where the witnesses' feeds are, in order. Chain and peers know them by it. */
const witnessPorts = (ports: Readonly<Record<string, number>>): number[] =>
  witnessNames.map((name) => ports[name] ?? 0);

const verifierNames = Array.from({ length: VERIFIERS }, (_, index) => `verifier ${index + 1}`);
const verifierPorts = (ports: Readonly<Record<string, number>>): number[] =>
  verifierNames.map((name) => ports[name] ?? 0);

/** Two, so that there is one to fall back to. */
const fixtureNames = ["fixture resolver 1", "fixture resolver 2"];
const fixturePorts = (ports: Readonly<Record<string, number>>): number[] =>
  fixtureNames.map((name) => ports[name] ?? 0);

function portWishes({ up, given }: UpOptions): PortWish[] {
  const wish = (name: string, port: number, setting: string, rest: Partial<PortWish> = {}): PortWish => ({
    name,
    port,
    fixed: given.has(setting),
    udp: false,
    pair: false,
    ...rest,
  });
  return [
    wish("resolver", up.dnsPort, "dnsPort", { udp: true }),
    wish("DoT", up.dotPort, "dotPort"),
    wish("DoH", up.dohPort, "dohPort"),
    wish("rpc", up.rpcPort, "rpcPort", { pair: true }),
    wish("dashboard", up.webPort, "webPort"),
    wish("gateway DNS", 5301, "", { udp: true }),
    wish("gateway DoT", 8854, ""),
    wish("gateway DoH", 8444, ""),
    ...witnessNames.map((name, index) => wish(name, 8701 + index, "")),
    ...verifierNames.map((name, index) => wish(name, 8711 + index, "")),
    ...fixtureNames.map((name, index) => wish(name, 5311 + index, "", { udp: true })),
  ];
}
