import { createConnection } from "@tolldns/keepers";
import { readU32, readU64 } from "@tolldns/sdk";
import { closeLane, type LaneInput, topUpLane } from "@tolldns/sdk/escrow";
import { decodeTransaction, instructionsOf } from "@tolldns/sdk/transaction";
import { openStore } from "@tolldns/store";
import { assert } from "chai";
import { type Bench, makeTemplate, type Template } from "./world/bench.ts";
import { START } from "./world/world.ts";

describe("settlement keeper", () => {
  let template: Template;
  let bench: Bench;
  before(async function () {
    this.timeout(60_000);
    template = await makeTemplate({ lanes: 40 });
  });
  after(() => template.remove());
  beforeEach(async () => {
    bench = await template.open();
  });
  afterEach(() => bench.end());

  it("settles the best voucher of each lane and counts it once it is final", async () => {
    const { world, store } = bench;
    await bench.keep(world.voucher(1, 100n), world.voucher(2, 300n));
    await bench.keep(world.voucher(1, 250n));
    const keeper = await bench.startKeeper();
    await keeper.tick();
    const { lane, credited } = await world.readLanes();
    assert.deepEqual([lane(1).settled, lane(2).settled, credited], [250n, 300n, 550n]);
    assert.equal(keeper.status().settlements, 0);
    await bench.finish(keeper);
    const status = keeper.status();
    assert.deepEqual([status.settlements, status.payers, status.settled], [1, 2, 550n]);
    assert.deepEqual(await store.listUnsettled(world.ledger), []);
    assert.deepEqual((await store.readTotals(world.ledger)).settled, 550n);
    const [record] = await store.listSettlements(10);
    assert.deepEqual(
      [record?.state, record?.payers, record?.amount, record?.fee],
      ["finalized", 2, 550n, 5_000n],
    );
  });

  it("puts 13 payers into a transaction", async () => {
    const { world } = bench;
    await bench.keep(...Array.from({ length: 30 }, (_, lane) => world.voucher(lane, 100n + BigInt(lane))));
    const keeper = await bench.startKeeper();
    await keeper.tick();
    const entries = await bench.outbox();
    assert.deepEqual(
      entries.map((entry) => entry.vouchers.length),
      [13, 13, 4],
    );
    assert.equal((await world.readLanes()).credited, 30n * 100n + 435n);
    for (const entry of entries) assert.isAtMost(entry.transaction.length, 1_232);
  });

  it("puts 52 payers into a v1 transaction where the cluster takes them", async () => {
    const { world } = bench;
    await bench.keep(...Array.from({ length: 40 }, (_, lane) => world.voucher(lane, 100n)));
    const keeper = await bench.startKeeper({}, { wireVersion: "auto" });
    await keeper.tick();
    const entries = await bench.outbox();
    assert.deepEqual(
      entries.map((entry) => [entry.vouchers.length, entry.transaction[0]]),
      [[40, 129]],
    );
    assert.equal((await world.readLanes()).credited, 4_000n);
  });

  it("leaves a lane alone until it is worth it or old enough", async () => {
    const { world, chain } = bench;
    await bench.keep(world.voucher(1, 100n));
    const keeper = await bench.startKeeper({}, { minWorth: 101n, maxAgeSeconds: 600 });
    await keeper.tick();
    assert.lengthOf(await bench.outbox(), 0);
    assert.equal(keeper.status().ledgers[0]?.unsettled, 100n);
    await chain.clock.advanceTime(600);
    await keeper.tick();
    assert.equal((await world.readLanes()).credited, 100n);
  });

  it("skips what is worth less than the fee, and settles it once it is worth more", async () => {
    const { world } = bench;
    const policy = { lamportsPerIndexUnit: 1_000_000n };
    await bench.keep(world.voucher(1, 4_999n));
    const keeper = await bench.startKeeper({}, policy);
    await keeper.tick();
    assert.lengthOf(await bench.outbox(), 0);
    await bench.keep(world.voucher(2, 1n));
    await keeper.tick();
    assert.equal((await world.readLanes()).credited, 5_000n);
  });

  it("does not send what is left of a batch when only its bad row was worth the fee", async () => {
    const { world, store } = bench;
    const bad = world.voucher(1, 100_000n, { key: world.sessionKey(2) });
    await bench.keep(bad, world.voucher(2, 10n));
    const keeper = await bench.startKeeper({}, { lamportsPerIndexUnit: 1_000_000n });
    await keeper.tick();
    assert.lengthOf(await store.listQuarantine(world.ledger), 1);
    assert.lengthOf(await bench.outbox(), 0);
  });

  it("quarantines exactly the bad rows of a batch, with the reason, and settles the rest together", async () => {
    const { world, store } = bench;
    const good = Array.from({ length: 11 }, (_, lane) => world.voucher(lane, 100n));
    await bench.keep(
      ...good,
      world.voucher(11, 100n, { key: world.sessionKey(12) }),
      world.voucher(12, 100n, { key: world.sessionKey(11) }),
    );
    const keeper = await bench.startKeeper();
    await bench.finish(keeper);
    assert.equal((await world.readLanes()).credited, 1_100n);
    const rows = await store.listQuarantine(world.ledger);
    assert.deepEqual(
      rows.map(({ lane, reason }) => [lane, reason]),
      [
        [11, "signature"],
        [12, "signature"],
      ],
    );
    assert.deepEqual(
      (await bench.outbox()).map((entry) => entry.vouchers.length),
      [11],
    );
    await bench.keep(world.voucher(11, 101n));
    await bench.finish(keeper);
    assert.equal((await world.readLanes()).lane(11).settled, 101n);
  });

  it("quarantines a voucher above the reserve and takes it back after a top-up", async () => {
    const { world, store } = bench;
    const { deployment, ledger } = world;
    const [lane1, lane2] = [1, 2].map((lane) => {
      return { deployment, ledger, lane, generation: 1, owner: world.owner.publicKey };
    }) as [LaneInput & { owner: Uint8Array }, LaneInput & { owner: Uint8Array }];
    await bench.keep(world.voucher(1, 1_000_001n));
    const keeper = await bench.startKeeper();
    await keeper.tick();
    assert.equal((await store.listQuarantine(world.ledger))[0]?.reason, "over-reserve");
    assert.lengthOf(await bench.outbox(), 0);
    await world.requestClose(2);
    await world.send([closeLane({ ...lane2, closer: world.operator.publicKey })]);
    await world.send([topUpLane({ ...lane1, amount: 1n })], [world.owner]);
    await keeper.tick();
    await keeper.tick();
    assert.deepEqual(await store.listQuarantine(world.ledger), []);
    assert.equal((await world.readLanes()).lane(1).settled, 1_000_001n);
  });

  it("quarantines an expired voucher", async () => {
    const { world, store, chain } = bench;
    await bench.keep(world.voucher(1, 100n, { expiryDay: Math.floor(START / 86_400) }));
    await chain.clock.advanceTime(86_400);
    const keeper = await bench.startKeeper();
    await keeper.tick();
    assert.equal((await store.listQuarantine(world.ledger))[0]?.reason, "expired");
  });

  it("settles a voucher about to expire without waiting for more", async () => {
    const { world } = bench;
    const today = Math.floor(START / 86_400);
    await bench.keep(
      world.voucher(1, 100n, { expiryDay: today }),
      world.voucher(2, 100n, { expiryDay: today + 5 }),
    );
    const keeper = await bench.startKeeper({}, { minWorth: 10n ** 6n, maxAgeSeconds: 10 ** 6, maxRows: 1 });
    await keeper.tick();
    const { lane } = await world.readLanes();
    assert.deepEqual([lane(1).settled, lane(2).settled], [100n, 0n]);
  });

  it("settles a lane whose owner asked to close before its deadline, though it is worth little", async () => {
    const { world } = bench;
    await bench.keep(world.voucher(1, 7n), world.voucher(2, 900n));
    await world.requestClose(1);
    const keeper = await bench.startKeeper({}, { minWorth: 1_000n, maxRows: 1 });
    await keeper.tick();
    const { lane } = await world.readLanes();
    assert.deepEqual([lane(1).settled, lane(2).settled], [7n, 0n]);
  });

  it("closes a lane after its deadline and returns the rest to the payer", async () => {
    const { world, chain } = bench;
    await bench.keep(world.voucher(1, 7n));
    await world.requestClose(1);
    const keeper = await bench.startKeeper();
    await bench.finish(keeper);
    assert.equal((await world.readLanes()).lane(1).state, "closing");
    await chain.clock.advanceTime(3_600);
    await bench.finish(keeper);
    assert.equal((await world.readLanes()).lane(1).state, "free");
    assert.deepEqual(
      (await bench.outbox("finalized")).map((entry) => entry.kind),
      ["settle", "close"],
    );
  });

  it("forgets a lane that was closed once that is final, and keeps on record what came too late", async () => {
    const { world, chain, store } = bench;
    await bench.keep(world.voucher(1, 7n));
    await world.requestClose(1);
    await chain.clock.advanceTime(3_600);
    const keeper = await bench.startKeeper();
    await bench.finish(keeper);
    assert.equal((await world.readLanes()).lane(1).state, "free");
    await chain.clock.advance(40);
    await keeper.tick();
    assert.isNull(await store.readLane(world.voucher(1, 7n)));
    assert.deepEqual(
      (await store.listQuarantine(world.ledger)).map(({ lane, reason, cumulative }) => [
        lane,
        reason,
        cumulative,
      ]),
      [[1, "too-late", 7n]],
    );
  });

  it("distributes what was credited once there is enough, once", async () => {
    const { world } = bench;
    await bench.keep(world.voucher(1, 600n), world.voucher(2, 399n));
    const keeper = await bench.startKeeper({}, { distributeAt: 1_000n });
    await bench.finish(keeper);
    assert.equal(await world.balanceOf(world.payout), 0n);
    await bench.keep(world.voucher(2, 400n));
    await bench.finish(keeper);
    await bench.finish(keeper);
    assert.equal(await world.balanceOf(world.payout), 800n);
    const { credited, distributed } = await world.readLanes();
    assert.deepEqual([credited, distributed], [1_000n, 1_000n]);
    assert.lengthOf(
      (await bench.outbox()).filter((entry) => entry.kind === "distribute"),
      1,
    );
  });

  it("sets the compute limit from the simulation and pays no price nobody asks", async () => {
    const { world } = bench;
    await bench.keep(...Array.from({ length: 13 }, (_, lane) => world.voucher(lane, 100n)));
    const keeper = await bench.startKeeper();
    await keeper.tick();
    const [entry] = await bench.outbox();
    assert.isDefined(entry);
    const [limit, price] = instructionsOf(decodeTransaction(entry.transaction));
    const units = readU32(limit?.data ?? new Uint8Array(), 1);
    assert.isTrue(units > 13 * 13_000 && units < 13 * 17_000, `${units}`);
    assert.equal(readU64(price?.data ?? new Uint8Array(), 1), 0n);
    assert.equal(entry.fee, 5_000n);
  });

  it("keeps to the number of transactions in flight", async () => {
    const { world, chain } = bench;
    await bench.keep(...Array.from({ length: 30 }, (_, lane) => world.voucher(lane, 100n)));
    chain.faults.set({ drop: 1 });
    const keeper = await bench.startKeeper({}, { maxInFlight: 2 });
    await keeper.tick();
    await keeper.tick();
    assert.lengthOf(await bench.outbox("sent"), 2);
    chain.faults.set({ drop: 0 });
    await bench.finish(keeper);
    assert.equal((await world.readLanes()).credited, 3_000n);
  });

  it("says that the fee payer has nothing, and puts the blame on no voucher", async () => {
    const { world, store } = bench;
    await bench.keep(world.voucher(1, 100n));
    const keeper = await bench.startKeeper({ feePayer: world.sessionKey(1) });
    await keeper.tick();
    assert.include(keeper.status().ledgers[0]?.lastError ?? "", "no voucher is to blame");
    assert.deepEqual(await store.listQuarantine(world.ledger), []);
  });

  it("forgets finished transactions after their time, and nothing that is in flight", async () => {
    const { world, chain } = bench;
    await bench.keep(world.voucher(1, 100n));
    const keeper = await bench.startKeeper({}, { historySeconds: 5_000 });
    await bench.finish(keeper);
    assert.lengthOf(await bench.outbox(), 1);
    await chain.clock.advanceTime(6_000);
    chain.faults.set({ drop: 1 });
    await bench.keep(world.voucher(2, 100n));
    await keeper.tick();
    assert.deepEqual(
      (await bench.outbox()).map((entry) => entry.state),
      ["sent"],
    );
  });

  it("settles beside a keeper of another store without either losing or stopping", async () => {
    const { world, chain } = bench;
    const other = await openStore({
      kind: "sqlite",
      path: `${bench.storeConfig.kind === "sqlite" ? bench.storeConfig.path : ""}-b`,
    });
    const shared = world.voucher(1, 300n);
    await bench.keep(world.voucher(1, 200n), world.voucher(2, 50n));
    const { fence } = await other.takeLane(shared);
    await other.acceptVouchers([{ ...shared, consumed: 300n, fence }], START);
    const mine = await bench.startKeeper();
    const theirs = await bench.startKeeper({ store: other });
    await Promise.all([mine.tick(), theirs.tick()]);
    await chain.clock.advance(40);
    await Promise.all([bench.finish(mine), bench.finish(theirs)]);
    const { lane, credited } = await world.readLanes();
    assert.deepEqual([lane(1).settled, lane(2).settled, credited], [300n, 50n, 350n]);
    assert.deepEqual(await bench.store.listUnsettled(world.ledger), []);
    await theirs.close();
    await other.close();
  });

  it("gives up on a node that takes a request and never answers", async () => {
    const { world, chain } = bench;
    await bench.keep(world.voucher(1, 100n));
    chain.faults.set({ rpcDelayMs: 3_000 });
    const keeper = await bench.startKeeper({ connection: createConnection(chain.rpcUrl, 0.2) });
    await keeper.tick();
    assert.isString(keeper.status().ledgers[0]?.lastError);
    chain.faults.set({ rpcDelayMs: 0 });
    await bench.finish(keeper);
    assert.equal((await world.readLanes()).credited, 100n);
  });

  it("says what is wrong and goes on when the chain can't be reached", async () => {
    const { world, chain } = bench;
    await bench.keep(world.voucher(1, 100n));
    chain.faults.set({ rpcDown: true });
    const keeper = await bench.startKeeper();
    await keeper.tick();
    assert.isString(keeper.status().ledgers[0]?.lastError);
    chain.faults.set({ rpcDown: false });
    await keeper.tick();
    assert.isNull(keeper.status().ledgers[0]?.lastError);
    assert.equal((await world.readLanes()).credited, 100n);
  });
});
