import { deriveLedger, MAX_AMOUNT } from "@tolldns/sdk";
import { expect } from "chai";
import {
  closeLane,
  extendLedger,
  type Instruction,
  openLane,
  openLedger,
  requestClose,
  settle,
  topUpLane,
} from "../../programs/world/sdk.ts";
import {
  busyWorld,
  GRACE,
  NOON,
  PARTIES,
  RESERVE,
  type Row,
  SESSIONS,
  TODAY,
  type World,
} from "../../programs/world/world.ts";
import { attack, refuse } from "./attack.ts";
import { code } from "./errors.ts";

const FILE = import.meta.url;
const { alice, bob, operator } = PARTIES;

const settleOf = (world: World, records: readonly Row[], baseDay = TODAY): Instruction =>
  settle({ deployment: world.deployment, ledger: world.ledger, batch: { baseDay, records } });

describe("escrow: vouchers in time and in batches", () => {
  attack(FILE, "voucher replay", "takes the same voucher twice and the money once", () => {
    const world = busyWorld();
    const instruction = settleOf(world, [world.record(SESSIONS.alice, 0, 10n)]);
    world.must(instruction, []);
    const after = world.machine.data(world.ledger);
    world.must(instruction, []);
    expect(world.machine.data(world.ledger)).eql(after);
  });

  attack(
    FILE,
    "voucher equal",
    "does nothing for a voucher of what is settled already, whatever its signature",
    () => {
      const world = busyWorld();
      world.must(settleOf(world, [world.record(SESSIONS.alice, 0, 10n)]), []);
      const after = world.machine.data(world.ledger);
      const unsigned = { lane: 0, cumulative: 10n, expiryOffset: 0, signature: new Uint8Array(64) };
      world.must(settleOf(world, [unsigned]), []);
      world.must(settleOf(world, [{ ...unsigned, cumulative: 0n }]), []);
      expect(world.machine.data(world.ledger)).eql(after);
    },
  );

  attack(FILE, "voucher older", "does nothing for an older voucher after a newer one", () => {
    const world = busyWorld();
    const older = world.record(SESSIONS.alice, 0, 10n);
    world.must(settleOf(world, [world.record(SESSIONS.alice, 0, 30n)]), []);
    world.must(settleOf(world, [older]), []);
    expect(world.readLane(0).settled).equal(30n);
    expect(world.readLedger().credited).equal(30n);
  });

  attack(FILE, "voucher reserve", "takes a voucher of the whole reserve and not of one more", () => {
    const world = busyWorld();
    refuse(
      world,
      settleOf(world, [world.record(SESSIONS.alice, 0, RESERVE + 1n)]),
      [],
      code("VoucherOverReserve"),
    );
    refuse(
      world,
      settleOf(world, [world.record(SESSIONS.alice, 0, MAX_AMOUNT)]),
      [],
      code("VoucherOverReserve"),
    );
    world.must(settleOf(world, [world.record(SESSIONS.alice, 0, RESERVE)]), []);
    expect(world.readLane(0)).include({ settled: RESERVE, reserve: RESERVE });
    const { deployment, ledger } = world;
    const more = world.record(SESSIONS.alice, 0, RESERVE + 1n);
    refuse(world, settleOf(world, [more]), [], code("VoucherOverReserve"));
    world.must(
      topUpLane({ deployment, ledger, owner: alice.publicKey, lane: 0, generation: 1, amount: 1n }),
      [alice],
    );
    world.must(settleOf(world, [more]), []);
  });

  attack(FILE, "lane twice", "settles the higher of two vouchers of one lane in either order", () => {
    for (const order of [
      [10n, 30n],
      [30n, 10n],
    ]) {
      const world = busyWorld();
      world.must(
        settleOf(
          world,
          order.map((amount) => world.record(SESSIONS.alice, 0, amount)),
        ),
        [],
      );
      expect(world.readLane(0).settled).equal(30n);
      expect(world.readLedger().credited).equal(30n);
    }
  });

  attack(FILE, "lane reused", "takes no voucher of a lane's former life", () => {
    const world = busyWorld();
    const { deployment, ledger } = world;
    const former = world.record(SESSIONS.alice, 0, 100n);
    world.must(
      closeLane({
        deployment,
        ledger,
        lane: 0,
        generation: 1,
        owner: alice.publicKey,
        closer: operator.publicKey,
      }),
      [operator],
    );
    refuse(world, settleOf(world, [former]), [], code("VoucherLaneFree"));
    world.openLane(alice, 0, SESSIONS.alice);
    expect(world.readLane(0).generation).equal(2);
    refuse(world, settleOf(world, [former]), [], code("VoucherSignature"));
    // And a new owner's key is no help either.
    const stale = { deployment, ledger, lane: 0, generation: 1, owner: alice.publicKey };
    refuse(world, requestClose(stale), [alice], code("LaneGeneration"));
  });

  attack(
    FILE,
    "bad row",
    "fails a whole batch for one bad record, wherever it stands, and moves nothing",
    () => {
      const world = busyWorld();
      const good = [world.record(SESSIONS.alice, 0, 10n), world.record(SESSIONS.bob, 1, 10n)];
      const bad = world.record(SESSIONS.bob, 0, 20n);
      for (let at = 0; at <= good.length; at++)
        refuse(world, settleOf(world, good.toSpliced(at, 0, bad)), [], code("VoucherSignature"));
      world.must(settleOf(world, good), []);
    },
  );

  attack(FILE, "stale row", "settles the rest of a batch although one of its vouchers is stale", () => {
    const world = busyWorld();
    const stale = world.record(SESSIONS.alice, 0, 5n);
    world.must(settleOf(world, [world.record(SESSIONS.alice, 0, 10n)]), []);
    world.must(settleOf(world, [stale, world.record(SESSIONS.bob, 1, 7n)]), []);
    expect([world.readLane(0).settled, world.readLane(1).settled]).eql([10n, 7n]);
  });

  attack(FILE, "batch twice", "credits a batch once that is sent twice", () => {
    const world = busyWorld();
    const batch = settleOf(world, [world.record(SESSIONS.alice, 0, 10n), world.record(SESSIONS.bob, 1, 20n)]);
    world.must([batch, batch], []);
    world.must(batch, []);
    expect(world.readLedger().credited).equal(30n);
  });

  attack(
    FILE,
    "batches overlap",
    "credits each lane's best voucher once, in whatever order two keepers' batches land",
    () => {
      for (const order of [
        [0, 1],
        [1, 0],
      ]) {
        const world = busyWorld();
        const batches = [
          settleOf(world, [world.record(SESSIONS.alice, 0, 10n), world.record(SESSIONS.bob, 1, 25n)]),
          settleOf(world, [world.record(SESSIONS.alice, 0, 15n), world.record(SESSIONS.bob, 1, 20n)]),
        ];
        for (const i of order) world.must(batches[i] as Instruction, []);
        expect([world.readLane(0).settled, world.readLane(1).settled]).eql([15n, 25n]);
        expect(world.readLedger().credited).equal(40n);
      }
    },
  );

  attack(
    FILE,
    "served while closing",
    "redeems what was served while a close was pending, up to the deadline",
    () => {
      const world = busyWorld();
      const { deployment, ledger } = world;
      world.must(requestClose({ deployment, ledger, lane: 0, generation: 1, owner: alice.publicKey }), [
        alice,
      ]);
      expect(world.readLane(0).state).equal("closing");
      world.machine.setTime(NOON + BigInt(GRACE) - 1n);
      world.must(settleOf(world, [world.record(SESSIONS.alice, 0, 500n)]), []);
      expect(world.readLedger().credited).equal(500n);
    },
  );

  attack(
    FILE,
    "crank without best voucher",
    "lets no crank close a lane while its best voucher can still be settled",
    () => {
      const world = busyWorld();
      const { deployment, ledger, machine } = world;
      const lane = { deployment, ledger, lane: 0, generation: 1, owner: alice.publicKey };
      const best = world.record(SESSIONS.alice, 0, 500n);
      world.must(requestClose(lane), [alice]);
      machine.setTime(NOON + BigInt(GRACE) - 1n);
      refuse(world, closeLane({ ...lane, closer: bob.publicKey }), [bob], code("LaneNotDue"));
      world.must(settleOf(world, [best]), []);
      machine.setTime(NOON + BigInt(GRACE));
      world.must(closeLane({ ...lane, closer: bob.publicKey }), [bob]);
      expect(world.readBalance(alice)?.free).equal(5n * RESERVE - 500n);
    },
  );

  attack(FILE, "voucher foreign", "settles a ledger's vouchers in that ledger alone", () => {
    const world = busyWorld();
    const { deployment, payout } = world;
    const second = deriveLedger(deployment.escrow, deployment.genesisHash, operator.publicKey, 1).address;
    world.must(openLedger({ deployment, operator: operator.publicKey, index: 1, payout, minReserve: 1n }), [
      operator,
    ]);
    world.must(extendLedger({ deployment, operator: operator.publicKey, ledger: second, rows: 2 }), [
      operator,
    ]);
    const sessionKey = SESSIONS.alice.publicKey;
    world.must(
      openLane({ deployment, ledger: second, owner: alice.publicKey, lane: 0, sessionKey, reserve: RESERVE }),
      [alice],
    );
    // Same lane, generation and session key: only the ledger tells the two lanes apart.
    const batch = { baseDay: TODAY, records: [world.record(SESSIONS.alice, 0, 10n)] };
    refuse(world, settle({ deployment, ledger: second, batch }), [], code("VoucherSignature"));
    world.must(settle({ deployment, ledger: world.ledger, batch }), []);
  });
});
