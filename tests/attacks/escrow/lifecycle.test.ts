import { toAddress } from "@tolldns/sdk";
import { expect } from "chai";
import { addressOf, keyOf, PROGRAM_BYTES } from "../../programs/world/keys.ts";
import {
  closeBalance,
  closeLedger,
  deposit,
  extendLedger,
  type Instruction,
  openLane,
  openLedger,
  paying,
  settle,
  withdraw,
  writable,
} from "../../programs/world/sdk.ts";
import {
  busyWorld,
  deployedWorld,
  initializeOf,
  MIN_RESERVE,
  openedWorld,
  PARTIES,
  RESERVE,
  SESSIONS,
  TODAY,
  type World,
} from "../../programs/world/world.ts";
import { attack, footprint, refuse } from "./attack.ts";
import { ANCHOR, code } from "./errors.ts";

const FILE = import.meta.url;
const { alice, operator, authority, stranger } = PARTIES;
const SYSTEM = toAddress("11111111111111111111111111111111");

function swap(instruction: Instruction, from: Uint8Array, to: Uint8Array): Instruction {
  return {
    ...instruction,
    accounts: instruction.accounts.map((account) =>
      Buffer.from(account.address).equals(from) ? { ...account, address: to } : account,
    ),
  };
}

const transferLamports = (from: Uint8Array, to: Uint8Array, lamports: bigint): Instruction => {
  const data = Buffer.alloc(12);
  data.writeUInt32LE(2);
  data.writeBigUInt64LE(lamports, 4);
  return { program: SYSTEM, accounts: [paying(from), writable(to)], data };
};

const depositOf = (world: World, owner = alice, amount = RESERVE) =>
  deposit({ deployment: world.deployment, owner: owner.publicKey, source: world.tokens(owner), amount });

const openLedgerOf = (world: World, index: number, by = operator) =>
  openLedger({
    deployment: world.deployment,
    operator: by.publicKey,
    index,
    payout: world.payout,
    minReserve: MIN_RESERVE,
  });

