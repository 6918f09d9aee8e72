import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import * as stake from "@tolldns/sdk/stake";
import { expect } from "chai";
import { ATTEMPTS } from "../attacks/stake/catalogue.ts";

describe("stake: the tree's mirror", () => {
  const leaf = (index: number, weight: bigint): stake.StakeLeaf => ({
    index,
    operator: new Uint8Array(32).fill(index + 1),
    witness: new Uint8Array(32),
    weight,
  });

  it("changes a leaf as if the tree were built anew, with any SHA-256", () => {
    const node = (data: Uint8Array) => new Uint8Array(createHash("sha256").update(data).digest());
    const tree = new stake.WeightTree([], node);
    const leaves: stake.StakeLeaf[] = [];
    for (let i = 0; i < 20; i++) {
      leaves[i] = leaf(i, BigInt(i));
      tree.set(leaf(i, BigInt(i)));
      leaves[i >> 1] = leaf(i >> 1, 7n);
      tree.set(leaf(i >> 1, 7n));
      const { root, total, count, depth } = new stake.WeightTree(leaves);
      expect(tree.matches({ root, total, count, depth })).equal(true);
    }
  });

  it("refuses gaps, places there are none, and sums past 64 bits", () => {
    const code = (run: () => unknown) => {
      try {
        run();
      } catch (error) {
        return (error as { code: string }).code;
      }
      return undefined;
    };
    expect(code(() => new stake.WeightTree([leaf(1, 1n)]))).equal("stake-tree-gap");
    expect(code(() => new stake.WeightTree([leaf(0, 1n)]).prove(1))).equal("stake-tree-index");
    expect(code(() => new stake.WeightTree([leaf(0, 1n)]).set(leaf(2, 1n)))).equal("stake-tree-index");
    const max = 2n ** 64n - 1n;
    expect(code(() => new stake.WeightTree([leaf(0, max), leaf(1, 1n)]))).equal("stake-tree-sum");
    expect(code(() => stake.stakeTreeDepth(2 ** 20 + 1))).equal("stake-tree-full");
  });
});

describe("stake: builders and failures", () => {
  const idl = JSON.parse(
    readFileSync(new URL("../../programs/artifacts/stake.json", import.meta.url), "utf8"),
  ) as {
    instructions: {
      name: string;
      discriminator: number[];
      accounts: { writable?: boolean; signer?: boolean }[];
    }[];
    errors: { code: number; name: string; msg: string }[];
  };

  it("asks for the accounts the IDL lists, signing and writable as it says", () => {
    for (const { name, discriminator, accounts } of idl.instructions) {
      const { instruction } = (ATTEMPTS[name] as (typeof ATTEMPTS)[string])();
      expect(instruction.data[0], name).equal(discriminator[0]);
      const flags = instruction.accounts.map(({ signer, writable }) => ({ signer, writable }));
      expect(flags, name).eql(accounts.map(({ signer = false, writable = false }) => ({ signer, writable })));
    }
  });

  it("tells of every error of the program what to do", () => {
    for (const { code, name, msg } of idl.errors) {
      const error = stake.stakeError(code);
      expect(error?.message, name).contain(msg);
      expect(error?.hint, name).match(/^[A-Z].*\.$/);
    }
    expect(stake.stakeError(6_399)).equal(undefined);
  });
});
