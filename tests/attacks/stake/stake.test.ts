import { createHash } from "node:crypto";
import { type Signer, SYSTEM_PROGRAM, toAddress } from "@tolldns/sdk";
import * as stake from "@tolldns/sdk/stake";
import { expect } from "chai";
import {
  busyStake,
  hotKeyOf,
  ONE,
  openStake,
  PARTIES,
  POCKET,
  type StakeWorld,
  TERMS,
} from "../../programs/stake/world.ts";
import { addressOf, keyOf } from "../../programs/world/keys.ts";
import { plantTokenAccount, tokensOf } from "../../programs/world/tokens.ts";
import { attack, code, refuse } from "./attack.ts";
import { administered, owned } from "./catalogue.ts";

const FILE = import.meta.url;
const { alice, bob, carol, authority, slasher, stranger } = PARTIES;

/** Stakes, asks back everything and withdraws it; returns what the wallet has more than before. */
function inAndOut(world: StakeWorld, owner: Signer, staker: Signer, amount: bigint): bigint {
  const before = world.purse(staker);
  world.must(world.stakeOf(owner, staker, amount), [staker]);
  const { shares, nextExit } = world.position(owner, staker);
  world.must(world.exitOf(owner, staker, shares), [staker]);
  world.pass(TERMS.exitDelay);
  world.must(world.syncOf(owner), []);
  world.must(world.withdrawOf(owner, staker, nextExit), [staker]);
  return world.purse(staker) - before;
}
const slash = (world: StakeWorld, owner: Signer, offence: stake.Offence) =>
  world.must(world.slashOf(owner, offence, world.tokens(stranger)), [slasher]);

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

