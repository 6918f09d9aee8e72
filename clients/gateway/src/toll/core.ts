import { encodeAcknowledgement } from "@tolldns/sdk";
import { isStoreError, type Store, type StoredVoucher, type VoucherResult } from "@tolldns/store";
import { judgeLane } from "./checks.ts";
import type { FingerprintKey } from "./fingerprint.ts";
import type { LaneSource } from "./lanes.ts";
import { REFUSALS, type Refusal } from "./refusal.ts";
import { applyReserve, consumedOf, type Session } from "./session.ts";
import { createTable, nameOf, type SessionTable } from "./table.ts";
import type { Terms } from "./terms.ts";

export interface BoothOptions {
  readonly ledger: Uint8Array;
  readonly terms: Terms;
  readonly store: Store;
  readonly lanes: LaneSource;
  /** Unix seconds. */
  readonly now: () => number;
  readonly fingerprintKey: FingerprintKey;
  readonly maxSessions: number;
  readonly laneRate: number;
  readonly laneBurst: number;
  /** Seconds; see TollOptions. */
  readonly maxChainAge: number;
  readonly maxServeAge: number;
  /** Which worker this is, of how many; at most 256. Default 0 of 1. */
  readonly worker?: number;
  readonly workers?: number;
  readonly onVoucher?: (voucher: StoredVoucher, added: bigint) => void;
  /** The store failed; `error` says how. */
  readonly onStoreError?: (error: unknown) => void;
}

/** What a payment message is answered with: 33 bytes, or a refusal; `known` helps the payer to go on after 8 and 11. */
export type PaymentAnswer =
  | { readonly ok: true; readonly acknowledgement: Uint8Array }
  | {
      readonly ok: false;
      readonly refusal: Refusal;
      readonly known?: { readonly acknowledged: bigint; readonly consumed: bigint };
    };

export interface BoothCounters {
  paid: number;
  again: number;
  /** Units. */
  units: number;
  vouchers: number;
  /** Micro-IU by which vouchers rose. */
  promised: bigint;
  openings: number;
}

/** What openings and vouchers share: the sessions, and what is done to them once a check is passed. */
export interface BoothCore {
  readonly options: BoothOptions;
  readonly table: SessionTable;
  readonly counters: BoothCounters;
  /** Makes a voucher durable. `consumed` is read when it is offered. Rejects as the store does. */
  keep(signed: StoredVoucher, consumed: () => bigint, fence: bigint): Promise<VoucherResult>;
  countVoucher(result: VoucherResult, added: bigint): void;
  acknowledge(session: Session): PaymentAnswer;
  /** Serves on, or not, as the chain says of the session's lane. */
  judge(session: Session): void;
  /** Writes down what a session consumed. Never rejects. */
  record(session: Session): Promise<void>;
}

export const refuse = (refusal: Refusal): PaymentAnswer => ({ ok: false, refusal });

/** What a payer is told to go on from, micro-IU. */
export function knownOf(session: Session): { acknowledged: bigint; consumed: bigint } {
  return { acknowledged: session.acknowledged, consumed: consumedOf(session) };
}

export function createCore(options: BoothOptions): BoothCore {
  const { ledger, store, lanes, now } = options;
  const table = createTable(options.maxSessions, options.worker);
  const counters: BoothCounters = { paid: 0, again: 0, units: 0, vouchers: 0, promised: 0n, openings: 0 };

  /** A commit whose outcome is unknown may have been made: asking again is how to know. */
  async function keep(signed: StoredVoucher, consumed: () => bigint, fence: bigint): Promise<VoucherResult> {
    const offer = () => store.acceptVouchers([{ ...signed, consumed: consumed(), fence }], Math.floor(now()));
    const results = await offer().catch((error: unknown) => {
      if (isStoreError(error, "outcome-unknown")) return offer();
      throw error;
    });
    return results[0] as VoucherResult;
  }

  function countVoucher(result: VoucherResult, added: bigint): void {
    if (added <= 0n || result.kept.voucher === null) return;
    counters.vouchers++;
    counters.promised += added;
    options.onVoucher?.(result.kept.voucher, added);
  }

  function acknowledge(session: Session): PaymentAnswer {
    const { acknowledged, consumed } = knownOf(session);
    const acknowledgement = encodeAcknowledgement({
      session: nameOf(table, session),
      acknowledged,
      consumed,
      expiresAt: BigInt(session.expiresAt),
    });
    return { ok: true, acknowledgement };
  }

  function judge(session: Session): void {
    const lane = lanes.readLane(session.lane);
    const refusal = judgeLane(session, session.sessionKey, lane);
    if (lane !== null) applyReserve(session, lane.reserve);
    // A close may be rolled back with its slot; an ended session stays ended.
    if (session.refusal === 0 || session.refusal === REFUSALS.laneClosing) session.refusal = refusal;
  }

  async function record(session: Session): Promise<void> {
    const { lane, generation, fence } = session;
    await store
      .recordConsumed({ ledger, lane, generation }, fence, consumedOf(session))
      .catch((error: unknown) => options.onStoreError?.(error));
  }

  return { options, table, counters, keep, countVoucher, acknowledge, judge, record };
}
