import { DEFAULT_NAMES_TERMS } from "@tolldns/migrations";
import { formatAddress } from "@tolldns/sdk";
import { decodeNamesConfig, deriveNamesConfig, NAMES_PROGRAM_ID } from "@tolldns/sdk/names";
import { expect } from "chai";
import { migrateTwice } from "./twice.ts";

describe("migrations of the names program", () => {
  it("deploy and initialise it beside the escrow, and do nothing the second time", async function () {
    this.timeout(60_000);
    await migrateTwice({ programs: ["names"] }, async ({ deployment, data }) => {
      expect(deployment.names).equal(NAMES_PROGRAM_ID);
      const config = decodeNamesConfig(await data(deriveNamesConfig(NAMES_PROGRAM_ID).address));
      expect(config.terms).eql(DEFAULT_NAMES_TERMS);
      expect(formatAddress(config.mint)).equal(deployment.mint);
      expect(formatAddress(config.treasury)).equal(deployment.treasury);
    });
  });
});
