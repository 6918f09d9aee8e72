import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startChain } from "@tolldns/chain";
import { DEFAULT_POLICY_TERMS, migrate } from "@tolldns/migrations";
import { formatAddress, fromBase58 } from "@tolldns/sdk";
import {
  decodePolicyConfig,
  derivePolicyConfig,
  hashPolicyDomain,
  POLICY_PROGRAM_ID,
} from "@tolldns/sdk/policy";
import { STAKE_PROGRAM_ID } from "@tolldns/sdk/stake";
import { expect } from "chai";
import { connect, readAccount } from "../../migrations/src/rpc.ts";

describe("migrations of the policy program", () => {
  it("deploy it beside the stake program, bind it to the cluster, and do nothing the second time", async function () {
    this.timeout(120_000);
    const chain = await startChain();
    const folder = mkdtempSync(join(tmpdir(), "tolldns-policy-"));
    try {
      const said: string[] = [];
      const run = () =>
        migrate({
          rpcUrl: chain.rpcUrl,
          folder,
          programs: ["stake", "policy"],
          policyTerms: { window: 60, report: 60 },
          onProgress: ({ message }) => said.push(message),
        });
      const deployment = await run();
      expect(deployment.policy).equal(POLICY_PROGRAM_ID);
      const address = derivePolicyConfig(POLICY_PROGRAM_ID).address;
      const account = await readAccount(connect(chain.rpcUrl), formatAddress(address));
      const config = decodePolicyConfig(account?.data ?? new Uint8Array(0));
      expect(config.terms).eql({ ...DEFAULT_POLICY_TERMS, window: 60, report: 60 });
      expect(config.domain).eql(hashPolicyDomain(fromBase58(deployment.genesisHash), address));
      expect(formatAddress(config.stakeProgram)).equal(STAKE_PROGRAM_ID);
      expect(config).include({ roster: 0n, targets: 0n, paused: false, set: undefined });
      said.length = 0;
      expect(await run()).eql(deployment);
      expect(said.filter((message) => /initialising|writing|deploying|creating/.test(message))).eql([]);
    } finally {
      await chain.close();
      rmSync(folder, { recursive: true });
    }
  });
});
