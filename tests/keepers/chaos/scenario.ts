import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Connection, PublicKey } from "@solana/web3.js";
import { toBase58 } from "@tolldns/sdk";
import { type OutboxEntry, openStore, type StoreConfig } from "@tolldns/store";
import type { GatewayConfig } from "../../../clients/gateway/src/config.ts";
import { ALL_STATES } from "../world/bench.ts";
import { keySeedOf } from "../world/seeds.ts";
import { buildWorld, type World } from "../world/world.ts";
import { startPayers } from "./payers.ts";
import { dice, promisesOf } from "./plan.ts";
import { restartable } from "./process.ts";

const TICK_PRICE = 10n;

export interface ChaosOptions {
  readonly seed: number;
  readonly lanes: number;
  /** Vouchers a lane. */
  readonly vouchers: number;
  /** Milliseconds the payers rest after 20 vouchers: how long the storm lasts. */
  readonly pauseMs: number;
  /** Milliseconds between two blows. */
  readonly blowMs: number;
  /** Blows at most, so that a slow machine comes to an end as well. */
  readonly maxBlows: number;
  readonly slotMs: number;
  /** Milliseconds after the storm within which all must be settled and final. */
  readonly calmMs: number;
  /** Default: a SQLite file. `gatewayStore` is the same store, as the gateway's configuration says it. */
  readonly store?: StoreConfig;
  readonly gatewayStore?: string;
  /** Another blow, such as killing the database. */
  readonly extraBlow?: () => Promise<void>;
}

export interface ChaosReport {
  /** Settled on chain and promised, by lane. */
  readonly settled: readonly bigint[];
  readonly promised: readonly bigint[];
  /** Highest acknowledged, by lane. */
  readonly acknowledged: readonly bigint[];
  /** What the gateway refused, by number. */
  readonly refusals: Readonly<Record<number, number>>;
  readonly credited: bigint;
  readonly vault: bigint;
  readonly deposited: bigint;
  /** Lamports that left the fee payer. */
  readonly spent: bigint;
  readonly outbox: readonly OutboxEntry[];
  /** Signatures given up that the chain knows after all. */
  readonly landedAfterAll: readonly string[];
  readonly blows: Readonly<Record<string, number>>;
  /** Transactions forks undid. */
  readonly undone: number;
  readonly seconds: number;
}

