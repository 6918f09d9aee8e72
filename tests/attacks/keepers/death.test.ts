import { type Connection, PublicKey } from "@solana/web3.js";
import type { Store } from "@tolldns/store";
import { assert } from "chai";
import { type Bench, makeTemplate, type Template } from "../../keepers/world/bench.ts";

/** Something that dies at its n-th call: before it is made, or after it was made and before its answer is heard. */
interface Life {
  calls: number;
  readonly last: number;
  readonly heard: boolean;
}

class Dead extends Error {}

function mortal<T extends object>(thing: T, life: Life): T {
  return new Proxy(thing, {
    get: (target, name) => {
      const value = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      return async (...args: unknown[]) => {
        life.calls++;
        if (life.calls > life.last || (life.calls === life.last && !life.heard)) throw new Dead();
        const result = await value.apply(target, args);
        if (life.calls === life.last) throw new Dead();
        return result;
      };
    },
  });
}

describe("a keeper that dies at any of its steps", function () {
  this.timeout(60_000);
  let template: Template;
  let bench: Bench;
  before(async () => {
    template = await makeTemplate({ lanes: 60 });
    bench = await template.open();
  });
  after(async () => {
    await bench.end();
    template.remove();
  });

  for (const heard of [false, true]) {
    it(`leaves nothing unsettled and pays nothing twice, dying ${heard ? "after" : "before"} each call to store or chain`, async () => {
      const { world, chain, store } = bench;
      const { connection } = world;
      const funds = async () =>
        BigInt(await connection.getBalance(new PublicKey(world.keeper.publicKey), "confirmed"));
      const before = await funds();
      const entriesBefore = (await bench.outbox()).length;
      let died = true;
      let step = 0;
      for (; died; step++) {
        const lane = step + (heard ? 30 : 0);
        await bench.keep(world.voucher(lane, 100n));
        const life: Life = { calls: 0, last: step + 1, heard };
        const doomed = await bench.startKeeper({
          store: mortal<Store>(store, life),
          connection: mortal<Connection>(connection, life),
          holder: `doomed ${step}`,
        });
        await doomed.tick();
        await doomed.close();
        died = life.calls >= life.last;
        await chain.clock.advanceTime(31);
        const heir = await bench.startKeeper({ holder: `heir ${step}` });
        await bench.finish(heir);
        await heir.close();
        assert.equal((await world.readLanes()).lane(lane).settled, 100n, `died at step ${step}`);
      }
      assert.isAbove(step, 10, "a keeper's tick has more steps than that");
      const entries = (await bench.outbox()).slice(entriesBefore);
      assert.deepEqual(
        entries.map(({ state }) => state),
        entries.map(() => "finalized"),
      );
      assert.deepEqual([entries.length, before - (await funds())], [step, 5_000n * BigInt(step)]);
    });
  }
});
