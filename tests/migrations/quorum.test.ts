import { DEFAULT_QUORUM_TERMS, PROGRAMS } from "@tolldns/migrations";
import { formatAddress, fromBase58 } from "@tolldns/sdk";
import { NAMES_PROGRAM_ID } from "@tolldns/sdk/names";
import { decodeQuorumConfig, deriveQuorumConfig, QUORUM_PROGRAM_ID } from "@tolldns/sdk/quorum";
import { hashDomain } from "@tolldns/sdk/routes";
import { STAKE_PROGRAM_ID } from "@tolldns/sdk/stake";
import { expect } from "chai";
import { migrateTwice } from "./twice.ts";

describe("migrations of the quorum program", () => {
  it("deploy it beside all others, bind it to the cluster, and do nothing the second time", async function () {
    this.timeout(120_000);
    const terms = { length: 60 };
    await migrateTwice({ programs: PROGRAMS, quorumTerms: terms }, async ({ deployment, data }) => {
      expect(deployment.quorum).equal(QUORUM_PROGRAM_ID);
      const { address } = deriveQuorumConfig(QUORUM_PROGRAM_ID);
      const config = decodeQuorumConfig(await data(address));
      expect(config.terms).eql({ ...DEFAULT_QUORUM_TERMS, ...terms });
      expect(config.domain).eql(hashDomain(fromBase58(deployment.genesisHash), address));
      expect(formatAddress(config.stakeProgram)).equal(STAKE_PROGRAM_ID);
      expect(formatAddress(config.namesProgram)).equal(NAMES_PROGRAM_ID);
      expect(config).include({ epoch: 0n, running: false, paused: false, final: undefined });
    });
  });
});
