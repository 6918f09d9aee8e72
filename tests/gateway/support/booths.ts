import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteStore, type Store } from "@tolldns/store";
import { type Booth, type BoothOptions, createBooth } from "../../../clients/gateway/src/toll/booth.ts";
import { createFingerprintKey } from "../../../clients/gateway/src/toll/fingerprint.ts";
import type { LaneTerms } from "../../../clients/gateway/src/toll/lanes.ts";
import { completeTerms } from "../../../clients/gateway/src/toll/terms.ts";
import { entered, openBytes, type Payer, question } from "./payer.ts";

export const LEDGER = new Uint8Array(32).fill(0xed);
export const PRICE = 10n;
/** 2026-11-21 12:00 UTC. */
export const NOON = 1_795_262_400;

/** A folder that is gone after `remove`. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "tolldns-gateway-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A booth over a real store, a clock and lanes the test moves. */
export interface Stand {
  readonly booth: Booth;
  readonly store: Store;
  readonly lanes: Map<number, LaneTerms>;
  /** Unix seconds; the test sets it. */
  clock: { now: number; age: number };
  /** Another booth on the same store, as a second process would have. */
  another(options?: Partial<BoothOptions>): Booth;
  close(): Promise<void>;
}

export async function openStand(options: Partial<BoothOptions> = {}): Promise<Stand> {
  const folder = temporaryFolder();
  const store = options.store ?? (await openSqliteStore({ path: join(folder.path, "store.db") }));
  const lanes = new Map<number, LaneTerms>();
  const clock = { now: NOON, age: 0 };
  const build = (more: Partial<BoothOptions> = {}) =>
    createBooth({
      ledger: LEDGER,
      terms: completeTerms({ tickPrice: PRICE, k: 8, t: 60 }),
      store,
      lanes: { readLane: (lane) => lanes.get(lane) ?? null, age: () => clock.age },
      now: () => clock.now,
      fingerprintKey: createFingerprintKey(randomBytes(8)),
      maxSessions: 1000,
      laneRate: 1e9,
      laneBurst: 1e9,
      maxChainAge: 120,
      maxServeAge: 900,
      ...options,
      ...more,
    });
  return {
    booth: build(),
    store,
    lanes,
    clock,
    another: build,
    async close() {
      await store.close();
      folder.remove();
    },
  };
}

/** A lane open on chain for this payer. */
export function openLane(stand: Stand, payer: Payer, changes: Partial<LaneTerms> = {}): void {
  stand.lanes.set(payer.lane, {
    state: "open",
    generation: payer.generation,
    sessionKey: payer.signer.publicKey,
    reserve: 1_000_000n,
    settled: 0n,
    deadline: 0,
    ...changes,
  });
}

/** Opens a session or fails the test. */
export async function enter(stand: Stand, payer: Payer, booth: Booth = stand.booth): Promise<void> {
  const answer = await booth.pay(openBytes(payer, stand.clock.now));
  if (!answer.ok) throw new Error(`opening refused with ${answer.refusal}`);
  entered(payer, answer.acknowledgement);
}

/** Spends the tick message on the question; the number the booth answers. */
export function ask(booth: Booth, tick: Uint8Array, name = "example.com", cost = 1, type = 1): number {
  const bytes = question(name, type);
  return booth.spend(tick, 0, tick.length, bytes, 0, bytes.length, cost);
}
