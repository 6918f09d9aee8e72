import type { Snapshot } from "@tolldns/web";

/** A quiet network: what the page shows before anything was asked. */
export const QUIET: Snapshot = {
  at: 1,
  network: { kind: "fixture", note: "the bundled fixture internet" },
  payments: { on: true, revoked: false, outOfMoney: "fail", reasons: [] },
  queries: { total: 0, hits: 0, misses: 0, paid: 0, free: 0, failed: 0 },
  flow: {
    wallet: "0",
    free: "0",
    reserved: "0",
    tolls: "0",
    promised: "0",
    vouchers: 0,
    settled: "0",
    settlements: 0,
  },
  lanes: [],
  settlements: [],
  gateways: [],
  upstreams: [],
  limits: [],
  chain: { rpc: "http://127.0.0.1:9", slot: 1 },
  recent: [],
  dns: null,
  policy: null,
};
