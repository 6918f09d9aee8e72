import { attacksOf } from "../registry.ts";
import { ROWS } from "./rows.ts";

/** A test that runs one attack of a row. */
export const attack = attacksOf("routes", ROWS);
