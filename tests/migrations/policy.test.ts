import { DEFAULT_POLICY_TERMS } from "@tolldns/migrations";
import { formatAddress, fromBase58 } from "@tolldns/sdk";
import {
  decodePolicyConfig,
  derivePolicyConfig,
  hashPolicyDomain,
  POLICY_PROGRAM_ID,
} from "@tolldns/sdk/policy";
import { STAKE_PROGRAM_ID } from "@tolldns/sdk/stake";
import { expect } from "chai";
import { migrateTwice } from "./twice.ts";

describe("migrations of the policy program", () => {
  it("deploy it beside the stake program, bind it to the cluster, and do nothing the second time", async function () {
    this.timeout(120_000);
    const terms = { window: 60, report: 60 };
    await migrateTwice(
      { programs: ["stake", "policy"], policyTerms: terms },
      async ({ deployment, data }) => {
        expect(deployment.policy).equal(POLICY_PROGRAM_ID);
        const { address } = derivePolicyConfig(POLICY_PROGRAM_ID);
        const config = decodePolicyConfig(await data(address));
        expect(config.terms).eql({ ...DEFAULT_POLICY_TERMS, ...terms });
        expect(config.domain).eql(hashPolicyDomain(fromBase58(deployment.genesisHash), address));
        expect(formatAddress(config.stakeProgram)).equal(STAKE_PROGRAM_ID);
        expect(config).include({ roster: 0n, targets: 0n, paused: false, set: undefined });
      },
    );
  });
});
