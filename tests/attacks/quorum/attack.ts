import { PARTIES, type QuorumWorld } from "../../programs/quorum/world.ts";
import type { SendOptions } from "../../programs/world/machine.ts";
import { idlOf, refusalsOf } from "../harness.ts";
import { attacksOf } from "../registry.ts";
import { ROWS } from "./rows.ts";

/** A test that runs one attack of a row. */
export const attack = attacksOf("quorum", ROWS);
export const { IDL, code } = idlOf("quorum");
export const { footprint, refuse } = refusalsOf<[options?: SendOptions], QuorumWorld>((world) => [
  world.configAddress,
  ...Object.values(PARTIES).map(({ publicKey }) => publicKey),
]);
