import { PARTIES, type StakeWorld } from "../../programs/stake/world.ts";
import { idlOf, refusalsOf } from "../harness.ts";
import { attacksOf } from "../registry.ts";
import { ROWS } from "./rows.ts";

/** A test that runs one attack of a row. */
export const attack = attacksOf("stake", ROWS);
export const { IDL, code } = idlOf("stake");
export const { footprint, refuse } = refusalsOf((world: StakeWorld) => [
  world.config,
  world.vault,
  world.treasury,
  world.treeAddress,
  ...Object.values(PARTIES).flatMap((party) => [party.publicKey, world.tokens(party)]),
]);
