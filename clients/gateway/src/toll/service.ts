import { randomBytes } from "node:crypto";
import { systemClock } from "@tolldns/dns";
import type { StoredVoucher } from "@tolldns/store";
import { type ChainWatch, watchLedger } from "../chain/watch.ts";
import { createBuckets } from "../limits/buckets.ts";
import { type Log, reasonOf } from "../observe/log.ts";
import type { AbuseLimits, TollOptions } from "../options.ts";
import { createPayments, type Payments } from "../serve/payments.ts";
import type { WorkerSeat } from "../workers/seat.ts";
import { type Booth, createBooth } from "./booth.ts";
import { createFingerprintKey } from "./fingerprint.ts";
import { completeTerms, type Terms } from "./terms.ts";

export interface TollServiceOptions {
  readonly toll: TollOptions;
  readonly limits: Required<AbuseLimits>;
  readonly seat: WorkerSeat | null;
  readonly log: Log;
  /** Unix seconds. */
  readonly now: () => number;
  /** Seconds, never going backwards. */
  readonly seconds: () => number;
  readonly onVoucher: (voucher: StoredVoucher) => void;
  readonly onPaid: (seconds: number) => void;
}

/** A booth that follows its ledger. */
export interface TollService {
  readonly options: TollOptions;
  readonly terms: Terms;
  readonly booth: Booth;
  readonly watch: ChainWatch;
  readonly payments: Payments;
  /** Seconds without a word from the chain after which no session opens. */
  readonly maxChainAge: number;
  /** Records what every session consumed and stops following the chain. */
  close(): Promise<void>;
}

const SWEEP_MS = 60_000;
const POLL_SECONDS = 10;
const MAX_CHAIN_AGE = 120;
const MAX_SERVE_AGE = 900;

/** @throws option-range, ledger-unreadable, ledger-foreign */
export async function startToll(options: TollServiceOptions): Promise<TollService> {
  const { toll, limits, seat, log, now } = options;
  const terms = completeTerms(toll.terms);
  const maxChainAge = toll.maxChainAge ?? MAX_CHAIN_AGE;
  let booth: Booth | null = null;
  const watch = await watchLedger({
    chain: toll.chain,
    ledger: toll.ledger,
    escrow: toll.escrow,
    genesis: toll.genesis,
    commitment: toll.commitment ?? "confirmed",
    pollSeconds: toll.pollSeconds ?? POLL_SECONDS,
    now,
    every: systemClock.every,
    onChange: (lanes) => booth?.lanesChanged(lanes),
    onError: (error) => log.warn("chain-unreadable", { reason: reasonOf(error) }),
  });
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
    maxChainAge,
    maxServeAge: toll.maxServeAge ?? MAX_SERVE_AGE,
    worker: seat?.index ?? 0,
    workers: seat?.count ?? 1,
    onVoucher: options.onVoucher,
    onStoreError: (error) => log.error("store-failed", { reason: reasonOf(error) }),
  });
  const running = booth;
  const stopSweeping = systemClock.every(SWEEP_MS, () => void running.sweep());
  const payments = createPayments({
    booth,
    checks: createBuckets({ rate: limits.paymentRate, burst: limits.paymentRate * 5, size: 16_384 }),
    seat,
    now: options.seconds,
    onPaid: options.onPaid,
  });
  return {
    options: toll,
    terms,
    booth,
    watch,
    payments,
    maxChainAge,
    async close() {
      stopSweeping();
      await running.close();
      await watch.close();
    },
  };
}
