import {
  bisectRows,
  type Candidate,
  fillBatches,
  judgeVoucher,
  lamportsOf,
} from "@tolldns/keepers/settlement";
import type { UnsettledVoucher } from "@tolldns/store";
import { assert } from "chai";
import fc from "fast-check";

const SEED = Number(process.env.TEST_SEED ?? Date.now() % 2 ** 31);
const NOW = 1_800_000_000n;
const TODAY = Number(NOW / 86_400n);
const POLICY = {
  maxAgeSeconds: 3_600,
  minWorth: 1_000n,
  expiryMarginSeconds: 86_400,
  lamportsPerIndexUnit: 1_000_000_000n,
  maxRows: 13,
};

function unsettled(lane: number, cumulative: bigint, more: Partial<UnsettledVoucher> = {}): UnsettledVoucher {
  const ledger = new Uint8Array(32);
  const signature = new Uint8Array(64);
  const since = Number(NOW);
  return {
    ledger,
    lane,
    generation: 1,
    expiryDay: TODAY + 10,
    cumulative,
    signature,
    settled: 0n,
    since,
    ...more,
  };
}

function candidate(lane: number, worth: bigint, more: Partial<Candidate> = {}): Candidate {
  const voucher = more.voucher ?? unsettled(lane, worth);
  return { voucher, worth, pending: false, until: BigInt(voucher.expiryDay + 1) * 86_400n, ...more };
}

const lanesOf = (batch: readonly Candidate[] | undefined) => batch?.map((row) => row.voucher.lane);

describe("which vouchers go into which transaction", () => {
  const free = () => 0n;

  it("puts pending closes first, the nearest deadline foremost, whatever they are worth", () => {
    const rows = [
      candidate(1, 50_000n),
      candidate(2, 10n, { pending: true, until: NOW + 500n }),
      candidate(3, 20n, { pending: true, until: NOW + 100n }),
      candidate(4, 60_000n, { until: NOW + 100n }),
    ];
    const { batches } = fillBatches(rows, NOW, POLICY, free, 8);
    assert.deepEqual(lanesOf(batches[0]), [3, 2, 4, 1]);
  });

  it("settles what is rich enough or old enough, and nothing by itself that is neither", () => {
    const old = unsettled(3, 5n, { since: Number(NOW) - 3_600 });
    const young = candidate(1, 999n);
    assert.deepEqual(fillBatches([young], NOW, POLICY, free, 8).batches, []);
    assert.deepEqual(lanesOf(fillBatches([candidate(2, 1_000n)], NOW, POLICY, free, 8).batches[0]), [2]);
    assert.deepEqual(
      lanesOf(fillBatches([candidate(3, 5n, { voucher: old })], NOW, POLICY, free, 8).batches[0]),
      [3],
    );
  });

  it("fills places left over with the richest of the rest", () => {
    const riders = Array.from({ length: 20 }, (_, i) => candidate(100 + i, BigInt(i + 1)));
    const { batches } = fillBatches([candidate(1, 5_000n), ...riders], NOW, POLICY, free, 8);
    assert.lengthOf(batches, 1);
    assert.deepEqual(lanesOf(batches[0]), [1, ...Array.from({ length: 12 }, (_, i) => 119 - i)]);
  });

  it("leaves out a batch that is worth less than its fee, even a pending close", () => {
    const policy = { ...POLICY, lamportsPerIndexUnit: 1_000_000n };
    const dust = candidate(1, 4_999n, { pending: true, until: NOW + 10n });
    const plan = fillBatches([dust], NOW, policy, () => 5_000n, 8);
    assert.deepEqual([plan.batches.length, plan.notWorthIt.length], [0, 1]);
    const enough = fillBatches([{ ...dust, worth: 5_000n }], NOW, policy, () => 5_000n, 8);
    assert.lengthOf(enough.batches, 1);
  });

  it("lets dust with a pending close ride with what pays the fee", () => {
    const policy = { ...POLICY, lamportsPerIndexUnit: 1_000_000n, maxRows: 3 };
    const dust = [1, 2, 3].map((lane) => candidate(lane, 1n, { pending: true, until: NOW + 10n }));
    const plan = fillBatches([...dust, candidate(9, 100_000n)], NOW, policy, () => 5_000n, 8);
    assert.deepEqual(plan.batches.map(lanesOf), [[9, 1, 2]]);
    assert.lengthOf(plan.notWorthIt, 1);
  });

  it(`holds for any lanes: each at most once, full batches, worth the fee, one span, all that presses (seed ${SEED})`, () => {
    const anyCandidate = fc
      .record({
        worth: fc.bigInt({ min: 1n, max: 5_000n }),
        pending: fc.boolean(),
        days: fc.integer({ min: 0, max: 600 }),
        age: fc.integer({ min: 0, max: 7_200 }),
      })
      .map(({ worth, pending, days, age }) => {
        const voucher = unsettled(0, worth, { expiryDay: TODAY + days, since: Number(NOW) - age });
        return candidate(0, worth, { voucher, pending });
      });
    fc.assert(
      fc.property(
        fc.array(anyCandidate, { maxLength: 120 }),
        fc.integer({ min: 1, max: 13 }),
        fc.bigInt({ min: 0n, max: 9_000_000n }),
        fc.integer({ min: 0, max: 12 }),
        (rows, maxRows, cost, room) => {
          const policy = { ...POLICY, maxRows };
          const fee = (count: number) => cost + BigInt(count) * 100n;
          const { batches, notWorthIt } = fillBatches(rows, NOW, policy, fee, room);
          const used = batches.flat();
          assert.equal(new Set([...used, ...notWorthIt]).size, used.length + notWorthIt.length);
          assert.isAtMost(batches.length, room);
          for (const batch of batches) {
            assert.isTrue(batch.length >= 1 && batch.length <= maxRows);
            const worth = batch.reduce((sum, row) => sum + row.worth, 0n);
            assert.isTrue(lamportsOf(worth, policy) >= fee(batch.length));
            const days = batch.map((row) => row.voucher.expiryDay);
            assert.isAtMost(Math.max(...days) - Math.min(...days), 255);
          }
          if (batches.length < room) {
            const placed = new Set([...used, ...notWorthIt]);
            for (const row of rows) if (row.pending) assert.isTrue(placed.has(row));
          }
        },
      ),
      { seed: SEED, numRuns: 300 },
    );
  });
});

