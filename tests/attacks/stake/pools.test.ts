import * as stake from "@tolldns/sdk/stake";
import { expect } from "chai";
import {
  busyStake,
  ONE,
  openStake,
  PARTIES,
  POCKET,
  type StakeWorld,
  TERMS,
} from "../../programs/stake/world.ts";
import { plantTokenAccount } from "../../programs/world/tokens.ts";
import { attack, code, refuse } from "./attack.ts";
import { administered } from "./catalogue.ts";
import { inAndOut, slash } from "./doings.ts";

const FILE = import.meta.url;
const { alice, bob, carol, authority } = PARTIES;

describe("stake: pools", () => {
  for (const amount of [1n, 2n, 3n, 999n, ONE + 1n])
    attack(FILE, "no gain", `gives who stakes ${amount} after a slash no more than that back`, () => {
      const world = busyStake();
      slash(world, alice, "omission");
      slash(world, alice, "omission");
      slash(world, alice, "equivocation");
      const gained = inAndOut(world, alice, bob, amount);
      expect(gained <= 0n && gained >= -1n, String(gained)).equal(true);
      expect(world.vaultTokens() >= world.operator(alice).pool + world.operator(bob).pool).equal(true);
    });

  attack(
    FILE,
    "thousand units",
    "gives a hundred deposits of one unit no more weight or tokens than one of a hundred",
    () => {
      const many = busyStake();
      const one = busyStake();
      for (const world of [many, one]) slash(world, bob, "omission");
      for (let i = 0; i < 100; i++) many.must(many.stakeOf(bob, carol, 1n, 1), [carol]);
      one.must(one.stakeOf(bob, carol, 100n, 1), [carol]);
      expect(many.position(bob, carol).shares <= one.position(bob, carol).shares).equal(true);
      expect(many.operator(bob).weighted <= one.operator(bob).weighted).equal(true);
      const worth = (world: StakeWorld) =>
        stake.worthOf(world.operator(bob), world.position(bob, carol).shares);
      expect(worth(many) <= worth(one)).equal(true);
    },
  );

  attack(FILE, "thousand units", "gives a hundred exits of one share no more than one of a hundred", () => {
    const purse = (chunks: readonly bigint[]) => {
      const world = openStake();
      world.open(alice, 1_000n * ONE + 1n);
      slash(world, alice, "omission");
      for (const shares of chunks) world.must(world.exitOf(alice, alice, shares), [alice]);
      world.pass(TERMS.exitDelay);
      for (let i = 0; i < chunks.length; i++) world.must(world.withdrawOf(alice, alice, i), [alice]);
      return world.purse(alice);
    };
    expect(purse(Array.from({ length: 100 }, () => 1n)) <= purse([100n])).equal(true);
  });

  attack(
    FILE,
    "first depositor",
    "makes no share dear by what is sent to the vault before another stakes",
    () => {
      const world = openStake();
      world.must(world.registerOf(alice), [alice]);
      world.must(world.stakeOf(alice, alice, 1n), [alice]);
      // The attacker's donation: straight into the vault.
      plantTokenAccount(world.machine, world.vault, world.deployment.mint, world.config, {
        amount: 1n + 1_000_000n * ONE,
      });
      world.must(world.stakeOf(alice, bob, ONE), [bob]);
      expect(world.position(alice, bob).shares).equal(ONE);
      expect(stake.worthOf(world.operator(alice), ONE)).equal(ONE);
    },
  );

  attack(FILE, "dust", "counts tokens sent straight to the vault for nobody", () => {
    const world = busyStake();
    const held = world.vaultTokens();
    plantTokenAccount(world.machine, world.vault, world.deployment.mint, world.config, {
      amount: held + 77n,
    });
    expect(inAndOut(world, alice, bob, 5n * ONE)).equal(0n);
    slash(world, alice, "equivocation");
    expect(world.vaultTokens()).equal(world.operator(alice).pool + world.operator(bob).pool + 77n);
  });

  attack(FILE, "slash to zero", "lets nobody into a pool slashed to nothing, and everybody out of it", () => {
    const world = busyStake();
    world.must(world.stakeOf(alice, carol, ONE, 3), [carol]);
    slash(world, alice, "falseRoot");
    expect(world.operator(alice).pool).equal(0n);
    for (const staker of [alice, bob])
      refuse(world, world.stakeOf(alice, staker, ONE), [staker], code("PoolDead"));
    slash(world, alice, "falseRoot");
    // Locked for a year, but there is nothing to lock.
    world.must(world.exitOf(alice, carol, world.position(alice, carol).shares), [carol]);
    world.must(world.exitOf(alice, alice, world.position(alice, alice).shares), [alice]);
    world.pass(TERMS.exitDelay);
    world.must(world.withdrawOf(alice, carol, 0), [carol]);
    refuse(world, world.stakeOf(alice, bob, ONE), [bob], code("PoolDead"));
    world.must(world.withdrawOf(alice, alice, 0), [alice]);
    expect(world.operator(alice)).include({ pool: 0n, shares: 0n, weighted: 0n, selfShares: 0n });
    world.must(world.stakeOf(alice, bob, ONE), [bob]);
    expect(world.position(alice, bob).shares).equal(ONE);
  });

  for (const row of ["slash unbonding", "exit before offence", "unstaked before slash"] as const)
    attack(FILE, row, `${row}: what is leaving bears the slash like what stays`, () => {
      const world = busyStake();
      world.must(world.exitOf(alice, carol, 300n * ONE), [carol]);
      world.must(world.exitOf(alice, alice, 1_000n * ONE), [alice]);
      world.pass(TERMS.exitDelay - 1);
      slash(world, alice, "equivocation");
      world.pass(1);
      world.must(world.withdrawOf(alice, carol, 0), [carol]);
      world.must(world.withdrawOf(alice, alice, 0), [alice]);
      expect(world.purse(carol)).equal(POCKET - 150n * ONE);
      expect(world.purse(alice)).equal(POCKET - 500n * ONE);
    });

  attack(
    FILE,
    "unstaked before slash",
    "pays nothing out before whatever was frozen before can be proven",
    () => {
      const world = busyStake();
      const longest = 86_400 + 86_400 + 5 * 86_400;
      expect(stake.MIN_EXIT_DELAY).greaterThan(longest);
      world.must(
        stake.setTerms({ ...administered(world), terms: { ...TERMS, exitDelay: stake.MIN_EXIT_DELAY } }),
        [authority],
      );
      world.must(world.exitOf(alice, alice, 1_000n * ONE), [alice]);
      expect(world.tree().total, "in no snapshot from here on").equal(500n * ONE);
      world.pass(longest);
      refuse(world, world.withdrawOf(alice, alice, 0), [alice], code("ExitNotReady"));
    },
  );

  attack(
    FILE,
    "exit delay dodged",
    "gives each request a clock of its own, whatever was asked for first",
    () => {
      const world = busyStake();
      world.must(world.exitOf(alice, carol, 1n), [carol]);
      world.pass(TERMS.exitDelay - 1);
      world.must(world.exitOf(alice, carol, 300n * ONE - 1n), [carol]);
      world.pass(1);
      world.must(world.withdrawOf(alice, carol, 0), [carol]);
      expect(world.purse(carol)).equal(POCKET - 300n * ONE + 1n);
      refuse(world, world.withdrawOf(alice, carol, 1), [carol], code("ExitNotReady"));
      world.pass(TERMS.exitDelay - 2);
      refuse(world, world.withdrawOf(alice, carol, 1), [carol], code("ExitNotReady"));
      world.pass(1);
      world.must(world.withdrawOf(alice, carol, 1), [carol]);
    },
  );

  attack(FILE, "exit delay dodged", "begins a new clock for what was taken back and asked for again", () => {
    const world = busyStake();
    world.must(world.exitOf(alice, carol, 300n * ONE), [carol]);
    world.pass(TERMS.exitDelay);
    world.must(world.cancelOf(alice, carol, 0), [carol]);
    refuse(world, world.withdrawOf(alice, carol, 0), [carol], "AccountDataTooSmall");
    world.must(world.exitOf(alice, carol, 300n * ONE), [carol]);
    refuse(world, world.withdrawOf(alice, carol, 1), [carol], code("ExitNotReady"));
  });
});
