import { expect } from "chai";
import { keyOf } from "../../programs/world/keys.ts";
import { closeLane, rekeyLane, requestClose, revokeLane, settle } from "../../programs/world/sdk.ts";
import {
  busyWorld,
  GRACE,
  NOON,
  PARTIES,
  RESERVE,
  SESSIONS,
  TODAY,
  type World,
} from "../../programs/world/world.ts";
import { attack, refuse } from "./attack.ts";
import { code } from "./errors.ts";

const FILE = import.meta.url;
const { alice, operator, stranger } = PARTIES;
const DEADLINE = NOON + BigInt(GRACE);
const MIDNIGHT = BigInt(TODAY + 1) * 86_400n;
const lane = ({ deployment, ledger }: World) => ({
  deployment,
  ledger,
  lane: 0,
  generation: 1,
  owner: alice.publicKey,
});
const settleOf = (world: World, amount: bigint, expiryDay = TODAY) =>
  settle({
    deployment: world.deployment,
    ledger: world.ledger,
    batch: { baseDay: expiryDay, records: [world.record(SESSIONS.alice, 0, amount, { expiryDay })] },
  });

describe("escrow: time", () => {
  for (const [what, end] of [
    ["closing", requestClose],
    ["revoked", revokeLane],
  ] as const) {
    attack(
      FILE,
      "deadline",
      `takes a ${what} lane's vouchers one second before the deadline, not at it or after`,
      () => {
        const world = busyWorld();
        world.must(end(lane(world)), [alice]);
        expect(world.readLane(0).deadline).equal(DEADLINE);
        world.machine.setTime(DEADLINE - 1n);
        world.must(settleOf(world, 10n), []);
        for (const time of [DEADLINE, DEADLINE + 1n]) {
          world.machine.setTime(time);
          refuse(world, settleOf(world, 20n), [], code("VoucherTooLate"));
        }
        expect(world.readLane(0).settled).equal(10n);
      },
    );
  }

  attack(FILE, "deadline", "lets anyone close a lane at the deadline and not one second before", () => {
    for (const late of [0n, 1n]) {
      const world = busyWorld();
      world.must(requestClose(lane(world)), [alice]);
      const close = closeLane({ ...lane(world), closer: stranger.publicKey });
      world.machine.setTime(DEADLINE - 1n);
      refuse(world, close, [stranger], code("LaneNotDue"));
      world.machine.setTime(DEADLINE + late);
      world.must(close, [stranger]);
      expect(world.readBalance(alice)?.free).equal(5n * RESERVE);
    }
  });

  attack(
    FILE,
    "deadline",
    "lets the operator close a lane at any time and the payer is paid back in full",
    () => {
      const world = busyWorld();
      world.must(closeLane({ ...lane(world), closer: operator.publicKey }), [operator]);
      expect(world.readBalance(alice)).include({ free: 5n * RESERVE, openLanes: 0 });
    },
  );

  attack(
    FILE,
    "deadline",
    "lets the owner rekey alone at the deadline of a revocation and not one second before",
    () => {
      for (const late of [0n, 1n]) {
        const world = busyWorld();
        world.must(revokeLane(lane(world)), [alice]);
        const rekey = rekeyLane({ ...lane(world), sessionKey: keyOf("fresh").publicKey });
        world.machine.setTime(DEADLINE - 1n);
        refuse(world, rekey, [alice], code("OperatorSignatureMissing"));
        world.machine.setTime(DEADLINE + late);
        world.must(rekey, [alice]);
      }
    },
  );

  attack(FILE, "deadline", "keeps the deadline of a revocation when the owner then asks to close", () => {
    const world = busyWorld();
    world.must(revokeLane(lane(world)), [alice]);
    world.machine.setTime(NOON + 100n);
    world.must(requestClose(lane(world)), [alice]);
    expect(world.readLane(0)).include({ state: "closing", deadline: DEADLINE });
  });

  attack(FILE, "deadline", "asks to revoke or close once only, so that no deadline can be moved", () => {
    const world = busyWorld();
    world.must(revokeLane(lane(world)), [alice]);
    refuse(world, revokeLane(lane(world)), [alice], code("LaneNotOpen"));
    world.must(requestClose(lane(world)), [alice]);
    refuse(world, requestClose(lane(world)), [alice], code("LaneClosing"));
    refuse(world, revokeLane(lane(world)), [alice], code("LaneNotOpen"));
    const rekey = rekeyLane({ ...lane(world), sessionKey: alice.publicKey, operator: operator.publicKey });
    refuse(world, rekey, [alice, operator], code("LaneClosing"));
  });

  attack(
    FILE,
    "voucher expiry",
    "takes a voucher through the last second of its day and not at midnight",
    () => {
      const world = busyWorld();
      world.machine.setTime(MIDNIGHT - 1n);
      world.must(settleOf(world, 10n), []);
      for (const time of [MIDNIGHT, MIDNIGHT + 1n]) {
        world.machine.setTime(time);
        refuse(world, settleOf(world, 20n), [], code("VoucherExpired"));
      }
      world.must(settleOf(world, 20n, TODAY + 1), []);
    },
  );

  attack(FILE, "voucher expiry", "refuses an expiry day past 65 535, which no voucher can name", () => {
    const world = busyWorld();
    const { deployment, ledger } = world;
    const record = { ...world.record(SESSIONS.alice, 0, 10n, { expiryDay: 0 }), expiryOffset: 1 };
    const batch = { baseDay: 65_535, records: [record] };
    refuse(world, settle({ deployment, ledger, batch }), [], code("VoucherExpired"));
    const last = world.record(SESSIONS.alice, 0, 10n, { expiryDay: 65_535 });
    world.must(settle({ deployment, ledger, batch: { baseDay: 65_535, records: [last] } }), []);
  });

  attack(
    FILE,
    "voucher expiry",
    "binds the expiry day to the signature, so that no keeper can lengthen it",
    () => {
      const world = busyWorld();
      const { deployment, ledger } = world;
      const signed = world.record(SESSIONS.alice, 0, 10n, { expiryDay: TODAY });
      const batch = { baseDay: TODAY, records: [{ ...signed, expiryOffset: 1 }] };
      refuse(world, settle({ deployment, ledger, batch }), [], code("VoucherSignature"));
    },
  );

  attack(
    FILE,
    "clock jump",
    "pays back and closes after a jump of a century, and saves no expired voucher",
    () => {
      const world = busyWorld();
      world.must(requestClose(lane(world)), [alice]);
      world.machine.setTime(NOON + 100n * 365n * 86_400n);
      refuse(world, settleOf(world, 10n), [], code("VoucherExpired"));
      world.must(closeLane({ ...lane(world), closer: stranger.publicKey }), [stranger]);
    },
  );

  attack(FILE, "clock jump", "moves no deadline when the clock goes back", () => {
    const world = busyWorld();
    world.must(requestClose(lane(world)), [alice]);
    world.machine.setTime(NOON - 86_400n);
    expect(world.readLane(0).deadline).equal(DEADLINE);
    refuse(world, closeLane({ ...lane(world), closer: stranger.publicKey }), [stranger], code("LaneNotDue"));
    world.must(settleOf(world, 10n), []);
  });

  attack(FILE, "clock jump", "refuses to judge by a clock before 1970", () => {
    const world = busyWorld();
    world.machine.setTime(-1n);
    refuse(world, settleOf(world, 10n), [], code("ClockInvalid"));
    refuse(world, requestClose(lane(world)), [alice], code("ClockInvalid"));
  });
});
