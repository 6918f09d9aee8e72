import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bytesEqual, toAddress } from "@tolldns/sdk";
import { readKey } from "../keys.ts";
import { deployEscrow } from "./0001-deploy-escrow.ts";
import type { Step } from "./step.ts";

const artifact = (file: string): string =>
  fileURLToPath(new URL(`../../../programs/artifacts/${file}`, import.meta.url));

/** A step that puts a program's bytecode on the chain at the address it was built for, or upgrades it, as 0001 does the escrow's. */
export function deployProgram(
  id: string,
  program: "names" | "stake" | "quorum" | "policy",
  programId: string,
): Step {
  return {
    id,
    async run(context) {
      const bytes = new Uint8Array(readFileSync(artifact(`${program}.so`)));
      const address = toAddress(programId);
      const development = readKey(artifact(`${program}-dev-keypair.json`));
      await deployEscrow.run({
        ...context,
        escrow: address,
        programKey: bytesEqual(development.publicKey, address) ? development : null,
        artifact: { bytes, sha256: createHash("sha256").update(bytes).digest("hex") },
      });
      context.found[program] = address;
    },
  };
}