describe("what a lane on chain says of a voucher", () => {
  const open = { state: "open", generation: 1, reserve: 100n, settled: 10n, deadline: 0n } as const;
  const judge = (voucher: UnsettledVoucher, lane: Parameters<typeof judgeVoucher>[1], now = NOW) => {
    const verdict = judgeVoucher(voucher, lane, now);
    return verdict.is === "refused" ? verdict.reason : verdict.is;
  };

  it("follows the rules of settle in their order", () => {
    assert.equal(judge(unsettled(1, 50n), open), "due");
    assert.equal(judge(unsettled(1, 100n), open), "due");
    assert.equal(judge(unsettled(1, 101n), open), "over-reserve");
    assert.equal(judge(unsettled(1, 10n), open), "covered");
    assert.equal(judge(unsettled(1, 50n), undefined), "lane-unknown");
    assert.equal(judge(unsettled(1, 50n), { ...open, state: "free" }), "over");
    assert.equal(judge(unsettled(1, 50n), { ...open, generation: 2 }), "over");
    assert.equal(judge(unsettled(1, 50n, { generation: 2 }), open), "early");
  });

  it("ends a voucher with its last day, to the second", () => {
    const voucher = unsettled(1, 50n, { expiryDay: TODAY });
    const midnight = BigInt(TODAY + 1) * 86_400n;
    assert.equal(judge(voucher, open, midnight - 1n), "due");
    assert.equal(judge(voucher, open, midnight), "expired");
  });

  for (const state of ["closing", "revoked"] as const) {
    it(`ends a voucher at the deadline of a lane that is ${state}, to the second`, () => {
      const lane = { ...open, state, deadline: NOW };
      assert.equal(judge(unsettled(1, 50n), lane, NOW - 1n), "due");
      assert.equal(judge(unsettled(1, 50n), lane, NOW), "too-late");
    });
  }
});

describe("finding the bad row of a batch", () => {
  it(`refuses exactly the bad rows and passes the rest together (seed ${SEED})`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 52 }), async (bad) => {
        const rows = bad.map((isBad, index) => ({ isBad, index }));
        let tries = 0;
        const result = await bisectRows(rows, async (some) => {
          tries++;
          const wrong = some.find((row) => row.isBad);
          return wrong === undefined ? { ok: true, good: some.length } : { ok: false, bad: wrong.index };
        });
        const good = rows.filter((row) => !row.isBad);
        assert.deepEqual(result.passed?.rows ?? [], good);
        if (good.length > 0) assert.equal(result.passed?.good, good.length);
        assert.deepEqual(
          result.refused.map(({ row, bad }) => [row.index, bad]),
          rows.filter((row) => row.isBad).map((row) => [row.index, row.index]),
        );
        if (bad.every((isBad) => !isBad)) assert.isAtMost(tries, 1);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  it("needs about two trials a level for one bad row among 13", async () => {
    for (let bad = 0; bad < 13; bad++) {
      let tries = 0;
      const rows = Array.from({ length: 13 }, (_, i) => i);
      await bisectRows(rows, async (some) => {
        tries++;
        return some.includes(bad) ? { ok: false, bad } : { ok: true, good: 0 };
      });
      assert.isAtMost(tries, 13);
    }
  });
});
