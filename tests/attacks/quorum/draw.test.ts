import * as quorum from "@tolldns/sdk/quorum";
import { expect } from "chai";
import type { Leaf } from "../../programs/quorum/tree.ts";
import {
  openQuorum,
  PARTIES,
  type QuorumWorld,
  slotHash,
  TERMS,
  witnessOf,
} from "../../programs/quorum/world.ts";
import { addressOf } from "../../programs/world/keys.ts";
import { code, refuse, attack as run } from "./attack.ts";
import type { RowId } from "./rows.ts";

const attack = (row: RowId, title: string, test: () => void) => run(import.meta.url, row, title, test);
const { keeper, stranger } = PARTIES;

/** Frozen and seeded. */
function drawing(weights?: readonly bigint[]): QuorumWorld {
  const world = openQuorum(weights);
  world.must(world.freezeOf(), [keeper]);
  world.skipSlots(TERMS.seedDelay + 1);
  world.hashSlots();
  world.must(quorum.seed(world.of), []);
  return world;
}
const drawnFirst = (world: QuorumWorld): number => {
  const weights = world.leaves.map(({ weight }) => weight);
  return (quorum.drawCommittee(world.epoch().seed as Uint8Array, weights, 1)[0] as quorum.DrawnSeat).index;
};

describe("quorum: the draw", () => {
  attack(
    "verifier set",
    "lets a stranger open no epoch's verifier set: seats go to whom the seed draws",
    () => {
      const world = drawing();
      const first = drawnFirst(world);
      // A leaf of its own making, the tree's root beside it.
      const mine: Leaf = {
        index: first,
        operator: addressOf("stranger's operator"),
        witness: stranger.publicKey,
        weight: 2_000n,
      };
      const drawOf = (leaf: Leaf, proof: Uint8Array) => quorum.draw({ ...world.of, leaf, proof });
      refuse(world, drawOf(mine, world.tree.prove(first)), [], code("SnapshotProof"));
      // A true leaf that was not drawn.
      for (const { index } of world.leaves)
        if (index !== first) refuse(world, world.drawOf(index), [], code("NotDrawn"));
      // The true one with another weight, key, operator or place.
      const leaf = world.leaves[first] as Leaf;
      const proof = world.tree.prove(first);
      for (const change of [
        { weight: leaf.weight + 1n },
        { witness: stranger.publicKey },
        { operator: addressOf("another") },
        { index: first ^ 1 },
      ])
        refuse(world, drawOf({ ...leaf, ...change }, proof), [], code("SnapshotProof"));
      world.must(world.drawOf(first), []);
    },
  );
  attack("verifier set", "lets nobody begin an epoch with a tree of another's making", () => {
    const world = openQuorum();
    const { data } = world.machine.account(world.treeAddress) as { data: Uint8Array };
    const fake = addressOf("a tree of mine");
    world.machine.plant(fake, { data, owner: addressOf("another program") });
    const freeze = quorum.freeze({
      deployment: world.deployment,
      epoch: 1n,
      payer: keeper.publicKey,
      tree: fake,
    });
    refuse(world, freeze, [keeper], "IllegalOwner");
  });
  attack("stake moved", "draws from the snapshot, whatever the tree becomes while the epoch runs", () => {
    const world = drawing();
    const { leaves, tree } = world;
    const seats = world.drawsOf();
    // All weight moves to one operator.
    world.plantTree([0n, 0n, 0n, 0n, 0n, 2_100n]);
    const moved = world.drawOf(5);
    refuse(world, moved, [], code("SnapshotProof"));
    world.leaves = leaves;
    world.tree = tree;
    for (const seat of seats) world.must(seat, []);
    expect(world.epoch().weight).equal(world.epoch().members.reduce((sum, { weight }) => sum + weight, 0n));
  });
  attack("duplicate leaf", "fills no two seats with one leaf", () => {
    const world = drawing();
    const draws = world.drawsOf();
    world.must(draws[0] as quorum.Instruction, []);
    refuse(world, draws[0] as quorum.Instruction, [], code("NotDrawn"));
    for (const draw of draws.slice(1)) world.must(draw, []);
    const operators = world.epoch().members.map(({ operator }) => operator);
    expect(new Set(operators).size).equal(TERMS.committee);
    refuse(world, draws[4] as quorum.Instruction, [], code("EpochStatus"));
  });
  attack("proof length", "hears of no proof of another depth, and of no torn one", () => {
    const world = drawing();
    const leaf = world.leaves[drawnFirst(world)] as Leaf;
    const proof = world.tree.prove(leaf.index);
    const drawOf = (bytes: Uint8Array) => quorum.draw({ ...world.of, leaf, proof: bytes });
    for (const bytes of [
      proof.subarray(0, 80),
      proof.subarray(0, 119),
      new Uint8Array([...proof, ...new Uint8Array(40)]),
      new Uint8Array(0),
      new Uint8Array(21 * 40),
    ])
      refuse(world, drawOf(bytes), [], code("SnapshotProof"));
  });
  attack("sum overflow", "hears of no proof whose sums leave 64 bits", () => {
    const world = drawing();
    const leaf = world.leaves[drawnFirst(world)] as Leaf;
    const proof = world.tree.prove(leaf.index).slice();
    proof.fill(0xff, 32, 40);
    refuse(world, quorum.draw({ ...world.of, leaf, proof }), [], code("SnapshotProof"));
  });
  attack("large weights", "draws where weights fill 64 bits", () => {
    const most = 2n ** 64n - 1n;
    for (const weights of [
      [most],
      [most - 1n, 1n],
      [1n, most - 3n, 1n, 1n],
      [most / 2n, most / 4n, most / 8n, most / 8n],
    ]) {
      const world = drawing(weights);
      for (const draw of world.drawsOf()) world.must(draw, []);
      expect(world.epoch().weight).equal(weights.reduce((sum, weight) => sum + weight, 0n));
      expect(world.epoch().status).equal("voting");
    }
  });
  attack("empty tree", "has no committee where nobody weighs anything, stalls, and goes on", () => {
    for (const weights of [[], [0n], [0n, 0n, 0n]]) {
      const world = drawing(weights);
      expect(world.epoch()).include({ status: "voting", weight: 0n });
      const { outcome } = world.trace([]);
      refuse(world, quorum.tally({ ...world.of, outcome }), [], code("QuorumMissing"));
      world.machine.setTime(world.epoch().frozenAt + BigInt(TERMS.length));
      world.must(quorum.finalize(world.of), []);
      expect(world.epoch().status).equal("stalled");
      world.plantTree([1n]);
      world.begin();
      world.finish(world.updates(1));
      expect(world.config.final?.epoch).equal(2n);
    }
  });
  attack("amount edges", "is complete when no weight is left, however many seats there are", () => {
    const world = drawing([3n, 0n, 5n, 0n]);
    for (const draw of world.drawsOf()) world.must(draw, []);
    const epoch = world.epoch();
    expect(epoch.status).equal("voting");
    expect(epoch.members.map(({ operator }) => operator).sort()).eql([0, 2]);
    expect(epoch.members.map(({ witness }) => witness)).eql(
      epoch.members.map(({ operator }) => witnessOf(operator).publicKey),
    );
  });
});

