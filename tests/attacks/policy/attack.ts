import { PARTIES } from "../../programs/policy/deployed.ts";
import { idlOf, refusalsOf } from "../harness.ts";
import { attacksOf } from "../registry.ts";
import { ROWS } from "./rows.ts";
import type { PolicyWorld } from "./world.ts";

/** A test that runs one attack of a row. */
export const attack = attacksOf("policy", ROWS);
export const { IDL, code } = idlOf("policy");
export const { refuse } = refusalsOf((world: PolicyWorld) => [
  world.configAddress,
  world.targetAddress(),
  ...Object.values(PARTIES).map(({ publicKey }) => publicKey),
  ...world.owners.flatMap((owner, place) => [
    owner.publicKey,
    world.verifierKey(place).publicKey,
    world.verifierAddress(place),
    world.staking.tokens(owner),
  ]),
]);
