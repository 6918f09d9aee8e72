import { DEFAULT_STAKE_TERMS, mintNativeTokens } from "@tolldns/migrations";
import { createSigner, formatAddress, readU64 } from "@tolldns/sdk";
import { deriveSlasher, QUORUM_PROGRAM_ID } from "@tolldns/sdk/quorum";
import {
  decodeStakeConfig,
  decodeStakeTree,
  deriveStakeConfig,
  deriveStakeTree,
  STAKE_PROGRAM_ID,
} from "@tolldns/sdk/stake";
import { expect } from "chai";
import { migrateTwice } from "./twice.ts";

describe("migrations of the stake program", () => {
  it("deploy it, make the native token and initialise, and do nothing the second time", async function () {
    this.timeout(60_000);
    await migrateTwice({ programs: ["stake"] }, async ({ deployment, rpcUrl, folder, data }) => {
      expect(deployment.stake).equal(STAKE_PROGRAM_ID);
      const config = decodeStakeConfig(await data(deriveStakeConfig(STAKE_PROGRAM_ID).address));
      expect(config.terms).eql(DEFAULT_STAKE_TERMS);
      expect(config.slasher).eql(deriveSlasher(QUORUM_PROGRAM_ID).address);
      expect(formatAddress(config.mint)).equal(deployment.nativeMint);
      expect(formatAddress(config.treasury)).equal(deployment.nativeTreasury);
      expect(deployment.nativeMint).not.equal(deployment.mint);
      const tree = decodeStakeTree(await data(deriveStakeTree(STAKE_PROGRAM_ID).address));
      expect(tree).include({ count: 0, depth: 0, total: 0n });

      const owner = createSigner(new Uint8Array(32).fill(9)).publicKey;
      const account = await mintNativeTokens({ rpcUrl, folder, owner, amount: 5n });
      expect(readU64(await data(account), 64)).equal(5n);
    });
  });
});
