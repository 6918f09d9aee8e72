import { MAX_AMOUNT } from "@tolldns/sdk";
import { expect } from "chai";
import {
  deposit,
  extendLedger,
  type Instruction,
  openLane,
  openLedger,
  setLedger,
  setPaused,
  settle,
  topUpLane,
  withdraw,
} from "../../programs/world/sdk.ts";
import { tokensOf } from "../../programs/world/tokens.ts";
import {
  busyWorld,
  deployedWorld,
  initializeOf,
  openedWorld,
  PARTIES,
  RESERVE,
  ROWS,
  SESSIONS,
  TODAY,
  type World,
} from "../../programs/world/world.ts";
import { attack, refuse } from "./attack.ts";
import { code } from "./errors.ts";

const FILE = import.meta.url;
const { alice, operator, authority } = PARTIES;
const U64_MAX = (1n << 64n) - 1n;

/** The instruction with an integer of its data overwritten, for values the SDK's builders refuse to write. */
function withNumber(instruction: Instruction, at: number, bytes: number, value: bigint): Instruction {
  const data = instruction.data.slice();
  for (let i = 0; i < bytes; i++) data[at + i] = Number((value >> BigInt(8 * i)) & 0xffn);
  return { ...instruction, data };
}

const depositOf = (world: World) =>
  deposit({ deployment: world.deployment, owner: alice.publicKey, source: world.tokens(alice), amount: 1n });
const withdrawOf = (world: World) =>
  withdraw({
    deployment: world.deployment,
    owner: alice.publicKey,
    destination: world.tokens(alice),
    amount: 1n,
  });
const openLaneOf = ({ deployment, ledger }: World, lane = 2) =>
  openLane({
    deployment,
    ledger,
    owner: alice.publicKey,
    lane,
    sessionKey: alice.publicKey,
    reserve: RESERVE,
  });
const topUpOf = ({ deployment, ledger }: World) =>
  topUpLane({ deployment, ledger, owner: alice.publicKey, lane: 0, generation: 1, amount: 1n });
const setLedgerOf = ({ deployment, ledger, payout }: World) =>
  setLedger({ deployment, ledger, operator: operator.publicKey, payout, minReserve: 1n });
const extendOf = ({ deployment, ledger }: World) =>
  extendLedger({ deployment, ledger, operator: operator.publicKey, rows: 1 });

/** Gives Alice as much free balance and as many tokens as an account can hold. */
function makeRich(world: World, free: bigint): void {
  const { machine, deployment } = world;
  const balance = machine.data(world.balanceAddress(alice));
  new DataView(balance.buffer, balance.byteOffset).setBigUint64(16, free, true);
  machine.plant(world.balanceAddress(alice), { data: balance, owner: deployment.escrow });
  const vault = machine.data(world.vault);
  new DataView(vault.buffer, vault.byteOffset).setBigUint64(64, free, true);
  machine.plant(world.vault, { data: vault, owner: deployment.tokenProgram });
}

