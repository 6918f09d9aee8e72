import type { Store } from "@tolldns/store";
import { assert } from "chai";
import { codeOf, LEDGER, laneKey, type MakeFixture, offer, type StoreFixture, voucher } from "./fixture.ts";

/** What holds of lanes in every store. */
export function describeLanes(make: MakeFixture): void {
  describe("lanes", () => {
    let fixture: StoreFixture;
    let store: Store;
    beforeEach(async () => {
      fixture = await make();
      store = await fixture.open();
    });
    afterEach(() => fixture.end());

    it("knows nothing of a lane nobody took", async () => {
      assert.isNull(await store.readLane(laneKey(1)));
      const [row] = await store.acceptVouchers([offer(1, 5n, 0n)], 10);
      assert.equal(row?.result, "fenced");
      assert.isNull(await store.readLane(laneKey(1)));
    });

    it("raises the fence each time a lane is taken, and keeps its voucher", async () => {
      const first = await store.takeLane(laneKey(1));
      assert.deepEqual([first.fence, first.voucher], [1n, null]);
      await store.acceptVouchers([offer(1, 5n, 1n)], 10);
      const second = await store.takeLane(laneKey(1));
      assert.equal(second.fence, 2n);
      assert.deepEqual(second.voucher, voucher(1, 5n));
      assert.equal(second.consumed, 5n);
    });

    it("keeps the better voucher and says what it keeps", async () => {
      await store.takeLane(laneKey(1));
      const results = await store.acceptVouchers([offer(1, 5n, 1n), offer(1, 4n, 1n), offer(1, 9n, 1n)], 10);
      assert.deepEqual(
        results.map((row) => [row.result, row.kept.voucher?.cumulative]),
        [
          ["accepted", 5n],
          ["stale", 5n],
          ["accepted", 9n],
        ],
      );
    });

    it("prefers, of two equal promises, the one good for longer", async () => {
      await store.takeLane(laneKey(1));
      await store.acceptVouchers([offer(1, 5n, 1n, { expiryDay: 10 })], 10);
      const [later] = await store.acceptVouchers([offer(1, 5n, 1n, { expiryDay: 11 })], 10);
      const [earlier] = await store.acceptVouchers([offer(1, 5n, 1n, { expiryDay: 10 })], 10);
      assert.deepEqual([later?.result, earlier?.result], ["accepted", "stale"]);
      assert.equal((await store.readLane(laneKey(1)))?.voucher?.expiryDay, 11);
    });

    it("accepts the very voucher it keeps again, so that an unknown outcome may be retried", async () => {
      await store.takeLane(laneKey(1));
      await store.acceptVouchers([offer(1, 5n, 1n)], 10);
      const [again] = await store.acceptVouchers([offer(1, 5n, 1n)], 11);
      assert.equal(again?.result, "accepted");
      const other = new Uint8Array(64).fill(99);
      const [forged] = await store.acceptVouchers([offer(1, 5n, 1n, { signature: other })], 11);
      assert.equal(forged?.result, "stale");
    });

    it("fences off a process whose lane was taken over", async () => {
      const other = await fixture.open();
      await store.takeLane(laneKey(1));
      await other.takeLane(laneKey(1));
      const [late] = await store.acceptVouchers([offer(1, 5n, 1n)], 10);
      assert.equal(late?.result, "fenced");
      assert.isNull(late?.kept.voucher);
      assert.equal(late?.kept.fence, 2n);
      assert.isFalse(await store.recordConsumed(laneKey(1), 1n, 5n));
      assert.isTrue(await other.recordConsumed(laneKey(1), 2n, 5n));
    });

    it("keeps generations of a lane apart", async () => {
      await store.takeLane(laneKey(1, 1));
      await store.takeLane(laneKey(1, 2));
      await store.acceptVouchers([offer(1, 5n, 1n)], 10);
      assert.isNull((await store.readLane(laneKey(1, 2)))?.voucher);
    });

    it("never lowers what was consumed", async () => {
      await store.takeLane(laneKey(1));
      assert.isTrue(await store.recordConsumed(laneKey(1), 1n, 9n));
      assert.isTrue(await store.recordConsumed(laneKey(1), 1n, 3n));
      await store.acceptVouchers([offer(1, 5n, 1n, { consumed: 4n })], 10);
      assert.equal((await store.readLane(laneKey(1)))?.consumed, 9n);
    });

    it("answers calls made together each with its own rows", async () => {
      await Promise.all([1, 2, 3].map((lane) => store.takeLane(laneKey(lane))));
      const answers = await Promise.all(
        [1, 2, 3].map((lane) =>
          store.acceptVouchers([offer(lane, BigInt(lane), 1n), offer(lane, BigInt(lane) + 10n, 1n)], 10),
        ),
      );
      assert.deepEqual(
        answers.map((rows) => rows.map((row) => row.kept.voucher?.cumulative)),
        [
          [1n, 11n],
          [2n, 12n],
          [3n, 13n],
        ],
      );
    });

    it("refuses one caller's impossible row without touching another's", async () => {
      await store.takeLane(laneKey(1));
      const [bad, good] = await Promise.all([
        codeOf(store.acceptVouchers([offer(70_000, 5n, 1n)], 10)),
        store.acceptVouchers([offer(1, 5n, 1n)], 10),
      ]);
      assert.equal(bad, "value-range");
      assert.equal(good[0]?.result, "accepted");
    });

    it("holds the largest amount and refuses one more", async () => {
      await store.takeLane(laneKey(1));
      const max = 2n ** 56n - 1n;
      const [row] = await store.acceptVouchers([offer(1, max, 1n)], 10);
      assert.equal(row?.kept.voucher?.cumulative, max);
      assert.equal(await codeOf(store.acceptVouchers([offer(1, max + 1n, 1n)], 10)), "value-range");
      assert.equal(
        await codeOf(store.acceptVouchers([{ ...offer(1, 1n, 1n), cumulative: 1 as never }], 10)),
        "value-range",
      );
    });

    it("lets two processes take turns at one lane without losing the higher voucher", async () => {
      const other = await fixture.open();
      await store.takeLane(laneKey(1));
      await Promise.all(
        Array.from({ length: 40 }, (_, i) =>
          (i % 2 === 0 ? store : other).acceptVouchers([offer(1, BigInt(i + 1), 1n)], 10),
        ),
      );
      assert.equal((await store.readLane(laneKey(1)))?.voucher?.cumulative, 40n);
    });

    it("never loses an accepted voucher to a lower one another process offers at the same moment", async () => {
      const other = await fixture.open();
      await store.takeLane(laneKey(1));
      let best = 0n;
      const race = async (handle: Store, start: bigint) => {
        for (let i = 0n; i < 150n; i++) {
          const cumulative = start + i * 2n;
          const [row] = await handle.acceptVouchers([offer(1, cumulative, 1n)], 10);
          if (row?.result === "accepted" && cumulative > best) best = cumulative;
          const kept = row?.kept.voucher?.cumulative ?? 0n;
          assert.isTrue(kept >= cumulative, `offered ${cumulative}, kept ${kept}`);
          const now = (await handle.readLane(laneKey(1)))?.voucher?.cumulative ?? 0n;
          assert.isTrue(now >= kept, `was ${kept}, is ${now}`);
        }
      };
      await Promise.all([race(store, 1n), race(other, 2n)]);
      assert.equal((await store.readLane(laneKey(1)))?.voucher?.cumulative, best);
    });

    it("accepts batches over the same lanes in opposite orders at once", async () => {
      const other = await fixture.open();
      const lanes = Array.from({ length: 50 }, (_, i) => i);
      for (const lane of lanes) await store.takeLane(laneKey(lane));
      const rounds = Array.from({ length: 10 }, (_, round) => [
        store.acceptVouchers(
          lanes.map((lane) => offer(lane, BigInt(round * 2 + 1), 1n)),
          10,
        ),
        other.acceptVouchers(
          lanes.toReversed().map((lane) => offer(lane, BigInt(round * 2 + 2), 1n)),
          10,
        ),
      ]);
      await Promise.all(rounds.flat());
      assert.deepEqual(await store.readTotals(LEDGER), { lanes: 50, promised: 50n * 20n, settled: 0n });
    });
  });

  describe("what a keeper reads of lanes", () => {
    let fixture: StoreFixture;
    let store: Store;
    beforeEach(async () => {
      fixture = await make();
      store = await fixture.open();
      for (const lane of [1, 2, 3]) await store.takeLane(laneKey(lane));
    });
    afterEach(() => fixture.end());

    it("lists only what is above the settled watermark, with its age", async () => {
      const lease = await store.acquireLease("settle", "a", 10, 0);
      assert.isNotNull(lease);
      await store.acceptVouchers([offer(1, 5n, 1n), offer(2, 6n, 1n)], 100);
      await store.acceptVouchers([offer(1, 8n, 1n)], 200);
      await store.raiseSettled([{ ...laneKey(2), settled: 6n }], lease);
      const rows = await store.listUnsettled(LEDGER);
      assert.deepEqual(rows, [{ ...voucher(1, 8n), settled: 0n, since: 100 }]);
      await store.raiseSettled([{ ...laneKey(1), settled: 8n }], lease);
      await store.acceptVouchers([offer(1, 9n, 1n)], 300);
      assert.deepEqual(await store.listUnsettled(LEDGER), [{ ...voucher(1, 9n), settled: 8n, since: 300 }]);
    });

    it("never lowers a settled watermark", async () => {
      const lease = await store.acquireLease("settle", "a", 10, 0);
      assert.isNotNull(lease);
      await store.raiseSettled([{ ...laneKey(1), settled: 6n }], lease);
      await store.raiseSettled([{ ...laneKey(1), settled: 2n }], lease);
      assert.equal((await store.readLane(laneKey(1)))?.settled, 6n);
    });

    it("keeps ledgers apart and lists them", async () => {
      const ledger = new Uint8Array(32).fill(9);
      await store.takeLane(laneKey(1, 1, ledger));
      await store.acceptVouchers([{ ...offer(1, 5n, 1n), ledger }], 10);
      assert.deepEqual(await store.listUnsettled(LEDGER), []);
      assert.lengthOf(await store.listUnsettled(ledger), 1);
      assert.deepEqual(await store.listLedgers(), [LEDGER, ledger]);
    });

    it("leaves a quarantined voucher out until a better one comes", async () => {
      const lease = await store.acquireLease("settle", "a", 10, 0);
      assert.isNotNull(lease);
      await store.acceptVouchers([offer(1, 5n, 1n)], 10);
      await store.addQuarantine({ ...voucher(1, 5n), reason: "voucher-signature", detail: "" }, lease, 11);
      assert.deepEqual(await store.listUnsettled(LEDGER), []);
      assert.equal((await store.listQuarantine(LEDGER))[0]?.reason, "voucher-signature");
      await store.acceptVouchers([offer(1, 6n, 1n)], 12);
      assert.deepEqual(
        (await store.listUnsettled(LEDGER)).map((row) => row.cumulative),
        [6n],
      );
    });

    it("lists a quarantined voucher again once it is released", async () => {
      const lease = await store.acquireLease("settle", "a", 10, 0);
      assert.isNotNull(lease);
      await store.acceptVouchers([offer(1, 5n, 1n)], 10);
      await store.addQuarantine({ ...voucher(1, 5n), reason: "simulation", detail: "" }, lease, 11);
      await store.releaseQuarantine(laneKey(1));
      assert.lengthOf(await store.listUnsettled(LEDGER), 1);
      assert.deepEqual(await store.listQuarantine(LEDGER), []);
    });

    it("forgets a lane whose generation is over, and keeps what was quarantined of it on record", async () => {
      const lease = await store.acquireLease("settle", "a", 10, 0);
      assert.isNotNull(lease);
      await store.acceptVouchers([offer(1, 5n, 1n)], 10);
      await store.addQuarantine({ ...voucher(1, 5n), reason: "simulation", detail: "" }, lease, 11);
      await store.forgetLanes([laneKey(1)], lease);
      assert.isNull(await store.readLane(laneKey(1)));
      assert.lengthOf(await store.listQuarantine(LEDGER), 1);
    });
  });
}
