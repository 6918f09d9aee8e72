import { SYSTEM_PROGRAM, toAddress } from "@tolldns/sdk";
import * as stake from "@tolldns/sdk/stake";
import { expect } from "chai";
import { deepen } from "../../programs/stake/deep.ts";
import {
  busyStake,
  hotKeyOf,
  ONE,
  PARTIES,
  POCKET,
  type StakeWorld,
  TERMS,
} from "../../programs/stake/world.ts";
import { addressOf, keyOf } from "../../programs/world/keys.ts";
import { plantTokenAccount, tokensOf } from "../../programs/world/tokens.ts";
import { attack, code, refuse } from "./attack.ts";
import { owned } from "./catalogue.ts";
import { slash } from "./doings.ts";

const FILE = import.meta.url;
const { alice, bob, carol, slasher, stranger } = PARTIES;

describe("stake: slashes", () => {
  const nothing = { data: new Uint8Array(0), owner: toAddress(SYSTEM_PROGRAM), lamports: 0n };
  const spoil: Record<string, (world: StakeWorld, at: Uint8Array) => void> = {
    closed: (world, at) => world.machine.plant(at, nothing),
    frozen: (world, at) =>
      plantTokenAccount(world.machine, at, world.deployment.mint, addressOf("x"), { state: 2 }),
    "of another mint": (world, at) =>
      plantTokenAccount(world.machine, at, addressOf("other mint"), addressOf("x")),
    "another program's": (world, at) =>
      plantTokenAccount(world.machine, at, world.deployment.mint, addressOf("x"), {
        program: SYSTEM_PROGRAM,
      }),
  };
  for (const row of ["frozen slashed funds", "held-up slash"] as const)
    for (const [what, change] of Object.entries(spoil)) {
      attack(
        FILE,
        row,
        `${row}: slashes though the treasury's account is ${what}, and burns its part`,
        () => {
          const world = busyStake();
          change(world, world.treasury);
          const supply = world.supply();
          slash(world, alice, "equivocation");
          const taken = 650n * ONE;
          expect(world.vaultTokens()).equal(1_150n * ONE);
          expect(world.purse(stranger)).equal(POCKET + taken / 10n);
          expect(supply - world.supply()).equal((taken * 9n) / 10n);
        },
      );
      attack(
        FILE,
        row,
        `${row}: slashes though the reporter's account is ${what}, and its part joins the rest`,
        () => {
          const world = busyStake();
          const reporter = addressOf("reporter's tokens");
          change(world, reporter);
          const [supply, treasury] = [world.supply(), world.treasuryTokens()];
          world.must(world.slashOf(alice, "equivocation", reporter), [slasher]);
          expect(world.vaultTokens()).equal(1_150n * ONE);
          expect(supply - world.supply()).equal(325n * ONE);
          expect(world.treasuryTokens() - treasury).equal(325n * ONE);
        },
      );
    }

  for (const row of ["token foreign", "held-up slash"] as const)
    attack(
      FILE,
      row,
      `${row}: pays a reporter whose account has a delegate, which is the reporter's own affair`,
      () => {
        const world = busyStake();
        const reporter = addressOf("reporter's tokens");
        plantTokenAccount(world.machine, reporter, world.deployment.mint, addressOf("x"), {
          delegate: addressOf("y"),
        });
        world.must(world.slashOf(alice, "equivocation", reporter), [slasher]);
        expect(tokensOf(world.machine, reporter)).equal(65n * ONE);
      },
    );

  attack(FILE, "frozen slashed funds", "leaves nothing of what was taken in the vault, however often", () => {
    const world = busyStake();
    for (const offence of ["omission", "equivocation", "omission", "falseRoot"] as const) {
      slash(world, alice, offence);
      expect(world.vaultTokens()).equal(world.operator(alice).pool + world.operator(bob).pool);
    }
    expect(world.vaultTokens()).equal(500n * ONE);
  });

  attack(
    FILE,
    "held-up slash",
    "can't be escaped by retiring, removing the witness, or leaving the tree",
    () => {
      const world = busyStake();
      world.must(stake.removeNode({ ...owned(world), number: 0 }), [alice]);
      world.must(stake.retireOperator(owned(world)), [alice]);
      world.must(world.exitOf(alice, alice, 1_000n * ONE), [alice]);
      slash(world, alice, "equivocation");
      expect(world.operator(alice)).include({ pool: 650n * ONE, jailed: true, retired: true });
      world.pass(TERMS.exitDelay * 2);
      refuse(world, stake.unjail(owned(world)), [alice], code("Retired"));
    },
  );

  attack(FILE, "stranger", "unjails nobody who isn't in jail, or has too little left", () => {
    const world = busyStake();
    refuse(world, stake.unjail(owned(world)), [alice], code("NotJailed"));
    for (let i = 0; i < 3; i++) slash(world, bob, "equivocation");
    world.pass(TERMS.exitDelay);
    refuse(world, stake.unjail(owned(world, bob)), [bob], code("SelfStakeTooLow"));
    world.must(world.stakeOf(bob, bob, 100n * ONE), [bob]);
    world.must(stake.unjail(owned(world, bob)), [bob]);
    expect(world.weight(bob) > 0n).equal(true);
  });

  attack(
    FILE,
    "stranger",
    "does nothing for a retired operator: no stake, node, exit taken back, second end",
    () => {
      const world = busyStake();
      world.must(world.exitOf(alice, carol, ONE), [carol]);
      world.must(stake.retireOperator(owned(world)), [alice]);
      refuse(world, world.stakeOf(alice, carol, ONE), [carol], code("Retired"));
      refuse(world, world.addNodeOf(alice, 1, "cache"), [alice], code("Retired"));
      refuse(world, world.cancelOf(alice, carol, 0), [carol], code("Retired"));
      refuse(world, stake.retireOperator(owned(world)), [alice], code("Retired"));
    },
  );
});

