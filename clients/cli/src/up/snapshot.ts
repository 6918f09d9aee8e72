import { setInterval } from "node:timers";
import type { Chain } from "@tolldns/chain";
import type { RunningEdge } from "@tolldns/edge";
import type { RunningGateway } from "@tolldns/gateway";
import type { RunningKeeper } from "@tolldns/keepers";
import { toBase58 } from "@tolldns/sdk";
import type { SettlementRecord, Store } from "@tolldns/store";
import type { DnsSnapshot, PolicySnapshot, RecentQuery, Snapshot } from "@tolldns/web";
import { type Escrow, type Holdings, readHoldings } from "../wallet/account.ts";
import type { Rpc } from "../wallet/rpc.ts";
import type { Network } from "./network.ts";

interface Sources {
  readonly edge: RunningEdge;
  readonly gateway: RunningGateway;
  readonly keeper: RunningKeeper;
  readonly store: Store;
  readonly ledger: Uint8Array;
  readonly rpc: Rpc;
  readonly escrow: Escrow;
  readonly owner: Uint8Array;
  readonly chain: Chain;
  readonly network: Network;
  readonly outOfMoney: "fail" | "free";
  readonly recent: () => readonly RecentQuery[];
  /** What there is of `.dns`; null where its programs aren't. */
  readonly readDns: (() => Promise<DnsSnapshot>) | null;
  /** Vouchers that the edge here signed since the start. */
  readonly vouchers: () => number;
  /** States and decisions as last read; null until the policy program is there. */
  readonly policy: () => PolicySnapshot | null;
}

/** Milliseconds between two readings of store and chain; what lives in memory is read when it is asked for. */
const PERIOD_MS = 1_000;
/** Settlements shown, whoever paid. */
const SHOWN = 8;
/** Settlements of the edge's own lanes are counted up to here. */
const COUNTED = 10_000;

/** What the dashboard and the counters show, put together from every role. */
export function createSnapshots(sources: Sources) {
  const { edge, store, ledger, rpc, escrow, owner } = sources;
  let held: Holdings | null = null;
  let totals = { promised: 0n, settled: 0n, settlements: 0 };
  let settlements: readonly SettlementRecord[] = [];
  let revoked = false;
  let dns: DnsSnapshot | null = null;
  let reading: Promise<void> | null = null;

  async function readAll() {
    [held, totals, settlements] = await Promise.all([
      readHoldings(rpc, escrow, owner),
      readOwnTotals(),
      store.listSettlements(SHOWN, ledger),
    ]);
    if (sources.readDns !== null) dns = await sources.readDns();
  }
  /** What the edge's own lanes promised and settled: verifiers pay into the same ledger. */
  async function readOwnTotals() {
    const { lanes } = edge.status();
    const own = lanes.filter(({ state }) => state !== "opening").map(({ lane }) => lane);
    const [settlements, records] = await Promise.all([
      store.listSettlements(COUNTED, ledger, own),
      Promise.all(
        lanes
          .filter(({ state }) => state !== "opening" && state !== "lost")
          .map(({ lane, generation }) => store.readLane({ ledger, lane, generation })),
      ),
    ]);
    return {
      settlements: settlements.length,
      promised: sum(records.map((record) => record?.voucher?.cumulative ?? 0n)),
      settled: sum(records.map((record) => record?.settled ?? 0n)),
    };
  }
  const refresh = (): Promise<void> => {
    reading ??= readAll()
      // What can't be read now stays as it was; the page shows the chain's slot, which stands still then.
      .catch(() => {})
      .finally(() => {
        reading = null;
      });
    return reading;
  };
  const timer = setInterval(refresh, PERIOD_MS);

  return {
    refresh,
    read: () => describe(sources, { held, totals, settlements, revoked, dns }),
    async stop() {
      const stopped = await edge.stopPayments();
      void stopped.revoked.then(() => {
        revoked = true;
      });
    },
    async close() {
      clearInterval(timer);
      await reading;
    },
  };
}

interface Read {
  readonly held: Holdings | null;
  readonly totals: { readonly promised: bigint; readonly settled: bigint; readonly settlements: number };
  readonly settlements: readonly SettlementRecord[];
  readonly revoked: boolean;
  readonly dns: DnsSnapshot | null;
}

function describe(
  { edge, gateway, chain, network, outOfMoney, recent, policy, vouchers }: Sources,
  { held, totals, settlements, revoked, dns }: Read,
): Snapshot {
  const { wallet, queries, cache, spent, limits, lanes, gateways, stopped, reasons, routes } = edge.status();
  const served = gateway.status();
  const open = lanes.filter(({ state }) => state !== "lost");
  const promised = sum(open.map((lane) => lane.promised));
  return {
    at: Date.now() / 1_000,
    network: { kind: network.kind, note: network.note },
    payments: {
      on: !stopped,
      revoked: stopped && (revoked || open.every(({ state }) => state === "revoked")),
      outOfMoney,
      reasons,
    },
    queries: {
      // What is answered from evidence is not in the cache's figures.
      total: cache.hits + cache.misses + (routes === null ? 0 : routes.answered + routes.failed),
      hits: cache.hits,
      misses: cache.misses,
      paid: queries.paid,
      free: queries.free,
      failed: queries.failed + (routes?.failed ?? 0),
    },
    flow: {
      wallet: held === null ? null : held.tokens.toString(),
      free: (held?.free ?? wallet?.free ?? null)?.toString() ?? null,
      reserved: (sum(open.map((lane) => lane.reserve)) - promised).toString(),
      tolls: spent.total.toString(),
      promised: larger(totals.promised, promised).toString(),
      vouchers: vouchers(),
      settled: totals.settled.toString(),
      settlements: totals.settlements,
    },
    lanes: open.map((lane) => ({
      gateway: lane.gateway,
      lane: lane.lane,
      generation: lane.generation,
      state: lane.state,
      reserve: lane.reserve.toString(),
      promised: lane.promised.toString(),
    })),
    settlements: settlements.map((row) => ({
      signature: toBase58(row.signature),
      state: row.state,
      slot: row.slot,
      payers: row.payers,
      amount: row.amount.toString(),
      fee: row.fee.toString(),
      at: row.at,
    })),
    gateways: gateways.map(({ url, usable, reason, tickPrice, transport, latencyMs, answers, failures }) => ({
      url,
      usable,
      reason,
      price: tickPrice?.toString() ?? null,
      transport,
      latencyMs,
      answers,
      failures,
    })),
    upstreams: served.upstreams.map(({ name, healthy, latencyMs, success }) => ({
      name,
      healthy,
      latencyMs,
      success,
    })),
    limits: [
      { name: "hour", limit: limits.perHour.toString(), used: spent.hour.toString() },
      { name: "day", limit: limits.perDay.toString(), used: spent.day.toString() },
      {
        name: "lanes",
        limit: limits.lanesTotal.toString(),
        used: sum(open.map((lane) => lane.reserve)).toString(),
      },
      { name: "query", limit: limits.perQuery.toString(), used: null },
      { name: "price", limit: limits.priceCeiling.toString(), used: null },
    ],
    chain: { rpc: chain.rpcUrl, slot: chain.status().slot },
    recent: recent(),
    dns,
    policy: policy(),
  };
}

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((a, b) => a + b, 0n);

// Math.max takes no bigint.
function larger(a: bigint, b: bigint): bigint {
  return a < b ? b : a;
}
