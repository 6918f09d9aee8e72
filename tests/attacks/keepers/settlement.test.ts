import { PublicKey } from "@solana/web3.js";
import type { RunningKeeper } from "@tolldns/keepers";
import { batchOf, deriveBalance, fromBase58, toBase58 } from "@tolldns/sdk";
import { decodeBalance, settle } from "@tolldns/sdk/escrow";
import { assert } from "chai";
import { type Bench, makeTemplate, type Template } from "../../keepers/world/bench.ts";

const GRACE = 3_600;
const RESERVE = 1_000_000n;

describe("attacks on the settlement keeper", () => {
  let template: Template;
  let bench: Bench;
  let spent: () => Promise<bigint>;
  before(async function () {
    this.timeout(60_000);
    template = await makeTemplate({ lanes: 20, reserve: RESERVE, graceSeconds: GRACE });
  });
  after(() => template.remove());
  beforeEach(async () => {
    bench = await template.open();
    const { connection, keeper } = bench.world;
    const balance = async () =>
      BigInt(await connection.getBalance(new PublicKey(keeper.publicKey), "confirmed"));
    const start = await balance();
    spent = async () => start - (await balance());
  });
  afterEach(() => bench.end());

  const settledOf = async (lane: number) => (await bench.world.readLanes()).lane(lane).settled;

  describe("a transaction re-signed before its blockhash had expired, paid twice", () => {
    it("sends the same bytes again while they may land, and pays once when they land late", async () => {
      const { world, chain } = bench;
      await bench.keep(world.voucher(1, 100n), world.voucher(2, 100n));
      chain.faults.set({ delay: 1, delaySlots: 60 });
      const keeper = await bench.startKeeper();
      await keeper.tick();
      for (let i = 0; i < 5; i++) {
        await chain.clock.advance(10);
        await keeper.tick();
        assert.lengthOf(await bench.outbox(), 1, "signed again");
      }
      assert.equal(await settledOf(1), 0n);
      await chain.clock.advance(20);
      assert.equal(await settledOf(1), 100n);
      await chain.clock.advance(100);
      await bench.finish(keeper);
      assert.deepEqual([await spent(), (await bench.outbox()).length], [5_000n, 1]);
    });

    it("signs anew only once the block after the last valid one is final and nobody knows the signature", async () => {
      const { world, chain } = bench;
      await bench.keep(world.voucher(1, 100n));
      chain.faults.set({ drop: 1 });
      const keeper = await bench.startKeeper();
      await keeper.tick();
      const [first] = await bench.outbox();
      assert.isDefined(first);
      for (;;) {
        await chain.clock.advance(7);
        const { blockHeight = 0 } = await world.connection.getEpochInfo("finalized");
        await keeper.tick();
        const entries = await bench.outbox();
        if (blockHeight <= first.lastValidBlockHeight) {
          assert.lengthOf(entries, 1, `signed again at final height ${blockHeight}`);
          continue;
        }
        assert.deepEqual(
          entries.map((entry) => entry.state),
          ["expired", "sent"],
        );
        break;
      }
      chain.faults.set({ drop: 0 });
      await world.connection.sendRawTransaction(first.transaction, { skipPreflight: true }).catch(() => {});
      await bench.finish(keeper);
      assert.deepEqual([await settledOf(1), await spent()], [100n, 5_000n]);
    });

    it("waits out the last valid block even when the cluster refuses the blockhash at once", async () => {
      const { world, chain } = bench;
      await bench.keep(world.voucher(1, 100n));
      chain.faults.set({ drop: 1 });
      const keeper = await bench.startKeeper();
      await keeper.tick();
      chain.faults.set({ drop: 0 });
      await chain.faults.expireBlockhashes();
      await keeper.tick();
      await chain.clock.advance(100);
      await keeper.tick();
      assert.lengthOf(await bench.outbox(), 1);
      await chain.clock.advance(100);
      await bench.finish(keeper);
      assert.deepEqual([await settledOf(1), await spent()], [100n, 5_000n]);
    });

    it("is not done because an RPC node that lags behind doesn't know the signature yet", async () => {
      const { world, chain } = bench;
      await bench.keep(world.voucher(1, 100n));
      const keeper = await bench.startKeeper();
      await keeper.tick();
      await chain.clock.advance(300);
      const { connection } = world;
      const ask = connection.getSignatureStatuses.bind(connection);
      connection.getSignatureStatuses = async (signatures) => {
        connection.getSignatureStatuses = ask;
        return { context: { slot: 70 }, value: signatures.map(() => null) };
      };
      await keeper.tick();
      assert.deepEqual(
        (await bench.outbox()).map(({ state }) => state),
        ["sent"],
      );
      await bench.finish(keeper);
      assert.deepEqual([await settledOf(1), await spent(), (await bench.outbox()).length], [100n, 5_000n, 1]);
    });

    it("is not done by a keeper that takes over: it sends what the dead one had stored", async () => {
      const { world, chain } = bench;
      await bench.keep(world.voucher(1, 100n));
      chain.faults.set({ drop: 1 });
      const dead = await bench.startKeeper({ holder: "a" });
      await dead.tick();
      const heir = await bench.startKeeper({ holder: "b" });
      await heir.tick();
      assert.isFalse(heir.status().ledgers[0]?.leading);
      await chain.clock.advanceTime(31);
      chain.faults.set({ drop: 0 });
      await heir.tick();
      assert.isTrue(heir.status().ledgers[0]?.leading);
      await bench.finish(heir);
      assert.deepEqual([await settledOf(1), await spent(), (await bench.outbox()).length], [100n, 5_000n, 1]);
    });

    it("is not done by a keeper whose lease went to another while it was away", async () => {
      const { world, chain } = bench;
      const ledgers = [world.ledger];
      const stale = await bench.startKeeper({ holder: "a", ledgers });
      await stale.tick();
      await chain.clock.advanceTime(31);
      const heir = await bench.startKeeper({ holder: "b", ledgers });
      await heir.tick();
      await bench.keep(world.voucher(1, 100n));
      await Promise.all([stale.tick(), heir.tick()]);
      assert.deepEqual(
        [stale.status().ledgers[0]?.leading, heir.status().ledgers[0]?.leading],
        [false, true],
      );
      await bench.finish(heir);
      assert.deepEqual([await settledOf(1), await spent(), (await bench.outbox()).length], [100n, 5_000n, 1]);
    });
  });

  describe("a confirmed settlement that is rolled back", () => {
    async function confirmThenRollBack(keeper: RunningKeeper): Promise<void> {
      await keeper.tick();
      await bench.chain.clock.advance(2);
      await keeper.tick();
      assert.equal((await bench.outbox())[0]?.state, "confirmed");
      await bench.chain.faults.rollback(8);
      assert.equal(await settledOf(1), 0n);
    }

    it("lands again with the same bytes", async () => {
      await bench.keep(bench.world.voucher(1, 100n));
      const keeper = await bench.startKeeper();
      await confirmThenRollBack(keeper);
      await keeper.tick();
      await bench.finish(keeper);
      assert.deepEqual([await settledOf(1), await spent(), (await bench.outbox()).length], [100n, 5_000n, 1]);
    });

    it("is settled by a new transaction once the old one can't land any more", async () => {
      await bench.keep(bench.world.voucher(1, 100n));
      const keeper = await bench.startKeeper();
      await confirmThenRollBack(keeper);
      await bench.chain.faults.expireBlockhashes();
      await keeper.tick();
      assert.lengthOf(await bench.outbox(), 1);
      await bench.chain.clock.advance(250);
      await bench.finish(keeper);
      assert.deepEqual(
        (await bench.outbox()).map((entry) => entry.state),
        ["expired", "finalized"],
      );
      assert.deepEqual([await settledOf(1), await spent()], [100n, 5_000n]);
    });

    it("is not signed anew when the fork comes between a keeper's two looks at the chain", async () => {
      const { world, chain } = bench;
      await bench.keep(world.voucher(1, 100n));
      const keeper = await bench.startKeeper();
      await keeper.tick();
      await chain.clock.advance(2);
      const { connection } = world;
      const look = connection.getMultipleAccountsInfoAndContext.bind(connection);
      connection.getMultipleAccountsInfoAndContext = async (...args) => {
        connection.getMultipleAccountsInfoAndContext = look;
        await chain.faults.rollback(8);
        // Another node's view may be ahead in slots and on the other fork.
        await chain.clock.advance(12);
        return look(...args);
      };
      await keeper.tick();
      assert.lengthOf(await bench.outbox(), 1);
      await bench.finish(keeper);
      assert.deepEqual([await settledOf(1), await spent(), (await bench.outbox()).length], [100n, 5_000n, 1]);
    });

    it("counts for nothing until it is final", async () => {
      const { world, store } = bench;
      await bench.keep(world.voucher(1, 100n));
      const keeper = await bench.startKeeper();
      await confirmThenRollBack(keeper);
      assert.equal(keeper.status().settlements, 0);
      assert.equal((await store.readTotals(world.ledger)).settled, 0n);
      await bench.finish(keeper);
      assert.equal(keeper.status().settled, 100n);
    });
  });

  it("distributes once though the cluster is slow to hear of it", async () => {
    const { world, chain } = bench;
    await bench.keep(world.voucher(1, 1_000n));
    const keeper = await bench.startKeeper({}, { maxAgeSeconds: 0 });
    await bench.finish(keeper);
    await keeper.close();
    chain.faults.set({ drop: 1 });
    const paymaster = await bench.startKeeper({}, { distributeAt: 1_000n });
    for (let tick = 0; tick < 3; tick++) {
      await chain.clock.advance(3);
      await paymaster.tick();
    }
    assert.lengthOf(await bench.outbox("sent"), 1);
    chain.faults.set({ drop: 0 });
    await bench.finish(paymaster);
    assert.deepEqual([await world.balanceOf(world.payout), await spent()], [800n, 10_000n]);
  });

  it("distributes once though a fork undoes the payment", async () => {
    const { world, chain } = bench;
    await bench.keep(world.voucher(1, 1_000n));
    const keeper = await bench.startKeeper({}, { distributeAt: 1_000n });
    await keeper.tick();
    await keeper.tick();
    assert.equal(await world.balanceOf(world.payout), 800n);
    await chain.faults.rollback(6);
    assert.equal(await world.balanceOf(world.payout), 0n);
    await bench.finish(keeper);
    await bench.finish(keeper);
    assert.deepEqual([await world.balanceOf(world.payout), await spent()], [800n, 10_000n]);
  });

  describe("one stale watermark failing the whole batch", () => {
    it("lets the rest land when another keeper settled some of the lanes in between", async () => {
      const { world, chain } = bench;
      await bench.keep(...Array.from({ length: 13 }, (_, lane) => world.voucher(lane, 100n)));
      chain.faults.set({ delay: 1, delaySlots: 5 });
      const keeper = await bench.startKeeper();
      await keeper.tick();
      chain.faults.set({ delay: 0 });
      const { deployment, ledger } = world;
      const ahead = [world.voucher(3, 100n), world.voucher(7, 250n)];
      await world.send([settle({ deployment, ledger, batch: batchOf(ahead) })]);
      await chain.clock.advance(10);
      await bench.finish(keeper);
      const { lane, credited } = await world.readLanes();
      assert.deepEqual(
        [lane(3).settled, lane(7).settled, lane(12).settled, credited],
        [100n, 250n, 100n, 1_450n],
      );
      assert.deepEqual(
        (await bench.outbox()).map((entry) => entry.state),
        ["finalized"],
      );
    });
  });

  describe("a crank closing a lane without the best voucher it held", () => {
    const refund = async () => {
      const { connection, owner, deployment } = bench.world;
      const key = new PublicKey(deriveBalance(deployment.escrow, owner.publicKey).address);
      const account = await connection.getAccountInfo(key, "confirmed");
      return decodeBalance(account?.data ?? new Uint8Array()).free;
    };

    it("settles first and closes after the deadline, so that the payer gets back the rest and no more", async () => {
      const { world, chain } = bench;
      await bench.keep(world.voucher(1, 400_000n));
      await world.requestClose(1);
      const keeper = await bench.startKeeper();
      await bench.finish(keeper);
      await chain.clock.advanceTime(GRACE);
      await bench.finish(keeper);
      assert.equal((await world.readLanes()).lane(1).state, "free");
      assert.equal(await refund(), RESERVE - 400_000n);
    });

    it("does not close early though it is the operator, because a better voucher may come until the deadline", async () => {
      const { world, chain } = bench;
      await bench.keep(world.voucher(1, 100n));
      await world.requestClose(1);
      const keeper = await bench.startKeeper({ feePayer: world.operator });
      await bench.finish(keeper);
      await chain.clock.advanceTime(GRACE - 60);
      await bench.keep(world.voucher(1, 900_000n));
      await bench.finish(keeper);
      await chain.clock.advanceTime(60);
      await bench.finish(keeper);
      assert.equal((await world.readLanes()).lane(1).state, "free");
      assert.equal(await refund(), RESERVE - 900_000n);
    });

    it("does not close while the settlement is in flight, and settles again what a fork dropped before the deadline", async () => {
      const { world, chain } = bench;
      await bench.keep(world.voucher(1, 400_000n));
      await world.requestClose(1);
      await chain.clock.advance(20);
      const keeper = await bench.startKeeper();
      await keeper.tick();
      await keeper.tick();
      await chain.faults.rollback(6);
      assert.equal(await settledOf(1), 0n);
      await keeper.tick();
      assert.equal(await settledOf(1), 400_000n);
      await bench.finish(keeper);
      await chain.clock.advanceTime(GRACE);
      await bench.finish(keeper);
      assert.equal(await refund(), RESERVE - 400_000n);
    });

    it("waits with the close until the settlement is final", async () => {
      const { world, chain } = bench;
      await bench.keep(world.voucher(1, 400_000n));
      await world.requestClose(1);
      await chain.clock.advanceTime(GRACE - 5);
      const keeper = await bench.startKeeper();
      await keeper.tick();
      assert.equal(await settledOf(1), 400_000n);
      await chain.clock.advanceTime(6);
      await keeper.tick();
      await keeper.tick();
      assert.deepEqual(
        (await bench.outbox()).map(({ kind, state }) => [kind, state]),
        [["settle", "confirmed"]],
      );
      await chain.clock.advance(40);
      await bench.finish(keeper);
      assert.equal(await refund(), RESERVE - 400_000n);
    });

    it("waits with the close until it is certain that a lost settlement can't land", async () => {
      const { world, chain } = bench;
      await bench.keep(world.voucher(1, 400_000n));
      await world.requestClose(1);
      await chain.clock.advanceTime(GRACE - 30);
      chain.faults.set({ drop: 1 });
      const keeper = await bench.startKeeper();
      await keeper.tick();
      chain.faults.set({ drop: 0 });
      await chain.faults.expireBlockhashes();
      await chain.clock.advanceTime(31);
      await keeper.tick();
      assert.equal((await world.readLanes()).lane(1).state, "closing");
      await chain.clock.advance(250);
      await bench.finish(keeper);
      assert.equal((await world.readLanes()).lane(1).state, "free");
      assert.equal((await bench.store.listQuarantine(world.ledger))[0]?.reason, "too-late");
    });
  });

  it("stores a transaction before the cluster first hears of it", async () => {
    const { world, store } = bench;
    await bench.keep(world.voucher(1, 100n));
    const heard: string[] = [];
    const { connection } = world;
    const send = connection.sendRawTransaction.bind(connection);
    connection.sendRawTransaction = async (bytes, options) => {
      const signature = toBase58(Uint8Array.from(bytes).slice(1, 65));
      const stored = await store.listOutbox(world.ledger, ["prepared", "sent"]);
      assert.include(
        stored.map((entry) => toBase58(entry.signature)),
        signature,
      );
      heard.push(signature);
      return send(bytes, options);
    };
    const keeper = await bench.startKeeper();
    await bench.finish(keeper);
    assert.isAbove(heard.length, 0);
    assert.lengthOf(fromBase58(heard[0] ?? ""), 64);
  });

  it("never settles two lanes' worth from one voucher: a voucher of another lane, generation or ledger is quarantined", async () => {
    const { world, store } = bench;
    const own = world.voucher(1, 500n);
    await bench.keep({ ...own, lane: 2 });
    const keeper = await bench.startKeeper();
    await bench.finish(keeper);
    assert.equal((await world.readLanes()).credited, 0n);
    assert.equal((await store.listQuarantine(world.ledger))[0]?.reason, "signature");
  });
});