describe("stake: tokens", () => {
  attack(
    FILE,
    "token foreign",
    "stakes out of nobody else's account, of no other mint and no other program",
    () => {
      const world = busyStake();
      const from = (source: Uint8Array) =>
        stake.stake({ ...owned(world), staker: bob.publicKey, source, amount: ONE, tier: 0 });
      const odd = addressOf("odd tokens");
      refuse(world, from(world.tokens(carol)), [bob], code("TokenAccountOwner"));
      refuse(world, from(world.treasury), [bob], code("TokenAccountOwner"));
      plantTokenAccount(world.machine, odd, addressOf("other mint"), bob.publicKey, { amount: ONE });
      refuse(world, from(odd), [bob], code("TokenAccountMint"));
      plantTokenAccount(world.machine, odd, world.deployment.mint, bob.publicKey, {
        amount: ONE,
        program: SYSTEM_PROGRAM,
      });
      refuse(world, from(odd), [bob], code("TokenAccountProgram"));
    },
  );

  for (const [row, state, error] of [
    ["token frozen", 2, "TokenAccountFrozen"],
    ["token foreign", 0, "TokenAccountInvalid"],
  ] as const)
    attack(FILE, row, `moves nothing from or to an account in state ${state}`, () => {
      const world = busyStake();
      world.must(world.exitOf(alice, carol, ONE), [carol]);
      world.pass(TERMS.exitDelay);
      const { mint } = world.deployment;
      plantTokenAccount(world.machine, world.tokens(carol), mint, carol.publicKey, { amount: ONE, state });
      refuse(world, world.stakeOf(alice, carol, 1n), [carol], code(error));
      refuse(world, world.withdrawOf(alice, carol, 0), [carol], code(error));
    });

  attack(FILE, "account twice", "pays a withdrawal to any account but the vault", () => {
    const world = busyStake();
    world.must(world.exitOf(alice, carol, ONE), [carol]);
    world.pass(TERMS.exitDelay);
    const to = (destination: Uint8Array) =>
      stake.withdraw({ ...owned(world), staker: carol.publicKey, number: 0, destination });
    refuse(world, to(world.vault), [carol], 2040);
    plantTokenAccount(world.machine, addressOf("odd"), addressOf("other mint"), carol.publicKey);
    refuse(world, to(addressOf("odd")), [carol], code("TokenAccountMint"));
    world.must(to(world.tokens(bob)), [carol]);
    expect(world.purse(bob)).equal(POCKET - 499n * ONE);
  });
});

describe("stake: limits", () => {
  attack(
    FILE,
    "largest batch",
    "lists and lets out of a tree of twenty levels in one packet and 60 000 units",
    () => {
      const world = busyStake();
      const { machine } = world;
      const siblings = deepen(world, alice);
      const sync = world.must(stake.sync({ ...owned(world), proof: siblings }), []);
      expect(sync.units).lessThan(60_000);
      expect(sync.size).lessThanOrEqual(1_232);
      const request = stake.requestExit({
        ...owned(world),
        staker: carol.publicKey,
        number: 0,
        shares: ONE,
        proof: siblings,
      });
      // As a wallet sends it, which pays for itself.
      const exit = machine.send([request], [carol], { payer: carol });
      expect(exit.error).equal(undefined);
      expect(exit.units).lessThan(60_000);
      expect(exit.size).lessThanOrEqual(1_232);
      expect(world.tree().total).equal(1_299n * ONE);
      const late = keyOf("late operator");
      machine.airdrop(late.publicKey, 10_000_000_000n);
      plantTokenAccount(machine, world.tokens(late), world.deployment.mint, late.publicKey, {
        amount: 1_000n * ONE,
      });
      world.must(world.registerOf(late), [late]);
      world.must(world.addNodeOf(late), [late]);
      world.must(world.stakeOf(late, late, 1_000n * ONE), [late]);
      refuse(world, stake.sync({ ...owned(world, late), proof: siblings }), [], code("TreeFull"));
    },
  );

  attack(
    FILE,
    "clock jump",
    "moves nothing while the clock is before 1970, and loses nothing when it leaps",
    () => {
      const world = busyStake();
      world.must(world.exitOf(alice, carol, 300n * ONE), [carol]);
      const now = world.machine.now();
      world.machine.setTime(-1n);
      refuse(world, world.withdrawOf(alice, carol, 0), [carol], code("ClockInvalid"));
      refuse(world, world.exitOf(alice, alice, 1n), [alice], code("ClockInvalid"));
      world.machine.setTime(now - 86_400n);
      refuse(world, world.withdrawOf(alice, carol, 0), [carol], code("ExitNotReady"));
      world.machine.setTime(now + 10n ** 12n);
      world.must(world.withdrawOf(alice, carol, 0), [carol]);
      expect(world.purse(carol)).equal(POCKET);
      expect(hotKeyOf(alice).publicKey).eql(world.operator(alice).witness);
    },
  );
});
