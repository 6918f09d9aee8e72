import { PARTIES, type World } from "../../programs/world/world.ts";
import { refusalsOf } from "../harness.ts";
import { attacksOf } from "../registry.ts";
import { ROWS } from "./rows.ts";

/** A test that runs one attack of a row. */
export const attack = attacksOf("escrow", ROWS);
export const { footprint, refuse } = refusalsOf((world: World) => [
  world.config,
  world.vault,
  world.ledger,
  world.treasury,
  world.namesPool,
  world.payout,
  ...Object.values(PARTIES).flatMap((party) => [
    party.publicKey,
    world.tokens(party),
    world.balanceAddress(party),
  ]),
]);
