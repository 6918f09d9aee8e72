import * as stake from "@tolldns/sdk/stake";
import { ATTEMPTS } from "../../attacks/stake/catalogue.ts";
import { deepen } from "../stake/deep.ts";
import { busyStake, ONE, openStake, PARTIES, STAKE_BYTES } from "../stake/world.ts";
import { type Cost, costOf } from "./cost.ts";

/** Bytes of the program. */
export const STAKE_SIZE = STAKE_BYTES.length;

/** Remarks to instructions whose attempt is a special case. */
const REMARKS: Readonly<Record<string, string>> = {
  sync: ", tree of one level",
  request_exit: ", tree of one level",
  stake: ", with the staker's first Position",
  slash: ", to reporter, fire and treasury",
};

/** Every instruction of the stake program, as the attack tests' good attempts send it, a first sync, and one in a tree of a million. */
export function measureStake(): Cost[] {
  const costs = Object.entries(ATTEMPTS).map(([name, prepare]): Cost => {
    const { world, instruction, signers } = prepare();
    return costOf(`\`${name}\`${REMARKS[name] ?? ""}`, world.must(instruction, signers));
  });
  return [...costs, first(), deep()];
}

function first(): Cost {
  const world = openStake();
  const { alice } = PARTIES;
  world.must(world.registerOf(alice), [alice]);
  world.must(world.addNodeOf(alice), [alice]);
  world.must(world.stakeOf(alice, alice, 100n * ONE), [alice]);
  const sync = stake.sync({
    deployment: world.deployment,
    owner: alice.publicKey,
    proof: new Uint8Array(0),
  });
  return costOf("`sync`, first leaf of an empty tree", world.must(sync, []));
}

function deep(): Cost {
  const world = busyStake();
  const { alice } = PARTIES;
  const proof = deepen(world, alice);
  const sync = stake.sync({ deployment: world.deployment, owner: alice.publicKey, proof });
  return costOf("`sync`, tree of twenty levels", world.must(sync, []));
}
