import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startChain } from "@tolldns/chain";
import { DEFAULT_NAMES_TERMS, migrate } from "@tolldns/migrations";
import { formatAddress } from "@tolldns/sdk";
import { decodeNamesConfig, deriveNamesConfig, NAMES_PROGRAM_ID } from "@tolldns/sdk/names";
import { expect } from "chai";
import { connect, readAccount } from "../../migrations/src/rpc.ts";

describe("migrations of the names program", () => {
  it("deploy and initialise it beside the escrow, and do nothing the second time", async function () {
    this.timeout(60_000);
    const chain = await startChain();
    const folder = mkdtempSync(join(tmpdir(), "tolldns-names-"));
    try {
      const said: string[] = [];
      const run = () =>
        migrate({
          rpcUrl: chain.rpcUrl,
          folder,
          programs: ["names"],
          onProgress: ({ message }) => said.push(message),
        });
      const deployment = await run();
      expect(deployment.names).equal(NAMES_PROGRAM_ID);
      const address = formatAddress(deriveNamesConfig(NAMES_PROGRAM_ID).address);
      const config = decodeNamesConfig(
        (await readAccount(connect(chain.rpcUrl), address))?.data ?? new Uint8Array(0),
      );
      expect(config.terms).eql(DEFAULT_NAMES_TERMS);
      expect(formatAddress(config.mint)).equal(deployment.mint);
      expect(formatAddress(config.treasury)).equal(deployment.treasury);
      said.length = 0;
      expect(await run()).eql(deployment);
      expect(said.filter((message) => /initialising|writing|deploying/.test(message))).eql([]);
    } finally {
      await chain.close();
      rmSync(folder, { recursive: true });
    }
  });
});
