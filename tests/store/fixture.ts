import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LaneKey, Store, StoreConfig, StoredVoucher, VoucherOffer } from "@tolldns/store";
import { openStore } from "@tolldns/store";
import type { Postgres } from "./postgres.ts";

/** An empty database and every handle opened on it, so that a test can leave nothing open. */
export interface StoreFixture {
  readonly config: StoreConfig;
  /** Another handle on the same database, as another process would have. */
  open(): Promise<Store>;
  end(): Promise<void>;
}

export type MakeFixture = () => Promise<StoreFixture>;

function keepHandles(config: StoreConfig, cleanUp: () => void): StoreFixture {
  const handles: Store[] = [];
  return {
    config,
    open: async () => {
      const store = await openStore(config);
      handles.push(store);
      return store;
    },
    end: async () => {
      await Promise.all(handles.map((handle) => handle.close()));
      cleanUp();
    },
  };
}

export async function makeSqlite(): Promise<StoreFixture> {
  const folder = mkdtempSync(join(tmpdir(), "tolldns-store-"));
  return keepHandles({ kind: "sqlite", path: join(folder, "store.db") }, () =>
    rmSync(folder, { recursive: true, force: true }),
  );
}

let schemas = 0;
export async function makePostgres(server: Postgres): Promise<StoreFixture> {
  const schema = `test_${process.pid}_${++schemas}`;
  return keepHandles({ kind: "postgres", connection: server.connection, schema }, () => {});
}

export const LEDGER = new Uint8Array(32).fill(7);

export function laneKey(lane: number, generation = 1, ledger = LEDGER): LaneKey {
  return { ledger, lane, generation };
}

export function voucher(lane: number, cumulative: bigint, more: Partial<StoredVoucher> = {}): StoredVoucher {
  const signature = new Uint8Array(64).fill(Number(cumulative % 251n) + 1);
  return { ...laneKey(lane), expiryDay: 20_000, cumulative, signature, ...more };
}

export function offer(
  lane: number,
  cumulative: bigint,
  fence: bigint,
  more: Partial<VoucherOffer> = {},
): VoucherOffer {
  return { ...voucher(lane, cumulative), consumed: cumulative, fence, ...more };
}

/** The code a promise is refused with. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return "nothing";
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}