describe("escrow: arguments", () => {
  describe("amounts", () => {
    attack(FILE, "amount edges", "deposits 1 and what the wallet has, refuses 0, 2^56 and u64::MAX", () => {
      const world = busyWorld();
      refuse(world, withNumber(depositOf(world), 1, 8, 0n), [alice], code("AmountZero"));
      refuse(world, withNumber(depositOf(world), 1, 8, MAX_AMOUNT + 1n), [alice], code("AmountTooLarge"));
      refuse(world, withNumber(depositOf(world), 1, 8, U64_MAX), [alice], code("AmountTooLarge"));
      world.must(depositOf(world), [alice]);
      // More than the wallet has: the token program's own error for insufficient funds.
      refuse(world, withNumber(depositOf(world), 1, 8, MAX_AMOUNT - 5n * RESERVE), [alice], 1);
      const rest = tokensOf(world.machine, world.tokens(alice));
      world.must(withNumber(depositOf(world), 1, 8, rest), [alice]);
      expect(tokensOf(world.machine, world.tokens(alice))).equal(0n);
    });

    attack(FILE, "amount edges", "holds 2^56 - 1 and not one more on a free balance", () => {
      const world = busyWorld();
      const free = world.readBalance(alice)?.free ?? 0n;
      world.fund(alice, MAX_AMOUNT);
      refuse(
        world,
        withNumber(depositOf(world), 1, 8, MAX_AMOUNT - free + 1n),
        [alice],
        code("AmountTooLarge"),
      );
      world.must(withNumber(depositOf(world), 1, 8, MAX_AMOUNT - free), [alice]);
      expect(world.readBalance(alice)?.free).equal(MAX_AMOUNT);
    });

    attack(FILE, "amount edges", "withdraws 1 and all, refuses 0, one more than all and u64::MAX", () => {
      const world = busyWorld();
      const free = world.readBalance(alice)?.free ?? 0n;
      refuse(world, withNumber(withdrawOf(world), 1, 8, 0n), [alice], code("AmountZero"));
      refuse(world, withNumber(withdrawOf(world), 1, 8, free + 1n), [alice], code("BalanceInsufficient"));
      refuse(world, withNumber(withdrawOf(world), 1, 8, U64_MAX), [alice], code("BalanceInsufficient"));
      world.must(withdrawOf(world), [alice]);
      world.must(withNumber(withdrawOf(world), 1, 8, free - 1n), [alice]);
      expect(world.readBalance(alice)?.free).equal(0n);
    });

    attack(
      FILE,
      "amount edges",
      "opens a lane with the smallest reserve and with all there is, and with nothing else",
      () => {
        const world = busyWorld();
        const free = world.readBalance(alice)?.free ?? 0n;
        const at = 1 + 2 + 32;
        refuse(world, withNumber(openLaneOf(world), at, 8, 0n), [alice], code("AmountZero"));
        refuse(world, withNumber(openLaneOf(world), at, 8, 999n), [alice], code("ReserveBelowMinimum"));
        refuse(world, withNumber(openLaneOf(world), at, 8, free + 1n), [alice], code("BalanceInsufficient"));
        refuse(world, withNumber(openLaneOf(world), at, 8, MAX_AMOUNT + 1n), [alice], code("AmountTooLarge"));
        refuse(world, withNumber(openLaneOf(world), at, 8, U64_MAX), [alice], code("AmountTooLarge"));
        world.must(withNumber(openLaneOf(world, 2), at, 8, 1_000n), [alice]);
        world.must(withNumber(openLaneOf(world, 3), at, 8, free - 1_000n), [alice]);
        expect(world.readBalance(alice)?.free).equal(0n);
      },
    );

    attack(FILE, "amount edges", "opens a lane of 1 where the operator asks for nothing, never of 0", () => {
      const world = busyWorld();
      world.must(withNumber(setLedgerOf(world), 1, 8, 0n), [operator]);
      refuse(world, withNumber(openLaneOf(world), 35, 8, 0n), [alice], code("AmountZero"));
      world.must(withNumber(openLaneOf(world), 35, 8, 1n), [alice]);
    });

    attack(
      FILE,
      "amount edges",
      "tops a lane up by 1 and by all, refuses 0, more than all and u64::MAX",
      () => {
        const world = busyWorld();
        const free = world.readBalance(alice)?.free ?? 0n;
        refuse(world, withNumber(topUpOf(world), 5, 8, 0n), [alice], code("AmountZero"));
        refuse(world, withNumber(topUpOf(world), 5, 8, free + 1n), [alice], code("BalanceInsufficient"));
        refuse(world, withNumber(topUpOf(world), 5, 8, U64_MAX), [alice], code("AmountTooLarge"));
        world.must(topUpOf(world), [alice]);
        world.must(withNumber(topUpOf(world), 5, 8, free - 1n), [alice]);
        expect(world.readLane(0).reserve).equal(RESERVE + free);
      },
    );

    attack(FILE, "amount edges", "asks for a smallest reserve of at most 2^56 - 1", () => {
      const world = busyWorld();
      for (const value of [MAX_AMOUNT + 1n, U64_MAX])
        refuse(world, withNumber(setLedgerOf(world), 1, 8, value), [operator], code("AmountTooLarge"));
      world.must(withNumber(setLedgerOf(world), 1, 8, MAX_AMOUNT), [operator]);
      expect(world.readLedger().minReserve).equal(MAX_AMOUNT);
      const open = openLedger({
        deployment: world.deployment,
        operator: operator.publicKey,
        index: 1,
        payout: world.payout,
        minReserve: 0n,
      });
      refuse(world, withNumber(open, 3, 8, MAX_AMOUNT + 1n), [operator], code("AmountTooLarge"));
      world.must(withNumber(open, 3, 8, MAX_AMOUNT), [operator]);
    });

    attack(FILE, "amount overflow", "lets no reserve grow past 2^56 - 1", () => {
      const world = busyWorld();
      makeRich(world, MAX_AMOUNT + RESERVE);
      const over = MAX_AMOUNT - RESERVE + 1n;
      refuse(world, withNumber(topUpOf(world), 5, 8, over), [alice], code("AmountTooLarge"));
      world.must(withNumber(topUpOf(world), 5, 8, over - 1n), [alice]);
      expect(world.readLane(0).reserve).equal(MAX_AMOUNT);
    });

    attack(FILE, "amount overflow", "refuses a deposit that would wrap a free balance", () => {
      const world = busyWorld();
      makeRich(world, U64_MAX);
      refuse(world, depositOf(world), [alice], code("AmountOverflow"));
    });

    attack(FILE, "amount overflow", "refuses a settlement that would wrap the credits", () => {
      const world = busyWorld();
      const data = world.machine.data(world.ledger);
      new DataView(data.buffer, data.byteOffset).setBigUint64(88, U64_MAX - 5n, true);
      world.machine.plant(world.ledger, { data, owner: world.deployment.escrow });
      const { deployment, ledger } = world;
      const batch = (amount: bigint) => ({
        baseDay: TODAY,
        records: [world.record(SESSIONS.alice, 0, amount)],
      });
      refuse(world, settle({ deployment, ledger, batch: batch(6n) }), [], code("AmountOverflow"));
      world.must(settle({ deployment, ledger, batch: batch(5n) }), []);
    });
  });

  describe("terms", () => {
    const initializeWith = (
      world: World,
      bps: readonly [number, number, number],
      interval = 3_600,
      grace = 7_201,
    ) => {
      const bytes = initializeOf(world).data.slice();
      const view = new DataView(bytes.buffer);
      bps.forEach((value, i) => {
        view.setUint16(33 + 2 * i, value, true);
      });
      view.setUint32(39, interval, true);
      view.setUint32(43, grace, true);
      return { ...initializeOf(world), data: bytes };
    };

    attack(FILE, "basis points", "refuses a split that does not sum to 10 000", () => {
      const world = deployedWorld();
      for (const bps of [
        [0, 0, 0],
        [9_999, 0, 0],
        [10_000, 1, 0],
        [10_001, 0, 0],
        [0, 0, 9_999],
        [65_535, 65_535, 65_535],
        [65_535, 10_001, 0],
      ] as const)
        refuse(world, initializeWith(world, bps), [authority], code("SplitInvalid"));
    });

    attack(FILE, "basis points", "takes a split of 0, 1, 9 999 and 10 000", () => {
      for (const bps of [
        [10_000, 0, 0],
        [0, 10_000, 0],
        [0, 0, 10_000],
        [9_999, 1, 0],
      ] as const) {
        const world = deployedWorld();
        world.must(initializeWith(world, bps), [authority]);
        const { operatorBps, namesBps, treasuryBps } = world.readConfig().split;
        expect([operatorBps, namesBps, treasuryBps]).eql([...bps]);
      }
    });

    attack(
      FILE,
      "amount edges",
      "takes a grace period of more than two intervals and at most 90 days",
      () => {
        const world = deployedWorld();
        const bps = [8_000, 1_000, 1_000] as const;
        refuse(world, initializeWith(world, bps, 0, 7_201), [authority], code("IntervalInvalid"));
        refuse(world, initializeWith(world, bps, 3_600, 0), [authority], code("GraceTooShort"));
        refuse(world, initializeWith(world, bps, 3_600, 7_200), [authority], code("GraceTooShort"));
        refuse(
          world,
          initializeWith(world, bps, 0xffff_ffff, 0xffff_ffff),
          [authority],
          code("GraceTooShort"),
        );
        refuse(world, initializeWith(world, bps, 1, 90 * 86_400 + 1), [authority], code("GraceTooLong"));
        refuse(world, initializeWith(world, bps, 1, 0xffff_ffff), [authority], code("GraceTooLong"));
        world.must(initializeWith(world, bps, 1, 90 * 86_400), [authority]);
      },
    );

    attack(FILE, "unknown enum", "takes 0 and 1 as pause flag and nothing else", () => {
      const world = openedWorld();
      const { deployment } = world;
      const pause = setPaused({ deployment, signer: authority.publicKey, paused: true });
      for (const flag of [2n, 128n, 255n])
        refuse(world, withNumber(pause, 1, 1, flag), [authority], code("FlagInvalid"));
      world.must(pause, [authority]);
      expect(world.readConfig().paused).equal(true);
      world.must(withNumber(pause, 1, 1, 0n), [authority]);
      expect(world.readConfig().paused).equal(false);
    });
  });

  describe("rows and lanes", () => {
    attack(FILE, "vector edges", "grows a ledger by 1 to 106 rows at once", () => {
      const world = openedWorld();
      world.machine.airdrop(operator.publicKey, 10_000_000_000_000n);
      for (const rows of [0n, 107n, 65_535n])
        refuse(world, withNumber(extendOf(world), 1, 2, rows), [operator], code("RowsInvalid"));
      world.must(withNumber(extendOf(world), 1, 2, 106n), [operator]);
      world.must(withNumber(extendOf(world), 1, 2, 1n), [operator]);
      expect(world.readLedger().rows).equal(ROWS + 107);
    });

    attack(FILE, "vector edges", "grows a ledger to 65 535 rows and no further", () => {
      const world = openedWorld();
      const { machine, deployment, ledger } = world;
      machine.airdrop(operator.publicKey, 100_000_000_000_000n);
      const data = new Uint8Array(120 + 65_534 * 96);
      data.set(machine.data(ledger));
      new DataView(data.buffer).setUint32(112, 65_534, true);
      machine.plant(ledger, { data, owner: deployment.escrow });
      refuse(world, withNumber(extendOf(world), 1, 2, 2n), [operator], code("LedgerFull"));
      world.must(extendOf(world), [operator]);
      refuse(world, extendOf(world), [operator], code("LedgerFull"));
      world.deposit(alice, RESERVE);
      world.must(openLaneOf(world, 65_534), [alice]);
      expect(world.readLane(65_534).state).equal("open");
    });

    attack(FILE, "amount edges", "knows the lanes from 0 to the last row and no other", () => {
      const world = busyWorld();
      for (const lane of [BigInt(ROWS), 65_535n]) {
        refuse(world, withNumber(openLaneOf(world), 1, 2, lane), [alice], code("LaneUnknown"));
        refuse(world, withNumber(topUpOf(world), 1, 2, lane), [alice], code("LaneUnknown"));
      }
      world.must(withNumber(openLaneOf(world), 1, 2, BigInt(ROWS - 1)), [alice]);
    });

    attack(FILE, "amount edges", "opens a row 65 535 times and then never again", () => {
      const world = busyWorld();
      const { machine, deployment, ledger } = world;
      const setGeneration = (generation: number) => {
        const data = machine.data(ledger);
        new DataView(data.buffer, data.byteOffset).setUint16(120 + 96 * 2 + 88, generation, true);
        machine.plant(ledger, { data, owner: deployment.escrow });
      };
      setGeneration(65_535);
      refuse(world, openLaneOf(world, 2), [alice], code("LaneRetired"));
      setGeneration(65_534);
      world.must(openLaneOf(world, 2), [alice]);
      expect(world.readLane(2).generation).equal(65_535);
    });

    attack(FILE, "amount edges", "takes the generation a row has and no other", () => {
      const world = busyWorld();
      for (const generation of [0n, 2n, 65_535n])
        refuse(world, withNumber(topUpOf(world), 3, 2, generation), [alice], code("LaneGeneration"));
      world.must(topUpOf(world), [alice]);
    });
  });

  attack(FILE, "unsorted list", "settles records in any order of lanes", () => {
    const world = busyWorld();
    const { deployment, ledger } = world;
    const records = [world.record(SESSIONS.bob, 1, 7n), world.record(SESSIONS.alice, 0, 9n)];
    world.must(settle({ deployment, ledger, batch: { baseDay: TODAY, records } }), []);
    expect([world.readLane(0).settled, world.readLane(1).settled]).eql([9n, 7n]);
  });

  attack(FILE, "duplicate entries", "counts a record that is twice in a batch once", () => {
    const world = busyWorld();
    const { deployment, ledger } = world;
    const record = world.record(SESSIONS.alice, 0, 9n);
    world.must(
      settle({ deployment, ledger, batch: { baseDay: TODAY, records: [record, record, record] } }),
      [],
    );
    expect(world.readLane(0).settled).equal(9n);
    expect(world.readLedger().credited).equal(9n);
  });
});
