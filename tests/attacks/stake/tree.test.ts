import * as stake from "@tolldns/sdk/stake";
import { expect } from "chai";
import { busyStake, ONE, openStake, PARTIES, type StakeWorld } from "../../programs/stake/world.ts";
import { plantTokenAccount } from "../../programs/world/tokens.ts";
import { attack, code, refuse } from "./attack.ts";
import { owned } from "./catalogue.ts";

const FILE = import.meta.url;
const { alice, bob, carol, stranger, slasher } = PARTIES;
const sync = (world: StakeWorld, owner: typeof alice, proof: Uint8Array) =>
  stake.sync({ ...owned(world, owner), proof });

/** Four operators in the tree. */
function fourStake(): StakeWorld {
  const world = busyStake();
  world.open(carol, 700n * ONE);
  world.open(stranger, 900n * ONE);
  return world;
}

describe("stake: the tree of weights", () => {
  attack(FILE, "merkle empty", "takes a first leaf by an empty proof and no other", () => {
    const world = openStake();
    world.must(world.registerOf(alice), [alice]);
    world.must(world.addNodeOf(alice), [alice]);
    world.must(world.stakeOf(alice, alice, 100n * ONE), [alice]);
    refuse(world, sync(world, alice, new Uint8Array(40)), [], code("TreeProof"));
    world.must(sync(world, alice, new Uint8Array(0)), []);
    expect(world.tree()).include({ count: 1, depth: 0, total: 100n * ONE });
    expect(world.tree().root).eql(world.mirror().root);
  });

  attack(FILE, "merkle length", "takes no proof that is longer, shorter or of another tree's size", () => {
    const world = fourStake();
    const good = world.proof(alice);
    expect(good.length).equal(80);
    const more = new Uint8Array(120);
    more.set(good);
    for (const proof of [good.subarray(0, 40), good.subarray(0, 79), more, new Uint8Array(0)])
      refuse(world, sync(world, alice, proof), [], code("TreeProof"));
    const small = busyStake().mirror();
    refuse(world, sync(world, alice, small.prove(0)), [], code("TreeProof"));
  });

  attack(FILE, "merkle bits", "takes no other place's proof", () => {
    const world = fourStake();
    const mirror = world.mirror();
    for (const index of [1, 2, 3])
      refuse(world, sync(world, alice, mirror.prove(index)), [], code("TreeProof"));
    world.must(sync(world, alice, mirror.prove(0)), []);
  });

  attack(FILE, "merkle leaf", "takes no flipped byte, neither of a hash nor of a sum", () => {
    const world = fourStake();
    const good = world.proof(bob);
    for (let at = 0; at < good.length; at++) {
      const proof = good.slice();
      proof[at] = (proof[at] as number) ^ 0x80;
      refuse(world, sync(world, bob, proof), [], code("TreeProof"));
    }
  });

  attack(
    FILE,
    "merkle leaf",
    "passes no inner node off as a leaf: their preimages differ in length and first byte",
    () => {
      const world = fourStake();
      const mirror = world.mirror();
      const leaf = mirror.leaf(0);
      // One level up, the node's hash as if it were a leaf's sibling.
      const inner = mirror.prove(0).subarray(40);
      expect(stake.verifyStakeLeaf({ ...world.tree(), depth: 1 }, leaf, inner)).equal(undefined);
      refuse(world, sync(world, alice, inner), [], code("TreeProof"));
    },
  );

  attack(FILE, "merkle duplicate", "gives an operator one place, and none that another has", () => {
    const world = fourStake();
    const before = world.tree();
    world.must(world.syncOf(alice), []);
    world.must(world.syncOf(alice), []);
    expect(world.tree(), "the same again changes nothing").eql(before);
    // As an operator without a place, towards a place that is taken.
    const data = world.machine.data(world.operatorAddress(alice)).slice();
    new DataView(data.buffer).setUint32(16, 0xffff_ffff, true);
    world.machine.plant(world.operatorAddress(alice), { data, owner: world.deployment.stake });
    refuse(world, sync(world, alice, fourStake().mirror().prove(0)), [], code("TreeProof"));
  });

  attack(FILE, "merkle stale", "takes no proof made before another's sync, and the next one made", () => {
    const world = fourStake();
    const old = world.syncOf(alice);
    world.must(world.stakeOf(bob, carol, ONE), [carol]);
    world.must(world.syncOf(bob), []);
    refuse(world, old, [], code("TreeProof"));
    world.must(world.syncOf(alice), []);
  });

  attack(FILE, "merkle sum", "lets the weights' sum reach 64 bits and not leave them", () => {
    const world = busyStake();
    const max = 0xffff_ffff_ffff_ffffn;
    const rest = max - world.tree().total;
    plantTokenAccount(world.machine, world.tokens(carol), world.deployment.mint, carol.publicKey, {
      amount: max,
    });
    // Bob's tier-0 stake weighs as much as it is, until the sum of all is full.
    plantTokenAccount(world.machine, world.vault, world.deployment.mint, world.config, { amount: 0n });
    world.must(world.stakeOf(bob, carol, rest), [carol]);
    world.must(world.syncOf(bob), []);
    expect(world.tree().total).equal(max);
    world.must(world.stakeOf(alice, carol, 1n), [carol]);
    refuse(world, world.syncOf(alice), [], code("WeightOverflow"));
  });

  attack(FILE, "total", "keeps the total the sum of all leaves, whatever happens to operators", () => {
    const world = fourStake();
    const check = () => {
      const mirror = world.mirror();
      expect(mirror.matches(world.tree())).equal(true);
      const sum = [alice, bob, carol, stranger].reduce(
        (total, owner) => total + (world.operator(owner).listed?.weight ?? 0n),
        0n,
      );
      expect(world.tree().total).equal(sum);
    };
    world.must(world.slashOf(bob, "omission", world.tokens(stranger)), [slasher]);
    check();
    world.must(world.syncOf(bob), []);
    check();
    world.must(world.exitOf(alice, alice, 950n * ONE), [alice]);
    check();
    world.must(stake.retireOperator(owned(world, carol)), [carol]);
    world.must(world.syncOf(carol), []);
    check();
    expect(world.tree().count, "places stay").equal(4);
  });
});
