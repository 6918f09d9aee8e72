import { NAMES_PROGRAM_ID } from "@tolldns/sdk/names";
import { deployProgram } from "./program.ts";

/** Deploys or upgrades the names program. */
export const deployNames = deployProgram("0004-deploy-names", "names", NAMES_PROGRAM_ID);
