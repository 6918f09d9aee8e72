import * as stake from "@tolldns/sdk/stake";
import { expect } from "chai";
import { busyStake, ONE, openStake, PARTIES, POCKET, TERMS } from "../../programs/stake/world.ts";
import { attack, code, refuse } from "./attack.ts";
import { administered, owned } from "./catalogue.ts";

const FILE = import.meta.url;
const { alice, bob, carol, authority } = PARTIES;

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
