import type { LaneKey, LaneRecord, StoredVoucher, VoucherOffer, VoucherResult } from "./types.ts";

export interface LaneState extends LaneRecord {
  /** When the oldest unsettled micro-unit was promised, Unix seconds. */
  readonly since: number;
}

/** Text to key a Map by. */
export function laneText(key: LaneKey): string {
  return `${Buffer.from(key.ledger).toString("hex")}/${key.lane}/${key.generation}`;
}

/** A higher promise is better; an equal one is if it is good for longer. */
export function isBetter(offer: StoredVoucher, kept: StoredVoucher | null): boolean {
  if (kept === null) return true;
  if (offer.cumulative !== kept.cumulative) return offer.cumulative > kept.cumulative;
  return offer.expiryDay > kept.expiryDay;
}

function isSame(a: StoredVoucher, b: StoredVoucher | null): boolean {
  return (
    b !== null &&
    a.cumulative === b.cumulative &&
    a.expiryDay === b.expiryDay &&
    Buffer.from(a.signature).equals(b.signature)
  );
}

export interface Decision {
  readonly results: VoucherResult[];
  /** Lanes to write, each once, with its last state. */
  readonly changed: LaneState[];
}

/** What becomes of a batch, row by row in order, given the lanes as they are. Pure; the caller holds the lanes locked. */
export function decideVouchers(
  lanes: ReadonlyMap<string, LaneState>,
  batch: readonly VoucherOffer[],
  now: number,
): Decision {
  const states = new Map(lanes);
  const changed = new Map<string, LaneState>();
  const results = batch.map((offer): VoucherResult => {
    const text = laneText(offer);
    const state = states.get(text);
    if (state === undefined) return { result: "fenced", kept: { ...emptyLane(offer), fence: 0n } };
    if (state.fence !== offer.fence) return { result: "fenced", kept: state };
    const better = isBetter(offer, state.voucher);
    const more = offer.consumed > state.consumed;
    const consumed = more ? offer.consumed : state.consumed;
    let next = state;
    if (better) {
      const owed = (state.voucher?.cumulative ?? 0n) > state.settled;
      const { ledger, lane, generation, expiryDay, cumulative, signature } = offer;
      const voucher = { ledger, lane, generation, expiryDay, cumulative, signature };
      next = { ...state, voucher, consumed, since: owed ? state.since : now };
    } else if (more) {
      next = { ...state, consumed };
    }
    if (next !== state) {
      states.set(text, next);
      changed.set(text, next);
    }
    return { result: better || isSame(offer, state.voucher) ? "accepted" : "stale", kept: next };
  });
  return {
    results: results.map(({ result, kept }) => ({ result, kept: publicLane(kept) })),
    changed: [...changed.values()],
  };
}

function emptyLane({ ledger, lane, generation }: LaneKey): LaneRecord {
  return { ledger, lane, generation, voucher: null, consumed: 0n, fence: 0n, settled: 0n };
}

export function publicLane(state: LaneRecord): LaneRecord {
  const { ledger, lane, generation, voucher, consumed, fence, settled } = state;
  return { ledger, lane, generation, voucher, consumed, fence, settled };
}