describe("quorum: the seed", () => {
  function frozen(): QuorumWorld {
    const world = openQuorum();
    world.must(world.freezeOf(), [keeper]);
    return world;
  }

  attack(
    "deadline",
    "is not there before the seed slot is over, and is that slot's hash whenever it is asked",
    () => {
      const world = frozen();
      const { seedSlot } = world.epoch();
      const at = (slot: bigint) => {
        world.skipSlots(Number(slot - world.machine.slot()));
        world.hashSlots();
      };
      at(seedSlot);
      refuse(world, quorum.seed(world.of), [], code("SeedAhead"));
      at(seedSlot + 100n);
      world.must(quorum.seed(world.of), []);
      const seed = quorum.hashSeed(slotHash(seedSlot), world.epoch().previousRoot, 1n);
      expect(world.epoch().seed).eql(seed);
      refuse(world, quorum.seed(world.of), [], code("EpochStatus"));
    },
  );
  attack("clock jump", "is of the first block after the seed slot where that slot had none", () => {
    const world = frozen();
    const { seedSlot } = world.epoch();
    const hashes = [9n, 5n, 3n].map((more) => ({ slot: seedSlot + more, hash: slotHash(seedSlot + more) }));
    world.machine.setSlotHashes([...hashes, { slot: seedSlot - 1n, hash: slotHash(seedSlot - 1n) }]);
    world.must(quorum.seed(world.of), []);
    expect(world.epoch().seed).eql(quorum.hashSeed(slotHash(seedSlot + 3n), world.epoch().previousRoot, 1n));
  });
  attack("deadline", "moves on when its slot fell out of SlotHashes, not one slot before", () => {
    const world = frozen();
    const { seedSlot } = world.epoch();
    const list = (oldest: bigint) =>
      Array.from({ length: 512 }, (_, i) => {
        const slot = oldest + 511n - BigInt(i);
        return { slot, hash: slotHash(slot) };
      });
    world.machine.setSlotHashes(list(seedSlot + 1n));
    const slot = world.machine.slot();
    world.must(quorum.seed(world.of), []);
    expect(world.epoch()).include({ status: "frozen", seedSlot: slot + BigInt(TERMS.seedDelay) });
    world.machine.setSlotHashes(list(world.epoch().seedSlot));
    world.must(quorum.seed(world.of), []);
    expect(world.epoch().status).equal("drawing");
  });
  attack("account spoofed", "is read from the SlotHashes sysvar and from nothing else", () => {
    const world = frozen();
    world.skipSlots(TERMS.seedDelay + 1);
    world.hashSlots();
    const good = quorum.seed(world.of);
    const spoof = addressOf("slot hashes of mine");
    const real = world.machine.data(good.accounts[1]?.address as Uint8Array);
    world.machine.plant(spoof, { data: real, owner: stranger.publicKey });
    const accounts = good.accounts.map((account, i) => (i === 1 ? { ...account, address: spoof } : account));
    refuse(world, { ...good, accounts }, [], code("SlotHashesInvalid"));
  });
});
