import { PublicKey } from "@solana/web3.js";
import { batchOf, deriveBalance, signVoucher } from "@tolldns/sdk";
import { decodeBalance, settle } from "@tolldns/sdk/escrow";
import { assert } from "chai";
import { GRACE, prepareAttack, RESERVE } from "./setup.ts";

describe("attacks on what a keeper settles, closes and pays out", () => {
  const attack = prepareAttack();

  describe("one stale watermark failing the whole batch", () => {
    it("lets the rest land when another keeper settled some of the lanes in between", async () => {
      const { world, chain } = attack.bench;
      await attack.bench.keep(...Array.from({ length: 13 }, (_, lane) => world.voucher(lane, 100n)));
      chain.faults.set({ delay: 1, delaySlots: 5 });
      const keeper = await attack.bench.startKeeper();
      await keeper.tick();
      chain.faults.set({ delay: 0 });
      const { deployment, ledger } = world;
      const ahead = [world.voucher(3, 100n), world.voucher(7, 250n)];
      await world.send([settle({ deployment, ledger, batch: batchOf(ahead) })]);
      await chain.clock.advance(10);
      await attack.bench.finish(keeper);
      const { lane, credited } = await world.readLanes();
      assert.deepEqual(
        [lane(3).settled, lane(7).settled, lane(12).settled, credited],
        [100n, 250n, 100n, 1_450n],
      );
      assert.deepEqual(
        (await attack.bench.outbox()).map((entry) => entry.state),
        ["finalized"],
      );
    });
  });

  describe("a crank closing a lane without the best voucher it held", () => {
    const refund = async () => {
      const { connection, owner, deployment } = attack.bench.world;
      const key = new PublicKey(deriveBalance(deployment.escrow, owner.publicKey).address);
      const account = await connection.getAccountInfo(key, "confirmed");
      return decodeBalance(account?.data ?? new Uint8Array()).free;
    };

    it("settles first and closes after the deadline, so that the payer gets back the rest and no more", async () => {
      const { world, chain } = attack.bench;
      await attack.bench.keep(world.voucher(1, 400_000n));
      await world.requestClose(1);
      const keeper = await attack.bench.startKeeper();
      await attack.bench.finish(keeper);
      await chain.clock.advanceTime(GRACE);
      await attack.bench.finish(keeper);
      assert.equal((await world.readLanes()).lane(1).state, "free");
      assert.equal(await refund(), RESERVE - 400_000n);
    });

    it("does not close early though it is the operator, because a better voucher may come until the deadline", async () => {
      const { world, chain } = attack.bench;
      await attack.bench.keep(world.voucher(1, 100n));
      await world.requestClose(1);
      const keeper = await attack.bench.startKeeper({ feePayer: world.operator });
      await attack.bench.finish(keeper);
      await chain.clock.advanceTime(GRACE - 60);
      await attack.bench.keep(world.voucher(1, 900_000n));
      await attack.bench.finish(keeper);
      await chain.clock.advanceTime(60);
      await attack.bench.finish(keeper);
      assert.equal((await world.readLanes()).lane(1).state, "free");
      assert.equal(await refund(), RESERVE - 900_000n);
    });

    it("does not close while the settlement is in flight, and settles again what a fork dropped before the deadline", async () => {
      const { world, chain } = attack.bench;
      await attack.bench.keep(world.voucher(1, 400_000n));
      await world.requestClose(1);
      await chain.clock.advance(20);
      const keeper = await attack.bench.startKeeper();
      await keeper.tick();
      await keeper.tick();
      await chain.faults.rollback(6);
      assert.equal(await attack.settledOf(1), 0n);
      await keeper.tick();
      assert.equal(await attack.settledOf(1), 400_000n);
      await attack.bench.finish(keeper);
      await chain.clock.advanceTime(GRACE);
      await attack.bench.finish(keeper);
      assert.equal(await refund(), RESERVE - 400_000n);
    });

    it("waits with the close until the settlement is final", async () => {
      const { world, chain } = attack.bench;
      await attack.bench.keep(world.voucher(1, 400_000n));
      await world.requestClose(1);
      await chain.clock.advanceTime(GRACE - 5);
      const keeper = await attack.bench.startKeeper();
      await keeper.tick();
      assert.equal(await attack.settledOf(1), 400_000n);
      await chain.clock.advanceTime(6);
      await keeper.tick();
      await keeper.tick();
      assert.deepEqual(
        (await attack.bench.outbox()).map(({ kind, state }) => [kind, state]),
        [["settle", "confirmed"]],
      );
      await chain.clock.advance(40);
      await attack.bench.finish(keeper);
      assert.equal(await refund(), RESERVE - 400_000n);
    });

    it("waits with the close until it is certain that a lost settlement can't land", async () => {
      const { world, chain } = attack.bench;
      await attack.bench.keep(world.voucher(1, 400_000n));
      await world.requestClose(1);
      await chain.clock.advanceTime(GRACE - 30);
      chain.faults.set({ drop: 1 });
      const keeper = await attack.bench.startKeeper();
      await keeper.tick();
      chain.faults.set({ drop: 0 });
      await chain.faults.expireBlockhashes();
      await chain.clock.advanceTime(31);
      await keeper.tick();
      assert.equal((await world.readLanes()).lane(1).state, "closing");
      await chain.clock.advance(250);
      await attack.bench.finish(keeper);
      assert.equal((await world.readLanes()).lane(1).state, "free");
      assert.equal((await attack.bench.store.listQuarantine(world.ledger))[0]?.reason, "too-late");
    });
  });

  for (const [what, change] of [
    ["lane", { lane: 7 }],
    ["generation", { generation: 2 }],
    ["ledger", { ledger: new Uint8Array(32).fill(9) }],
    ["amount", { cumulative: 499n }],
    ["expiry day", { expiryDay: 65_000 }],
  ] as const) {
    it(`settles nothing by a signature over another ${what}, and quarantines the voucher`, async () => {
      const { world, store } = attack.bench;
      const good = world.voucher(1, 500n);
      const { signature } = signVoucher({ ...good, ...change }, world.sessionKey(1));
      await attack.bench.keep({ ...good, signature });
      const keeper = await attack.bench.startKeeper();
      await attack.bench.finish(keeper);
      assert.equal((await world.readLanes()).credited, 0n);
      assert.equal((await store.listQuarantine(world.ledger))[0]?.reason, "signature");
    });
  }

  it("distributes once though the cluster is slow to hear of it", async () => {
    const { world, chain } = attack.bench;
    await attack.bench.keep(world.voucher(1, 1_000n));
    const keeper = await attack.bench.startKeeper({}, { maxAgeSeconds: 0 });
    await attack.bench.finish(keeper);
    await keeper.close();
    chain.faults.set({ drop: 1 });
    const paymaster = await attack.bench.startKeeper({}, { distributeAt: 1_000n });
    for (let tick = 0; tick < 3; tick++) {
      await chain.clock.advance(3);
      await paymaster.tick();
    }
    assert.lengthOf(await attack.bench.outbox("sent"), 1);
    chain.faults.set({ drop: 0 });
    await attack.bench.finish(paymaster);
    assert.deepEqual([await world.balanceOf(world.payout), await attack.spent()], [800n, 10_000n]);
  });

  it("distributes once though a fork undoes the payment", async () => {
    const { world, chain } = attack.bench;
    await attack.bench.keep(world.voucher(1, 1_000n));
    const keeper = await attack.bench.startKeeper({}, { distributeAt: 1_000n });
    await keeper.tick();
    await keeper.tick();
    assert.equal(await world.balanceOf(world.payout), 800n);
    await chain.faults.rollback(6);
    assert.equal(await world.balanceOf(world.payout), 0n);
    await attack.bench.finish(keeper);
    await attack.bench.finish(keeper);
    assert.deepEqual([await world.balanceOf(world.payout), await attack.spent()], [800n, 10_000n]);
  });
});
