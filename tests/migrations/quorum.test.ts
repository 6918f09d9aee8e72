import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startChain } from "@tolldns/chain";
import { DEFAULT_QUORUM_TERMS, migrate, PROGRAMS } from "@tolldns/migrations";
import { formatAddress, fromBase58 } from "@tolldns/sdk";
import { NAMES_PROGRAM_ID } from "@tolldns/sdk/names";
import { decodeQuorumConfig, deriveQuorumConfig, QUORUM_PROGRAM_ID } from "@tolldns/sdk/quorum";
import { hashDomain } from "@tolldns/sdk/routes";
import { STAKE_PROGRAM_ID } from "@tolldns/sdk/stake";
import { expect } from "chai";
import { connect, readAccount } from "../../migrations/src/rpc.ts";

describe("migrations of the quorum program", () => {
  it("deploy it beside all others, bind it to the cluster, and do nothing the second time", async function () {
    this.timeout(120_000);
    const chain = await startChain();
    const folder = mkdtempSync(join(tmpdir(), "tolldns-quorum-"));
    try {
      const said: string[] = [];
      const run = () =>
        migrate({
          rpcUrl: chain.rpcUrl,
          folder,
          programs: PROGRAMS,
          quorumTerms: { length: 60 },
          onProgress: ({ message }) => said.push(message),
        });
      const deployment = await run();
      expect(deployment.quorum).equal(QUORUM_PROGRAM_ID);
      const address = deriveQuorumConfig(QUORUM_PROGRAM_ID).address;
      const account = await readAccount(connect(chain.rpcUrl), formatAddress(address));
      const config = decodeQuorumConfig(account?.data ?? new Uint8Array(0));
      expect(config.terms).eql({ ...DEFAULT_QUORUM_TERMS, length: 60 });
      expect(config.domain).eql(hashDomain(fromBase58(deployment.genesisHash), address));
      expect(formatAddress(config.stakeProgram)).equal(STAKE_PROGRAM_ID);
      expect(formatAddress(config.namesProgram)).equal(NAMES_PROGRAM_ID);
      expect(config).include({ epoch: 0n, running: false, paused: false, final: undefined });
      said.length = 0;
      expect(await run()).eql(deployment);
      expect(said.filter((message) => /initialising|writing|deploying|creating/.test(message))).eql([]);
    } finally {
      await chain.close();
      rmSync(folder, { recursive: true });
    }
  });
});
