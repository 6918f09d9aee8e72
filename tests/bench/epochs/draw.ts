import { createHash } from "node:crypto";
import { sha256Node } from "@tolldns/sdk/node";
import { drawCommittee, seed } from "@tolldns/sdk/quorum";
import { ACCOUNT_DISCRIMINATORS, type StakeLeaf, WeightTree } from "@tolldns/sdk/stake";
import { dice } from "../../keepers/chaos/plan.ts";
import {
  deployedQuorum,
  initializeOf,
  PARTIES,
  type QuorumWorld,
  TERMS,
} from "../../programs/quorum/world.ts";

// The draw of 100 members from 100 000 stakers: what a keeper needs for it, and what the program takes, on the committed bytecode.

const STAKERS = 100_000;
const SEATS = 100;

function timed<T>(work: () => T): { readonly result: T; readonly ms: number } {
  const began = performance.now();
  const result = work();
  return { result, ms: performance.now() - began };
}

const bytesOf = (name: string, index: number) =>
  new Uint8Array(createHash("sha256").update(`${name} ${index}`).digest());

/** Puts the tree on the chain as the stake program would have written it. */
function plant(world: QuorumWorld, tree: WeightTree, leaves: readonly StakeLeaf[]): void {
  const data = Buffer.alloc(56);
  data.set(Uint8Array.from(ACCOUNT_DISCRIMINATORS.StakeTree));
  data[8] = 1;
  data[10] = tree.depth;
  data.writeUInt32LE(tree.count, 12);
  data.writeBigUInt64LE(tree.total, 16);
  data.set(tree.root, 24);
  world.machine.plant(world.treeAddress, { data: new Uint8Array(data), owner: world.deployment.stake });
  world.leaves = leaves;
  world.tree = tree;
}

export function benchDraw(): void {
  const roll = dice(7);
  const leaves = Array.from(
    { length: STAKERS },
    (_, index): StakeLeaf => ({
      index,
      operator: bytesOf("operator", index),
      witness: bytesOf("witness", index),
      weight: 10n ** 12n + BigInt(Math.floor(roll() * 1e14)),
    }),
  );
  const before = process.memoryUsage().rss;
  const built = timed(() => new WeightTree(leaves, sha256Node));
  const memory = process.memoryUsage().rss - before;
  const tree = built.result;

  const world = deployedQuorum();
  world.must(initializeOf(world, PARTIES.authority, { ...TERMS, committee: SEATS }), [PARTIES.authority]);
  plant(world, tree, leaves);
  world.must(world.freezeOf(), [PARTIES.keeper]);
  world.skipSlots(TERMS.seedDelay + 1);
  world.hashSlots();
  world.must(seed(world.of), []);
  const drawn = timed(() =>
    drawCommittee(
      world.epoch().seed as Uint8Array,
      leaves.map(({ weight }) => weight),
      SEATS,
      sha256Node,
    ),
  );
  const proven = timed(() => drawn.result.map(({ index }) => tree.prove(index)));
  const units: number[] = [];
  const sizes: number[] = [];
  for (const { index } of drawn.result) {
    const outcome = world.must(world.drawOf(index), []);
    units.push(outcome.units);
    sizes.push(outcome.size);
  }
  const { status, members } = world.epoch();
  const spread = (values: readonly number[]) =>
    `${Math.min(...values)} to ${Math.max(...values)} (mean ${Math.round(values.reduce((a, b) => a + b, 0) / values.length)})`;
  console.log(`draw of ${SEATS} from ${STAKERS} stakers; afterwards ${members.length} members, ${status}`);
  console.log(`  keeper, tree from all leaves   ${built.ms.toFixed(0)} ms, ${(memory / 1e6).toFixed(0)} MB`);
  console.log(`  keeper, all ${SEATS} seats           ${drawn.ms.toFixed(1)} ms`);
  console.log(
    `  keeper, all ${SEATS} proofs          ${proven.ms.toFixed(1)} ms, ${proven.result[0]?.length} bytes each`,
  );
  console.log(`  program, compute units a draw  ${spread(units)}`);
  console.log(`  transaction, bytes a draw      ${spread(sizes)}`);
}
