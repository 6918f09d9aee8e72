import type { RunningKeeper } from "@tolldns/keepers";
import { fromBase58, toBase58 } from "@tolldns/sdk";
import { openSqliteStore } from "@tolldns/store";
import { assert } from "chai";
import { prepareAttack } from "./setup.ts";

describe("attacks on what a keeper sends", () => {
  const attack = prepareAttack();

  describe("a transaction re-signed before its blockhash had expired, paid twice", () => {
    it("sends the same bytes again while they may land, and pays once when they land late", async () => {
      const { world, chain } = attack.bench;
      await attack.bench.keep(world.voucher(1, 100n), world.voucher(2, 100n));
      chain.faults.set({ delay: 1, delaySlots: 60 });
      const keeper = await attack.bench.startKeeper();
      await keeper.tick();
      for (let i = 0; i < 5; i++) {
        await chain.clock.advance(10);
        await keeper.tick();
        assert.lengthOf(await attack.bench.outbox(), 1, "signed again");
      }
      assert.equal(await attack.settledOf(1), 0n);
      await chain.clock.advance(20);
      assert.equal(await attack.settledOf(1), 100n);
      await chain.clock.advance(100);
      await attack.bench.finish(keeper);
      assert.deepEqual([await attack.spent(), (await attack.bench.outbox()).length], [5_000n, 1]);
    });

    it("signs anew only once the block after the last valid one is final and nobody knows the signature", async () => {
      const { world, chain } = attack.bench;
      await attack.bench.keep(world.voucher(1, 100n));
      chain.faults.set({ drop: 1 });
      const keeper = await attack.bench.startKeeper();
      await keeper.tick();
      const [first] = await attack.bench.outbox();
      assert.isDefined(first);
      for (;;) {
        await chain.clock.advance(7);
        const { blockHeight = 0 } = await world.connection.getEpochInfo("finalized");
        await keeper.tick();
        const entries = await attack.bench.outbox();
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
      await attack.bench.finish(keeper);
      assert.deepEqual([await attack.settledOf(1), await attack.spent()], [100n, 5_000n]);
    });

    it("waits out the last valid block even when the cluster refuses the blockhash at once", async () => {
      const { world, chain } = attack.bench;
      await attack.bench.keep(world.voucher(1, 100n));
      chain.faults.set({ drop: 1 });
      const keeper = await attack.bench.startKeeper();
      await keeper.tick();
      chain.faults.set({ drop: 0 });
      await chain.faults.expireBlockhashes();
      await keeper.tick();
      await chain.clock.advance(100);
      await keeper.tick();
      assert.lengthOf(await attack.bench.outbox(), 1);
      await chain.clock.advance(100);
      await attack.bench.finish(keeper);
      assert.deepEqual([await attack.settledOf(1), await attack.spent()], [100n, 5_000n]);
    });

    it("is not done because an RPC node that lags behind doesn't know the signature yet", async () => {
      const { world, chain } = attack.bench;
      await attack.bench.keep(world.voucher(1, 100n));
      const keeper = await attack.bench.startKeeper();
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
        (await attack.bench.outbox()).map(({ state }) => state),
        ["sent"],
      );
      await attack.bench.finish(keeper);
      assert.deepEqual(
        [await attack.settledOf(1), await attack.spent(), (await attack.bench.outbox()).length],
        [100n, 5_000n, 1],
      );
    });

    it("is not done by a keeper that takes over: it sends what the dead one had stored", async () => {
      const { world, chain } = attack.bench;
      await attack.bench.keep(world.voucher(1, 100n));
      chain.faults.set({ drop: 1 });
      const dead = await attack.bench.startKeeper({ holder: "a" });
      await dead.tick();
      const heir = await attack.bench.startKeeper({ holder: "b" });
      await heir.tick();
      assert.isFalse(heir.status().ledgers[0]?.leading);
      await chain.clock.advanceTime(31);
      chain.faults.set({ drop: 0 });
      await heir.tick();
      assert.isTrue(heir.status().ledgers[0]?.leading);
      await attack.bench.finish(heir);
      assert.deepEqual(
        [await attack.settledOf(1), await attack.spent(), (await attack.bench.outbox()).length],
        [100n, 5_000n, 1],
      );
    });

    it("is not done by a keeper whose lease went to another while it was away", async () => {
      const { world, chain } = attack.bench;
      const ledgers = [world.ledger];
      const stale = await attack.bench.startKeeper({ holder: "a", ledgers });
      await stale.tick();
      await chain.clock.advanceTime(31);
      const heir = await attack.bench.startKeeper({ holder: "b", ledgers });
      await heir.tick();
      await attack.bench.keep(world.voucher(1, 100n));
      await Promise.all([stale.tick(), heir.tick()]);
      assert.deepEqual(
        [stale.status().ledgers[0]?.leading, heir.status().ledgers[0]?.leading],
        [false, true],
      );
      await attack.bench.finish(heir);
      assert.deepEqual(
        [await attack.settledOf(1), await attack.spent(), (await attack.bench.outbox()).length],
        [100n, 5_000n, 1],
      );
    });
  });

  describe("a confirmed settlement that is rolled back", () => {
    async function confirmThenRollBack(keeper: RunningKeeper): Promise<void> {
      await keeper.tick();
      await attack.bench.chain.clock.advance(2);
      await keeper.tick();
      assert.equal((await attack.bench.outbox())[0]?.state, "confirmed");
      await attack.bench.chain.faults.rollback(8);
      assert.equal(await attack.settledOf(1), 0n);
    }

    it("lands again with the same bytes", async () => {
      await attack.bench.keep(attack.bench.world.voucher(1, 100n));
      const keeper = await attack.bench.startKeeper();
      await confirmThenRollBack(keeper);
      await keeper.tick();
      await attack.bench.finish(keeper);
      assert.deepEqual(
        [await attack.settledOf(1), await attack.spent(), (await attack.bench.outbox()).length],
        [100n, 5_000n, 1],
      );
    });

    it("is settled by a new transaction once the old one can't land any more", async () => {
      await attack.bench.keep(attack.bench.world.voucher(1, 100n));
      const keeper = await attack.bench.startKeeper();
      await confirmThenRollBack(keeper);
      await attack.bench.chain.faults.expireBlockhashes();
      await keeper.tick();
      assert.lengthOf(await attack.bench.outbox(), 1);
      await attack.bench.chain.clock.advance(250);
      await attack.bench.finish(keeper);
      assert.deepEqual(
        (await attack.bench.outbox()).map((entry) => entry.state),
        ["expired", "finalized"],
      );
      assert.deepEqual([await attack.settledOf(1), await attack.spent()], [100n, 5_000n]);
    });

    it("is not signed anew when the fork comes between a keeper's two looks at the chain", async () => {
      const { world, chain } = attack.bench;
      await attack.bench.keep(world.voucher(1, 100n));
      const keeper = await attack.bench.startKeeper();
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
      assert.lengthOf(await attack.bench.outbox(), 1);
      await attack.bench.finish(keeper);
      assert.deepEqual(
        [await attack.settledOf(1), await attack.spent(), (await attack.bench.outbox()).length],
        [100n, 5_000n, 1],
      );
    });

    it("counts for nothing until it is final", async () => {
      const { world, store } = attack.bench;
      await attack.bench.keep(world.voucher(1, 100n));
      const keeper = await attack.bench.startKeeper();
      await confirmThenRollBack(keeper);
      assert.equal(keeper.status().settlements, 0);
      assert.equal((await store.readTotals(world.ledger)).settled, 0n);
      await attack.bench.finish(keeper);
      assert.equal(keeper.status().settled, 100n);
    });
  });

  it("stores a transaction before the cluster first hears of it", async () => {
    const { world, store } = attack.bench;
    await attack.bench.keep(world.voucher(1, 100n));
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
    const keeper = await attack.bench.startKeeper();
    await attack.bench.finish(keeper);
    assert.isAbove(heard.length, 0);
    assert.lengthOf(fromBase58(heard[0] ?? ""), 64);
  });

  it("sends nothing it can't store on a full disk, and settles once there is room", async () => {
    const { world, storeConfig } = attack.bench;
    if (storeConfig.kind !== "sqlite") throw new Error("a file is needed");
    await attack.bench.keep(world.voucher(0, 1n));
    // No page more than there is now: soon no transaction fits.
    const cramped = await openSqliteStore({ path: storeConfig.path, maxBytes: 4_096 });
    const keeper = await attack.bench.startKeeper({ store: cramped, holder: "a" });
    let round = 1n;
    for (; !keeper.status().ledgers[0]?.lastError?.startsWith("full") && round < 40n; round++) {
      await attack.bench.keep(...Array.from({ length: 13 }, (_, lane) => world.voucher(lane, round * 100n)));
      await keeper.tick();
    }
    assert.include(keeper.status().ledgers[0]?.lastError ?? "", "full");
    assert.equal(await attack.spent(), 5_000n * BigInt((await attack.bench.outbox()).length));
    await keeper.close();
    await cramped.close();
    const roomy = await attack.bench.startKeeper({ holder: "a" });
    await attack.bench.finish(roomy);
    assert.equal((await world.readLanes()).credited, 1_300n * (round - 1n));
    assert.equal(await attack.spent(), 5_000n * BigInt((await attack.bench.outbox()).length));
  });
});