export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { seed, lanes, slotMs } = options;
  const began = performance.now();
  const folder = mkdtempSync(join(tmpdir(), "tolldns-chaos-"));
  const roll = dice(seed);
  let port = 0;
  const chain = restartable("./chain.ts", () =>
    JSON.stringify({ dataDir: join(folder, "chain"), port, slotMs, faultSeed: seed }),
  );
  const store: StoreConfig = options.store ?? { kind: "sqlite", path: join(folder, "store.db") };
  const deployment = join(folder, "deployment");
  const gateway = restartable("../../../clients/gateway/src/main.ts", () => join(folder, "gateway.json"));
  const keepers = [0, 1].map((index) =>
    restartable("../../../keepers/src/main.ts", () => join(folder, `keeper${index}.json`)),
  );
  const everything = [...keepers, gateway, chain];

  try {
    port = Number(await chain.start());
    const rpcUrl = `http://127.0.0.1:${port}`;
    const connection = new Connection(rpcUrl, "confirmed");
    const world = await buildWorld(rpcUrl, deployment, { lanes });
    const funds = () => connection.getBalance(new PublicKey(world.keeper.publicKey), "finalized");
    await sleep(slotMs * 40);
    const fundsBefore = BigInt(await funds());
    writeKeeperFiles(folder, rpcUrl, world, store, slotMs);
    writeGatewayFile(folder, rpcUrl, world, options.gatewayStore ?? `sqlite:${join(folder, "store.db")}`);

    const { vouchers, pauseMs } = options;
    const payers = startPayers({ world, seed, lanes, vouchers, pauseMs, tickPrice: TICK_PRICE });
    const startGateway = async () => {
      const { addresses } = JSON.parse(await gateway.start());
      payers.setGateway(addresses.tcp.port);
    };
    await Promise.all([...keepers.map((process) => process.start()), startGateway()]);
    const blows: Record<string, number> = {};
    let undone = 0;
    const control = (method: string, ...params: unknown[]) => callControl(rpcUrl, method, params);
    const strike: Record<string, () => Promise<unknown>> = {
      faults: () =>
        control("tolldns_setFaults", {
          drop: roll() * 0.5,
          delay: roll() * 0.5,
          delaySlots: 1 + Math.floor(roll() * 40),
          reorder: roll() < 0.5,
        }),
      rollback: async () => {
        undone += Number(await control("tolldns_rollback", 12 + Math.floor(roll() * 19)));
      },
      expire: () => control("tolldns_expireBlockhashes"),
      deaf: async () => {
        await control("tolldns_setFaults", { rpcDelayMs: Math.floor(roll() * 80) });
      },
      killKeeper: async () => {
        const keeper = keepers[Math.floor(roll() * keepers.length)];
        await keeper?.kill();
        await keeper?.start();
      },
      killGateway: async () => {
        await gateway.kill();
        payers.setGateway(null);
        await startGateway();
      },
      killChain: async () => {
        await chain.kill();
        await sleep(roll() * 300);
        await chain.start();
      },
      ...(options.extraBlow === undefined ? {} : { killStore: options.extraBlow }),
    };
    // Each blow once in random order, then at random.
    const names = Object.keys(strike);
    const first = names.map((name) => ({ name, at: roll() })).sort((a, b) => a.at - b.at);
    for (let struck = 0; !payers.isDone() && struck < options.maxBlows; struck++) {
      await sleep(options.blowMs * (0.5 + roll()));
      const dead = [...keepers, gateway].find((process) => !process.isRunning());
      if (dead !== undefined) throw new Error(`a process ended by itself: ${dead.errors()}`);
      const name = first.pop()?.name ?? names[Math.floor(roll() * names.length)] ?? "faults";
      await strike[name]?.();
      blows[name] = (blows[name] ?? 0) + 1;
    }

    await control("tolldns_setFaults", { drop: 0, delay: 0, reorder: false, rpcDelayMs: 0 });
    await payers.done;
    const promised = Array.from(
      { length: lanes },
      (_, lane) => promisesOf(seed, lane, vouchers).at(-1) ?? 0n,
    );
    const handle = await openStore(store);
    const inFlight = () => handle.listOutbox(world.ledger, ["prepared", "sent", "confirmed"]);
    const deadline = performance.now() + options.calmMs;
    const allFinal = async () => {
      const view = await world.readLanes("finalized");
      return (
        promised.every((cumulative, lane) => view.lane(lane).settled >= cumulative) &&
        (await inFlight()).length === 0
      );
    };
    while (!(await allFinal().catch(() => false)) && performance.now() < deadline) await sleep(250);
    await Promise.all(keepers.map((keeper) => keeper.stop()));

    const view = await world.readLanes("finalized");
    const outbox = await handle.listOutbox(world.ledger, ALL_STATES);
    await handle.close();
    const landedAfterAll: string[] = [];
    for (const entry of outbox.filter(({ state }) => state === "expired")) {
      if (await control("tolldns_landed", toBase58(entry.signature)))
        landedAfterAll.push(toBase58(entry.signature));
    }
    return {
      settled: promised.map((_, lane) => view.lane(lane).settled),
      promised,
      acknowledged: payers.acknowledged,
      refusals: payers.refusals,
      credited: view.credited,
      vault: await world.balanceOf(world.vault),
      deposited: world.reserve * BigInt(lanes),
      spent: fundsBefore - BigInt(await funds()),
      outbox,
      landedAfterAll,
      blows,
      undone,
      seconds: (performance.now() - began) / 1_000,
    };
  } finally {
    await Promise.all(everything.map((process) => process.kill()));
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeKeeperFiles(
  folder: string,
  rpcUrl: string,
  world: World,
  store: StoreConfig,
  slotMs: number,
): void {
  const feePayerFile = join(folder, "payer.json");
  const key = [...keySeedOf("keepers keeper"), ...world.keeper.publicKey];
  writeFileSync(feePayerFile, JSON.stringify(key), { mode: 0o600 });
  for (const index of [0, 1]) {
    const policy = {
      intervalSeconds: (slotMs * 8) / 1_000,
      leaseSeconds: 2,
      maxAgeSeconds: 1 + index,
      minWorth: "2000",
      lamportsPerIndexUnit: "1000000000000",
      maxInFlight: 24,
      wireVersion: 0,
      distributeAt: "0",
    };
    const config = { rpcUrl, escrow: toBase58(world.deployment.escrow), feePayerFile, store, policy };
    writeFileSync(join(folder, `keeper${index}.json`), JSON.stringify(config));
  }
}

function writeGatewayFile(folder: string, rpc: string, world: World, store: string): void {
  const { escrow, genesisHash } = world.deployment;
  const websocket = new URL(rpc);
  websocket.protocol = "ws:";
  websocket.port = String(Number(websocket.port) + 1);
  const config: GatewayConfig = {
    listen: { tcp: 0 },
    upstreams: [{ kind: "udp", host: "127.0.0.1", port: 9 }],
    log: { level: "error" },
    limits: { paymentRate: 1e6, clientRate: 1e6, clientBurst: 1e6 },
    toll: {
      rpc,
      websocket: websocket.href,
      store,
      ledger: toBase58(world.ledger),
      escrow: toBase58(escrow),
      genesis: toBase58(genesisHash),
      pollSeconds: 0.5,
      terms: { tickPrice: String(TICK_PRICE), k: 8 },
    },
  };
  writeFileSync(join(folder, "gateway.json"), JSON.stringify(config), { mode: 0o600 });
}

/** Calls a control method of the chain. */
async function callControl(url: string, method: string, params: readonly unknown[]): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const headers = { "content-type": "application/json" };
  const answer = await fetch(url, { method: "POST", headers, body });
  const { result, error } = (await answer.json()) as { result?: unknown; error?: { message: string } };
  if (error !== undefined) throw new Error(`${method}: ${error.message}`);
  return result;
}
