import type { Lease, NewOutboxEntry, OutboxState, Store } from "@tolldns/store";
import { assert } from "chai";
import { codeOf, LEDGER, laneKey, type MakeFixture, type StoreFixture, voucher } from "./fixture.ts";

function entry(id: number, lanes: readonly number[], more: Partial<NewOutboxEntry> = {}): NewOutboxEntry {
  return {
    signature: new Uint8Array(64).fill(id),
    kind: "settle",
    ledger: LEDGER,
    transaction: new Uint8Array([id, 1, 2, 3]),
    lastValidBlockHeight: 150,
    vouchers: lanes.map((lane) => voucher(lane, 5n)),
    amount: 5n * BigInt(lanes.length),
    fee: 5_000n,
    ...more,
  };
}

/** What holds of leases, outbox and settings in every store. */
export function describeOutbox(make: MakeFixture): void {
  let fixture: StoreFixture;
  let store: Store;
  beforeEach(async () => {
    fixture = await make();
    store = await fixture.open();
  });
  afterEach(() => fixture.end());

  async function lease(holder = "a", now = 0): Promise<Lease> {
    const got = await store.acquireLease("settle", holder, 10, now);
    assert.isNotNull(got);
    return got;
  }

  describe("leases", () => {
    it("gives one holder the lease until it expires", async () => {
      const first = await lease("a");
      assert.deepEqual(first, { name: "settle", holder: "a", token: 1n, expiresAt: 10 });
      assert.isNull(await store.acquireLease("settle", "b", 10, 9));
      assert.equal((await store.acquireLease("settle", "b", 10, 10))?.token, 2n);
    });

    it("gives exactly one of many who ask at once the lease", async () => {
      const other = await fixture.open();
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, i) =>
          (i % 2 === 0 ? store : other).acquireLease("settle", `h${i}`, 10, 0),
        ),
      );
      assert.lengthOf(
        answers.filter((answer) => answer !== null),
        1,
      );
    });

    it("extends the lease of its holder and of nobody else", async () => {
      const first = await lease("a");
      assert.equal((await store.renewLease(first, 10, 5)).expiresAt, 15);
      assert.isNull(await store.acquireLease("settle", "b", 10, 12));
      await lease("b", 15);
      assert.equal(await codeOf(store.renewLease(first, 10, 16)), "lease-lost");
    });

    it("frees a released lease at once and never gives a token twice", async () => {
      const first = await lease("a");
      await store.releaseLease(first);
      assert.equal((await lease("b", 1)).token, 2n);
      await store.releaseLease(first);
      assert.equal((await store.readLease("settle"))?.holder, "b");
    });

    it("refuses every write of a holder whose lease was taken over", async () => {
      const old = await lease("a");
      await store.addOutbox(entry(1, [1]), old, 0);
      await lease("b", 20);
      const signature = entry(1, []).signature;
      const writes = [
        store.addOutbox(entry(2, [2]), old, 21),
        store.moveOutbox({ signature, from: ["prepared"], to: "sent" }, old, 21),
        store.raiseSettled([{ ...laneKey(1), settled: 5n }], old),
        store.forgetLanes([laneKey(1)], old),
        store.addQuarantine({ ...voucher(1, 5n), reason: "simulation", detail: "" }, old, 21),
        store.pruneOutbox(100, old),
      ];
      assert.deepEqual(
        await Promise.all(writes.map(codeOf)),
        writes.map(() => "lease-lost"),
      );
    });
  });

  describe("outbox", () => {
    it("gives back what was stored, oldest first", async () => {
      const held = await lease();
      await store.addOutbox(entry(9, [1, 2]), held, 3);
      await store.addOutbox(entry(4, [3]), held, 3);
      const [first, second] = await store.listOutbox(LEDGER, ["prepared"]);
      assert.deepEqual(first, {
        ...entry(9, [1, 2]),
        state: "prepared",
        slot: null,
        reason: null,
        createdAt: 3,
        updatedAt: 3,
      });
      assert.equal(second?.signature[0], 4);
    });

    it("stores the same bytes twice as once, and other bytes of the signature not at all", async () => {
      const held = await lease();
      await store.addOutbox(entry(1, [1]), held, 3);
      await store.addOutbox(entry(1, [1]), held, 4);
      assert.lengthOf(await store.listOutbox(LEDGER, ["prepared"]), 1);
      const forged = entry(1, [1], { transaction: new Uint8Array([9]) });
      assert.equal(await codeOf(store.addOutbox(forged, held, 4)), "outbox-duplicate");
    });

    for (const state of ["prepared", "sent"] as const) {
      it(`refuses a second transaction for a lane whose first is ${state}`, async () => {
        const held = await lease();
        await store.addOutbox(entry(1, [1, 2]), held, 3);
        const { signature } = entry(1, []);
        if (state === "sent") await store.moveOutbox({ signature, from: ["prepared"], to: "sent" }, held, 4);
        assert.equal(await codeOf(store.addOutbox(entry(2, [3, 2]), held, 4)), "lane-busy");
        assert.lengthOf(await store.listOutbox(LEDGER, ["prepared", "sent"]), 1);
      });
    }

    for (const state of ["confirmed", "expired", "failed"] as const) {
      it(`allows a second transaction for a lane whose first is ${state}`, async () => {
        const held = await lease();
        await store.addOutbox(entry(1, [1]), held, 3);
        await store.moveOutbox({ signature: entry(1, []).signature, from: ["prepared"], to: state }, held, 4);
        await store.addOutbox(entry(2, [1]), held, 4);
        assert.lengthOf(await store.listOutbox(LEDGER, ["prepared"]), 1);
      });
    }

    it("moves only from where the caller saw it", async () => {
      const held = await lease();
      await store.addOutbox(entry(1, [1]), held, 3);
      const { signature } = entry(1, []);
      assert.equal(
        await codeOf(store.moveOutbox({ signature, from: ["sent"], to: "confirmed" }, held, 4)),
        "outbox-state",
      );
      const unknown = new Uint8Array(64).fill(200);
      assert.equal(
        await codeOf(store.moveOutbox({ signature: unknown, from: ["sent"], to: "confirmed" }, held, 4)),
        "outbox-unknown",
      );
      await store.moveOutbox({ signature, from: ["prepared"], to: "sent" }, held, 4);
      assert.equal((await store.listOutbox(LEDGER, ["sent"]))[0]?.state, "sent");
    });

    for (const state of ["finalized", "expired", "failed"] as const satisfies readonly OutboxState[]) {
      it(`drops the bytes of a transaction that is ${state}, so that nothing can send it again`, async () => {
        const held = await lease();
        await store.addOutbox(entry(1, [1]), held, 3);
        const { signature } = entry(1, []);
        await store.moveOutbox({ signature, from: ["prepared"], to: state, reason: "why" }, held, 4);
        const [row] = await store.listOutbox(LEDGER, [state]);
        assert.lengthOf(row?.transaction ?? [1], 0);
        assert.equal(row?.reason, "why");
      });
    }

    it("lists settlements that landed, newest first, with slot, payers, amount and fee", async () => {
      const held = await lease();
      for (const id of [1, 2, 3]) await store.addOutbox(entry(id, [id, id + 10]), held, 3);
      await store.addOutbox(entry(4, [], { kind: "distribute" }), held, 3);
      const move = (id: number, to: OutboxState, slot: number) =>
        store.moveOutbox(
          { signature: entry(id, []).signature, from: ["prepared"], to, slot, fee: 7_000n },
          held,
          8,
        );
      await move(1, "finalized", 50);
      await move(2, "confirmed", 60);
      await move(4, "finalized", 61);
      assert.deepEqual(await store.listSettlements(10), [
        { ...settled(2, 60), state: "confirmed" },
        { ...settled(1, 50), state: "finalized" },
      ]);
      assert.lengthOf(await store.listSettlements(1, LEDGER), 1);
      assert.lengthOf(await store.listSettlements(1, new Uint8Array(32)), 0);
      const ofLane = async (...lanes: number[]) =>
        (await store.listSettlements(10, LEDGER, lanes)).map(({ slot }) => slot);
      assert.deepEqual(await ofLane(11), [50]);
      assert.deepEqual(await ofLane(2, 11), [60, 50]);
      assert.deepEqual([await ofLane(3), await ofLane()], [[], []]);
    });

    it("prunes what ended long ago and nothing else", async () => {
      const held = await lease();
      for (const id of [1, 2, 3]) await store.addOutbox(entry(id, [id]), held, 3);
      await store.moveOutbox(
        { signature: entry(1, []).signature, from: ["prepared"], to: "finalized" },
        held,
        4,
      );
      await store.moveOutbox(
        { signature: entry(2, []).signature, from: ["prepared"], to: "finalized" },
        held,
        9,
      );
      assert.equal(await store.pruneOutbox(5, held), 1);
      assert.lengthOf(await store.listOutbox(LEDGER, ["prepared", "finalized"]), 2);
    });
  });

  describe("settings", () => {
    it("keeps a value until another replaces it", async () => {
      assert.isNull(await store.readValue("x"));
      await store.writeValue("x", new Uint8Array([1, 2]));
      await store.writeValue("x", new Uint8Array([3]));
      assert.deepEqual(await store.readValue("x"), new Uint8Array([3]));
    });

    it("is still there after the store was closed and opened again", async () => {
      await store.writeValue("x", new Uint8Array([1, 2]));
      await store.close();
      assert.equal(await codeOf(store.readValue("x")), "closed");
      assert.deepEqual(await (await fixture.open()).readValue("x"), new Uint8Array([1, 2]));
    });
  });
}

function settled(id: number, slot: number) {
  return {
    signature: new Uint8Array(64).fill(id),
    ledger: LEDGER,
    slot,
    payers: 2,
    amount: 10n,
    fee: 7_000n,
    at: 8,
  };
}
