import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bytesEqual, toAddress } from "@tolldns/sdk";
import { NAMES_PROGRAM_ID } from "@tolldns/sdk/names";
import { readKey } from "../keys.ts";
import { deployEscrow } from "./0001-deploy-escrow.ts";
import type { Step } from "./step.ts";

const artifact = (file: string): string =>
  fileURLToPath(new URL(`../../../programs/artifacts/${file}`, import.meta.url));

/** Puts the names program's bytecode on the chain, or upgrades it, as 0001 does the escrow's. */
export const deployNames: Step = {
  id: "0004-deploy-names",
  async run(context) {
    const bytes = new Uint8Array(readFileSync(artifact("names.so")));
    const address = toAddress(NAMES_PROGRAM_ID);
    const development = readKey(artifact("names-dev-keypair.json"));
    await deployEscrow.run({
      ...context,
      escrow: address,
      programKey: bytesEqual(development.publicKey, address) ? development : null,
      artifact: { bytes, sha256: createHash("sha256").update(bytes).digest("hex") },
    });
    context.found.names = address;
  },
};
