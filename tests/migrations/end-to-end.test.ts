import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startChain } from "@tolldns/chain";
import { expect } from "chai";

describe("the end-to-end script for any RPC", () => {
  it("passes on the embedded chain, and a second time on the same deployment", async function () {
    this.timeout(60_000);
    const folder = mkdtempSync(join(tmpdir(), "tolldns-any-rpc-"));
    const chain = await startChain({ slotMs: 100 });
    const script = fileURLToPath(new URL("any-rpc.ts", import.meta.url));
    for (const expected of ["deploying the program", "the program is up to date"]) {
      const child = spawn(process.execPath, [script, chain.rpcUrl, folder], {
        stdio: ["ignore", "pipe", "pipe"],
      });
      let said = "";
      child.stdout.on("data", (part: Buffer) => {
        said += part.toString();
      });
      child.stderr.on("data", (part: Buffer) => {
        said += part.toString();
      });
      const code = await new Promise((resolve) => child.once("exit", resolve));
      expect(said).to.include(expected).and.to.include("every balance is right");
      expect(code).to.equal(0);
    }
    await chain.close();
    rmSync(folder, { recursive: true });
  });
});
