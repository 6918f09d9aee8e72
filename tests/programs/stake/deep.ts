import { createHash } from "node:crypto";
import type { Signer } from "@tolldns/sdk";
import * as stake from "@tolldns/sdk/stake";
import type { StakeWorld } from "./world.ts";

const DEPTH = 20;
const INDEX = 777_777;

/**
 * Plants a full tree of twenty levels, as a million operators make it, in which the owner's operator has a place and all others weigh nothing.
 * Returns the proof of that place.
 */
export function deepen(world: StakeWorld, owner: Signer): Uint8Array {
  const { machine, deployment } = world;
  const siblings = Uint8Array.from({ length: DEPTH * 40 }, (_, i) => (i % 40 >= 32 ? 0 : i));
  const address = world.operatorAddress(owner);
  const operator = machine.data(address).slice();
  new DataView(operator.buffer).setUint32(16, INDEX, true);
  machine.plant(address, { data: operator, owner: deployment.stake });
  const { listed } = world.operator(owner);
  if (listed === undefined) throw new Error("the operator has no place");
  const tree = machine.data(world.treeAddress).slice();
  const view = new DataView(tree.buffer);
  tree[10] = DEPTH;
  view.setUint32(12, 1 << DEPTH, true);
  view.setBigUint64(16, listed.weight, true);
  tree.set(rootOf({ ...listed, operator: address }, siblings), 24);
  machine.plant(world.treeAddress, { data: tree, owner: deployment.stake });
  return siblings;
}

/** The root that a leaf leads to over siblings whose sums are zero. */
function rootOf(leaf: stake.StakeLeaf, siblings: Uint8Array): Uint8Array {
  let hash = stake.hashStakeLeaf(leaf);
  for (let level = 0; level < DEPTH; level++) {
    const step = siblings.subarray(level * 40, level * 40 + 40);
    const own = new Uint8Array(40);
    own.set(hash);
    new DataView(own.buffer).setBigUint64(32, leaf.weight, true);
    const right = ((leaf.index >> level) & 1) === 1;
    const [before, after] = right ? [step, own] : [own, step];
    hash = new Uint8Array(createHash("sha256").update("\x01").update(before).update(after).digest());
  }
  return hash;
}