describe("escrow: accounts made, ended and swapped", () => {
  describe("beginnings and ends", () => {
    attack(FILE, "account initialised twice", "initialises once", () => {
      const world = openedWorld();
      refuse(world, initializeOf(world), [authority], code("AlreadyInitialized"));
    });

    attack(FILE, "account initialised twice", "opens a ledger of one index once", () => {
      const world = openedWorld();
      refuse(world, openLedgerOf(world, 0), [operator], code("LedgerIndexUsed"));
    });

    attack(FILE, "account initialised twice", "keeps the Balance that a second deposit finds", () => {
      const world = busyWorld();
      const before = world.readBalance(alice);
      world.must(depositOf(world), [alice]);
      expect(world.readBalance(alice)).eql({ ...before, free: (before?.free ?? 0n) + RESERVE });
    });

    attack(
      FILE,
      "account revived",
      "opens no ledger at the address of a closed one, in the same transaction or later",
      () => {
        const world = openedWorld();
        const { deployment, ledger } = world;
        const close = closeLedger({ deployment, operator: operator.publicKey, ledger });
        refuse(world, [close, openLedgerOf(world, 0)], [operator], code("LedgerIndexUsed"));
        world.must(close, [operator]);
        expect(world.machine.data(ledger)).length(0);
        refuse(world, openLedgerOf(world, 0), [operator], code("LedgerIndexUsed"));
        world.machine.airdrop(ledger, 10_000_000_000n);
        refuse(world, openLedgerOf(world, 0), [operator], code("LedgerIndexUsed"));
      },
    );

    attack(
      FILE,
      "account revived",
      "does nothing with a ledger closed and paid rent for in the same transaction",
      () => {
        const world = openedWorld();
        const { deployment, ledger } = world;
        const close = closeLedger({ deployment, operator: operator.publicKey, ledger });
        const fund = transferLamports(operator.publicKey, ledger, 10_000_000_000n);
        const again = extendLedger({ deployment, operator: operator.publicKey, ledger, rows: 1 });
        refuse(world, [close, fund, again], [operator], "AccountDataTooSmall");
        refuse(world, [close, fund, close], [operator], "AccountDataTooSmall");
      },
    );

    attack(FILE, "account revived", "lets a Balance closed and kept alive with lamports hold nothing", () => {
      const world = openedWorld();
      const { deployment } = world;
      world.deposit(stranger, RESERVE);
      const owner = stranger.publicKey;
      const out = withdraw({ deployment, owner, destination: world.tokens(stranger), amount: RESERVE });
      const close = closeBalance({ deployment, owner });
      const fund = transferLamports(owner, world.balanceAddress(stranger), 10_000_000n);
      // A closed account is empty and the system's again, so nothing reads it as a Balance.
      refuse(world, [out, close, fund, out], [stranger], "AccountDataTooSmall");
      world.must([out, close, fund], [stranger]);
      expect(world.machine.data(world.balanceAddress(stranger))).length(0);
      // A new deposit makes a new one, with nothing but what it brings.
      world.must(depositOf(world, stranger, 7n), [stranger]);
      expect(world.readBalance(stranger)).include({ free: 7n, openLanes: 0 });
    });

    attack(
      FILE,
      "account length",
      "takes a ledger that grew between two instructions of one transaction",
      () => {
        const world = openedWorld();
        world.deposit(alice, RESERVE);
        const { deployment, ledger } = world;
        const open = (lane: number) =>
          openLane({
            deployment,
            ledger,
            owner: alice.publicKey,
            lane,
            sessionKey: alice.publicKey,
            reserve: RESERVE,
          });
        refuse(world, open(8), [alice], code("LaneUnknown"));
        world.must(
          [extendLedger({ deployment, operator: operator.publicKey, ledger, rows: 1 }), open(8)],
          [operator, alice],
        );
        expect(world.readLane(8).state).equal("open");
      },
    );

    attack(FILE, "account length", "reads no row from bytes after a ledger's last row", () => {
      const world = busyWorld();
      const data = world.machine.data(world.ledger);
      const longer = new Uint8Array(data.length + 96);
      longer.set(data);
      longer.set(data.subarray(120, 216), data.length);
      world.machine.plant(world.ledger, { data: longer, owner: world.deployment.escrow });
      const record = { ...world.record(SESSIONS.alice, 0, 5n), lane: 8 };
      const { deployment, ledger } = world;
      refuse(
        world,
        settle({ deployment, ledger, batch: { baseDay: TODAY, records: [record] } }),
        [],
        code("VoucherLaneUnknown"),
      );
    });
  });

  describe("programs in an account's place", () => {
    attack(FILE, "account spoofed", "refuses another program as token program", () => {
      for (const fake of [
        SYSTEM,
        toAddress("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb"),
        addressOf("fake token program"),
      ]) {
        const world = busyWorld();
        const real = world.deployment.tokenProgram;
        refuse(world, swap(depositOf(world), real, fake), [alice], code("TokenProgramMismatch"));
        const out = withdraw({
          deployment: world.deployment,
          owner: alice.publicKey,
          destination: world.tokens(alice),
          amount: 1n,
        });
        refuse(world, swap(out, real, fake), [alice], code("TokenProgramMismatch"));
      }
    });

    attack(FILE, "account spoofed", "initialises with no token program but SPL Token and Token-2022", () => {
      const world = deployedWorld();
      const fake = addressOf("fake token program");
      const instruction = swap(initializeOf(world), world.deployment.tokenProgram, fake);
      refuse(world, instruction, [authority], code("TokenProgramUnsupported"));
    });

    attack(FILE, "account spoofed", "refuses another account as system program", () => {
      const world = openedWorld();
      refuse(world, swap(depositOf(world), SYSTEM, addressOf("fake system")), [alice], ANCHOR.notExecutable);
      refuse(
        world,
        swap(depositOf(world), SYSTEM, world.deployment.tokenProgram),
        [alice],
        "IncorrectProgramId",
      );
    });

    attack(FILE, "account spoofed", "runs under no other address than the one it is compiled for", () => {
      const world = busyWorld();
      const other = keyOf("another program");
      world.machine.addProgram(other.publicKey, PROGRAM_BYTES);
      refuse(world, { ...depositOf(world), program: other.publicKey }, [alice], "IncorrectProgramId");
    });

    attack(
      FILE,
      "account spoofed",
      "takes the time from the runtime, since no instruction has a place for a clock account",
      () => {
        const world = busyWorld();
        const { deployment, ledger } = world;
        const clock = writable(addressOf("fake clock"));
        const good = settle({
          deployment,
          ledger,
          batch: {
            baseDay: TODAY - 1,
            records: [world.record(SESSIONS.alice, 0, 5n, { expiryDay: TODAY - 1 })],
          },
        });
        refuse(world, { ...good, accounts: [...good.accounts, clock] }, [], code("VoucherExpired"));
      },
    );
  });

  it("leaves a footprint that shows a change", () => {
    const world = busyWorld();
    const before = footprint(world);
    world.must(depositOf(world), [alice]);
    expect(footprint(world)).not.equal(before);
  });
});
