import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startChain } from "@tolldns/chain";
import { DEFAULT_STAKE_TERMS, migrate, mintNativeTokens } from "@tolldns/migrations";
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
import { connect, readAccount } from "../../migrations/src/rpc.ts";

describe("migrations of the stake program", () => {
  it("deploy it, make the native token and initialise, and do nothing the second time", async function () {
    this.timeout(60_000);
    const chain = await startChain();
    const folder = mkdtempSync(join(tmpdir(), "tolldns-stake-"));
    try {
      const said: string[] = [];
      const run = () =>
        migrate({
          rpcUrl: chain.rpcUrl,
          folder,
          programs: ["stake"],
          onProgress: ({ message }) => said.push(message),
        });
      const data = async (address: string) =>
        (await readAccount(connect(chain.rpcUrl), address))?.data ?? new Uint8Array(0);
      const deployment = await run();
      expect(deployment.stake).equal(STAKE_PROGRAM_ID);
      const config = decodeStakeConfig(
        await data(formatAddress(deriveStakeConfig(STAKE_PROGRAM_ID).address)),
      );
      expect(config.terms).eql(DEFAULT_STAKE_TERMS);
      expect(config.slasher).eql(deriveSlasher(QUORUM_PROGRAM_ID).address);
      expect(formatAddress(config.mint)).equal(deployment.nativeMint);
      expect(formatAddress(config.treasury)).equal(deployment.nativeTreasury);
      expect(deployment.nativeMint).not.equal(deployment.mint);
      const tree = decodeStakeTree(await data(formatAddress(deriveStakeTree(STAKE_PROGRAM_ID).address)));
      expect(tree).include({ count: 0, depth: 0, total: 0n });

      const owner = createSigner(new Uint8Array(32).fill(9)).publicKey;
      const account = await mintNativeTokens({ rpcUrl: chain.rpcUrl, folder, owner, amount: 5n });
      expect(readU64(await data(account), 64)).equal(5n);
      said.length = 0;
      expect(await run()).eql(deployment);
      expect(said.filter((message) => /initialising|writing|deploying|creating/.test(message))).eql([]);
    } finally {
      await chain.close();
      rmSync(folder, { recursive: true });
    }
  });
});
