import type { VoucherOffer } from "@tolldns/store";
import { decideVouchers, isBetter, type LaneState, laneText } from "@tolldns/store/decide";
import { assert } from "chai";
import fc from "fast-check";
import { laneKey, offer } from "./fixture.ts";

const SEED = Number(process.env.TEST_SEED ?? Date.now() % 2 ** 31);

const offers = fc.array(
  fc
    .record({
      lane: fc.integer({ min: 0, max: 3 }),
      cumulative: fc.bigInt({ min: 0n, max: 6n }),
      fence: fc.bigInt({ min: 0n, max: 2n }),
      expiryDay: fc.integer({ min: 1, max: 3 }),
      consumed: fc.bigInt({ min: 0n, max: 6n }),
    })
    .map(({ lane, cumulative, fence, ...more }) => offer(lane, cumulative, fence, more)),
  { maxLength: 30 },
);

/** Lanes 0 to 2 taken once, lane 3 never. */
function someLanes(): Map<string, LaneState> {
  const lanes = [0, 1, 2].map(
    (lane): LaneState => ({
      ...laneKey(lane),
      voucher: null,
      consumed: 0n,
      fence: 1n,
      settled: 0n,
      since: 0,
    }),
  );
  return new Map(lanes.map((lane) => [laneText(lane), lane]));
}

function apply(lanes: Map<string, LaneState>, batch: readonly VoucherOffer[]): string[] {
  const { results, changed } = decideVouchers(lanes, batch, 10);
  for (const state of changed) lanes.set(laneText(state), state);
  return results.map((row) => `${row.result} ${row.kept.voucher?.cumulative} ${row.kept.consumed}`);
}

describe(`what becomes of a batch of vouchers (seed ${SEED})`, () => {
  it("is the same however the rows are cut into batches", () => {
    fc.assert(
      fc.property(offers, fc.nat(30), (batch, cut) => {
        const whole = someLanes();
        const parts = someLanes();
        const results = apply(whole, batch);
        assert.deepEqual([...apply(parts, batch.slice(0, cut)), ...apply(parts, batch.slice(cut))], results);
        assert.deepEqual(parts, whole);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it("ends with the best of what carried the lane's fence", () => {
    fc.assert(
      fc.property(offers, (batch) => {
        const lanes = someLanes();
        apply(lanes, batch);
        for (const state of lanes.values()) {
          const mine = batch.filter((row) => row.lane === state.lane && row.fence === 1n);
          for (const row of mine) assert.isFalse(isBetter(row, state.voucher));
          assert.equal(state.voucher === null, mine.length === 0);
        }
        assert.isFalse(lanes.has(laneText(laneKey(3))));
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it("never lowers a promise or what was consumed, and acknowledges nothing it doesn't keep", () => {
    fc.assert(
      fc.property(offers, (batch) => {
        const lanes = someLanes();
        for (const row of batch) {
          const before = lanes.get(laneText(row));
          const { results, changed } = decideVouchers(lanes, [row], 10);
          for (const state of changed) lanes.set(laneText(state), state);
          const after = lanes.get(laneText(row));
          if (before === undefined || after === undefined) {
            assert.equal(results[0]?.result, "fenced");
            continue;
          }
          assert.isTrue(after.consumed >= before.consumed);
          assert.isTrue((after.voucher?.cumulative ?? 0n) >= (before.voucher?.cumulative ?? 0n));
          if (results[0]?.result === "accepted") assert.equal(after.voucher?.cumulative, row.cumulative);
        }
      }),
      { seed: SEED, numRuns: 300 },
    );
  });
});
