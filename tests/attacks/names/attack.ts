import { type NamesWorld, PARTIES } from "../../programs/names/world.ts";
import { idlOf, refusalsOf } from "../harness.ts";
import { attacksOf } from "../registry.ts";
import { ROWS } from "./rows.ts";

/** A test that runs one attack of a row. */
export const attack = attacksOf("names", ROWS);
export const { IDL, code } = idlOf("names");
export const { footprint, refuse } = refusalsOf((world: NamesWorld) => [
  world.config,
  world.vault,
  world.treasury,
  ...Object.values(PARTIES).flatMap((party) => [party.publicKey, world.tokens(party)]),
]);
