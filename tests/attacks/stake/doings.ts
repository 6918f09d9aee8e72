import type { Signer } from "@tolldns/sdk";
import type * as stake from "@tolldns/sdk/stake";
import { PARTIES, type StakeWorld, TERMS } from "../../programs/stake/world.ts";

const { slasher, stranger } = PARTIES;

/** Stakes, asks back everything and withdraws it; returns what the wallet has more than before. */
export function inAndOut(world: StakeWorld, owner: Signer, staker: Signer, amount: bigint): bigint {
  const before = world.purse(staker);
  world.must(world.stakeOf(owner, staker, amount), [staker]);
  const { shares, nextExit } = world.position(owner, staker);
  world.must(world.exitOf(owner, staker, shares), [staker]);
  world.pass(TERMS.exitDelay);
  world.must(world.syncOf(owner), []);
  world.must(world.withdrawOf(owner, staker, nextExit), [staker]);
  return world.purse(staker) - before;
}

/** Slashes; the stranger is the reporter. */
export const slash = (world: StakeWorld, owner: Signer, offence: stake.Offence) =>
  world.must(world.slashOf(owner, offence, world.tokens(stranger)), [slasher]);
