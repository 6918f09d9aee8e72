import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Connection } from "@solana/web3.js";
import type { Chain } from "@tolldns/chain";
import {
  type Clock,
  type RunningKeeper,
  type SettlementOptions,
  type SettlementPolicy,
  startSettlementKeeper,
} from "@tolldns/keepers";
import type { SignedVoucher } from "@tolldns/sdk";
import { type OutboxEntry, type OutboxState, openStore, type Store, type StoreConfig } from "@tolldns/store";
import { buildWorld, openWorld, startVirtualChain, type World, type WorldOptions } from "./world.ts";

/** A chain with the protocol on it, a store, and keepers that tick only when told. */
export interface Bench {
  readonly chain: Chain;
  readonly world: World;
  readonly store: Store;
  readonly storeConfig: StoreConfig;
  /** Events keepers logged. */
  readonly events: string[];
  startKeeper(more?: Partial<SettlementOptions>, policy?: Partial<SettlementPolicy>): Promise<RunningKeeper>;
  /** Puts vouchers into the store as a gateway does. */
  keep(...vouchers: readonly SignedVoucher[]): Promise<void>;
  outbox(...states: readonly OutboxState[]): Promise<OutboxEntry[]>;
  /** Ticks until everything in flight is final, at most `ticks` times. */
  finish(keeper: RunningKeeper, ticks?: number): Promise<void>;
  end(): Promise<void>;
}

export const ALL_STATES = ["prepared", "sent", "confirmed", "finalized", "expired", "failed"] as const;
const OPEN_STATES = ["prepared", "sent", "confirmed"] as const;

/** A world made once and copied for each test. */
export interface Template {
  open(): Promise<Bench>;
  remove(): void;
}

export async function makeTemplate(options: WorldOptions): Promise<Template> {
  const folder = mkdtempSync(join(tmpdir(), "tolldns-world-"));
  const chain = await startVirtualChain(join(folder, "chain"));
  try {
    await buildWorld(chain.rpcUrl, join(folder, "deployment"), options);
    // What a test rolls back is its own.
    await chain.clock.advance(64);
  } finally {
    await chain.close();
  }
  return {
    open: () => openBench(folder),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function openBench(template: string): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), "tolldns-bench-"));
  cpSync(template, folder, { recursive: true });
  const chain = await startVirtualChain(join(folder, "chain"));
  const world = openWorld(new Connection(chain.rpcUrl, "confirmed"), join(folder, "deployment"));
  const storeConfig = { kind: "sqlite", path: join(folder, "store.db") } as const;
  const store = await openStore(storeConfig);
  const keepers: RunningKeeper[] = [];
  const events: string[] = [];
  const clock: Clock = {
    now: () => chain.clock.unixTime(),
    sleep: async (_, signal) => {
      if (!signal.aborted) await once(signal, "abort");
    },
  };
  const outbox = (...states: readonly OutboxState[]) =>
    store.listOutbox(world.ledger, states.length === 0 ? ALL_STATES : states);
  return {
    chain,
    world,
    store,
    storeConfig,
    events,
    startKeeper: async (more = {}, policy = {}) => {
      const keeper = await startSettlementKeeper({
        connection: world.connection,
        store,
        feePayer: world.keeper,
        escrow: world.deployment.escrow,
        clock,
        log: (_, event, fields) =>
          events.push(
            `${event} ${JSON.stringify(fields, (__, v) => (typeof v === "bigint" ? String(v) : v))}`,
          ),
        // Every micro-unit is worth settling at once unless the test says otherwise.
        policy: {
          minWorth: 1n,
          lamportsPerIndexUnit: 10n ** 12n,
          wireVersion: 0,
          distributeAt: 0n,
          ...policy,
        },
        ...more,
      });
      keepers.push(keeper);
      return keeper;
    },
    keep: async (...vouchers) => {
      const offers = [];
      for (const voucher of vouchers) {
        const { fence } = await store.takeLane(voucher);
        offers.push({ ...voucher, consumed: voucher.cumulative, fence });
      }
      const results = await store.acceptVouchers(offers, chain.clock.unixTime());
      if (results.some(({ result }) => result !== "accepted")) throw new Error("a voucher was not accepted");
    },
    outbox,
    finish: async (keeper, ticks = 10) => {
      for (let tick = 0; tick < ticks; tick++) {
        await keeper.tick();
        if ((await outbox(...OPEN_STATES)).length === 0) return;
        await chain.clock.advance(40);
      }
    },
    end: async () => {
      await Promise.all(keepers.map((keeper) => keeper.close()));
      await store.close();
      await chain.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