describe("stake: weight", () => {
  attack(
    FILE,
    "self-declared weight",
    "reckons what an operator weighs itself: no instruction takes a weight",
    () => {
      const world = busyStake();
      // The same proof, and the leaf that the operator would like to have: there is nowhere to say it.
      world.must(world.syncOf(alice), []);
      expect(world.operator(alice).listed?.weight).equal(world.weight(alice));
      const sync = world.syncOf(alice);
      const data = Uint8Array.from([...sync.data, ...new Uint8Array(8).fill(255)]);
      refuse(world, { ...sync, data }, [], code("InstructionLength"));
      expect(sync.accounts.length, "config, tree, operator").equal(3);
    },
  );

  attack(
    FILE,
    "self-declared weight",
    "gives an operator without stake, least self-stake or witness no place",
    () => {
      const world = openStake();
      world.must(world.registerOf(alice), [alice]);
      const sync = stake.sync({ ...owned(world), proof: new Uint8Array(0) });
      refuse(world, sync, [], code("Weightless"));
      world.must(world.addNodeOf(alice), [alice]);
      refuse(world, sync, [], code("Weightless"));
      world.must(world.stakeOf(alice, bob, 900n * ONE), [bob]);
      refuse(world, sync, [], code("Weightless"));
      world.must(world.stakeOf(alice, alice, TERMS.leastSelfStake - 1n), [alice]);
      refuse(world, sync, [], code("Weightless"));
      world.must(world.stakeOf(alice, alice, 1n), [alice]);
      world.must(sync, []);
      expect(world.tree().total).equal(1_000n * ONE);
    },
  );

  for (const row of ["top-up", "epoch boundary"] as const)
    attack(FILE, row, `${row}: what is staked counts from the next sync, and what was frozen stays`, () => {
      const world = busyStake();
      const frozen = world.tree();
      const mirror = world.mirror();
      world.must(world.stakeOf(alice, bob, 500_000n * ONE), [bob]);
      expect(world.tree(), "no sync, no weight").eql(frozen);
      world.must(world.syncOf(alice), []);
      const { index } = world.operator(alice).listed as { index: number };
      expect(stake.verifyStakeLeaf(frozen, mirror.leaf(index), mirror.prove(index))).not.equal(undefined);
      const now = world.mirror();
      expect(
        stake.verifyStakeLeaf(frozen, now.leaf(index), now.prove(index)),
        "the copy knows only what was",
      ).equal(undefined);
      // And it can't be taken back at once.
      const { nextExit, shares } = world.position(alice, bob);
      world.must(world.exitOf(alice, bob, shares), [bob]);
      refuse(world, world.withdrawOf(alice, bob, nextExit), [bob], code("ExitNotReady"));
      expect(world.tree().total).equal(frozen.total);
    });

  attack(
    FILE,
    "two snapshots",
    "lets no stake stand for two operators: it leaves one tree place before it enters another",
    () => {
      const world = busyStake();
      world.must(world.exitOf(alice, carol, 300n * ONE), [carol]);
      world.pass(TERMS.exitDelay);
      world.must(world.withdrawOf(alice, carol, 0), [carol]);
      world.must(world.stakeOf(bob, carol, 300n * ONE), [carol]);
      world.must(world.syncOf(bob), []);
      expect(world.tree().total).equal(1_800n * ONE);
    },
  );

  attack(FILE, "two snapshots", "pays nothing while the tree holds more than the operator weighs", () => {
    const world = busyStake();
    world.must(world.exitOf(alice, carol, 100n * ONE), [carol]);
    world.pass(TERMS.exitDelay);
    world.must(stake.removeNode({ ...owned(world), number: 0 }), [alice]);
    refuse(world, world.withdrawOf(alice, carol, 0), [carol], code("TreeStale"));
    world.must([world.syncOf(alice), world.withdrawOf(alice, carol, 0)], [carol]);
    expect(world.purse(carol)).equal(POCKET - 200n * ONE);
  });

  attack(FILE, "two snapshots", "lets nothing begin to leave without the tree being told", () => {
    const world = busyStake();
    const good = world.exitOf(alice, carol, 300n * ONE);
    const without = stake.requestExit({
      ...owned(world),
      staker: carol.publicKey,
      number: 0,
      shares: 300n * ONE,
      proof: new Uint8Array(0),
    });
    refuse(world, without, [carol], code("TreeProof"));
    world.must(good, [carol]);
  });

  attack(FILE, "commission", "raises a commission by no more than a step a day", () => {
    const world = busyStake();
    const set = (commissionBps: number) => stake.setCommission({ ...owned(world), commissionBps });
    refuse(world, set(501), [alice], code("CommissionTooFast"));
    world.pass(86_400);
    refuse(world, set(1_001), [alice], code("CommissionTooFast"));
    world.must(set(1_000), [alice]);
    refuse(world, set(1_001), [alice], code("CommissionTooFast"));
    world.must(set(0), [alice]);
    refuse(world, set(1), [alice], code("CommissionTooFast"));
    world.pass(86_400 * 30);
    refuse(world, set(501), [alice], code("CommissionTooFast"));
    refuse(world, set(5_001), [alice], code("CommissionTooHigh"));
  });

  attack(
    FILE,
    "parameter in epoch",
    "leaves exits, locks and listed weights as they were when terms change",
    () => {
      const world = busyStake();
      world.must(world.stakeOf(bob, carol, 100n * ONE, 1), [carol]);
      world.must(world.syncOf(bob), []);
      world.must(world.exitOf(alice, carol, 100n * ONE), [carol]);
      const before = [world.exit(alice, carol, 0), world.position(bob, carol), world.tree()];
      const tiers = TERMS.tiers.map(() => ({
        lock: 0,
        weightBps: 40_000,
      })) as unknown as stake.StakeTerms["tiers"];
      const terms = { ...TERMS, exitDelay: 8 * 86_400, tiers };
      world.must(stake.setTerms({ ...administered(world), terms }), [authority]);
      expect([world.exit(alice, carol, 0), world.position(bob, carol), world.tree()]).eql(before);
      world.pass(9 * 86_400);
      refuse(world, world.withdrawOf(alice, carol, 0), [carol], code("ExitNotReady"));
      refuse(world, world.exitOf(bob, carol, 1n), [carol], code("StakeLocked"));
      expect(world.weight(bob)).equal(625n * ONE);
    },
  );
});

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
      // A tree as deep as one of a million operators: Alice's place is known, the rest is any hashes.
      const { machine } = world;
      const siblings = Uint8Array.from({ length: 800 }, (_, i) => (i % 40 >= 32 ? 0 : i));
      const operator = machine.data(world.operatorAddress(alice)).slice();
      const index = 777_777;
      new DataView(operator.buffer).setUint32(16, index, true);
      machine.plant(world.operatorAddress(alice), { data: operator, owner: world.deployment.stake });
      const listed = world.operator(alice).listed as { witness: Uint8Array; weight: bigint };
      const leaf = { index, operator: world.operatorAddress(alice), ...listed };
      const root = rootOf({ ...leaf, index }, siblings);
      const tree = machine.data(world.treeAddress).slice();
      const view = new DataView(tree.buffer);
      tree[10] = 20;
      view.setUint32(12, 1 << 20, true);
      view.setBigUint64(16, listed.weight, true);
      tree.set(root, 24);
      machine.plant(world.treeAddress, { data: tree, owner: world.deployment.stake });
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

/** The root that a leaf leads to over any siblings whose sums are zero. */
function rootOf(leaf: stake.StakeLeaf, siblings: Uint8Array): Uint8Array {
  let hash = stake.hashStakeLeaf(leaf);
  for (let level = 0; level < 20; level++) {
    const step = siblings.subarray(level * 40, level * 40 + 40);
    const own = new Uint8Array(40);
    own.set(hash);
    new DataView(own.buffer).setBigUint64(32, leaf.weight, true);
    const right = ((leaf.index >> level) & 1) === 1;
    hash = sha256(Uint8Array.from([1, ...(right ? [...step, ...own] : [...own, ...step])]));
  }
  return hash;
}

const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash("sha256").update(bytes).digest());
