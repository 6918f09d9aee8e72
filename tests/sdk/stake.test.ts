import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import * as stake from "@tolldns/sdk/stake";
import { expect } from "chai";
import { ATTEMPTS } from "../attacks/stake/catalogue.ts";

type Row = Record<string, string> & {
  readonly index: number;
  readonly count: number;
  readonly depth: number;
  readonly bps: number;
  readonly barred: boolean;
  readonly leaf: Row;
  readonly leaves: Row[];
  readonly next: Row & { readonly tree: Row };
  readonly gets: string | null;
};
const file = JSON.parse(
  readFileSync(new URL("../vectors/stake.json", import.meta.url), "utf8"),
) as unknown as Record<"trees" | "bad_proofs" | "weights" | "deposits" | "positions", Row[]>;
const bytes = (hex: string | undefined) => new Uint8Array(Buffer.from(hex as string, "hex"));
const units = (text: string | undefined) => BigInt(text as string);
const leafOf = (row: Row): stake.StakeLeaf => ({
  index: row.index,
  operator: bytes(row.operator),
  witness: bytes(row.witness),
  weight: units(row.weight),
});
const snapshotOf = (row: Row): stake.Snapshot => ({
  root: bytes(row.root),
  total: units(row.total),
  count: row.count,
  depth: row.depth,
});

describe("stake: vectors shared with Rust", () => {
  for (const row of file.trees)
    it(`builds and proves the ${row.name}`, () => {
      const tree = new stake.WeightTree(row.leaves.map(leafOf));
      expect(tree.matches(snapshotOf(row))).equal(true);
      for (const place of row.leaves) {
        expect(Buffer.from(tree.prove(place.index)).toString("hex")).equal(place.proof);
        const start = stake.verifyStakeLeaf(snapshotOf(row), leafOf(place), bytes(place.proof));
        expect(start).equal(units(place.start));
        if (units(place.weight) > 0n)
          expect(tree.find(units(place.start))).eql({ index: place.index, start: units(place.start) });
      }
      expect(Buffer.from(tree.proveSync()).toString("hex")).equal(row.next.proof);
      tree.set(leafOf(row.next));
      expect(tree.matches(snapshotOf(row.next.tree))).equal(true);
    });

  for (const row of file.bad_proofs)
    it(`takes no proof with ${row.name}`, () => {
      expect(stake.verifyStakeLeaf(snapshotOf(row), leafOf(row.leaf), bytes(row.proof))).equal(undefined);
    });

  it("weighs operators and positions, and gives shares, alike", () => {
    for (const row of file.weights) {
      const operator = {
        pool: units(row.pool),
        shares: units(row.shares),
        weighted: units(row.weighted),
        selfShares: units(row.self_shares),
        jailed: row.barred,
        retired: false,
        witness: new Uint8Array(32),
      };
      expect(stake.weightOf(operator, units(row.least))).equal(units(row.weight));
    }
    for (const row of file.positions)
      expect(stake.weightedOf(units(row.shares), row.bps)).equal(units(row.counts));
    for (const row of file.deposits) {
      const pool = { pool: units(row.pool), shares: units(row.shares) };
      expect(stake.sharesFor(pool, units(row.tokens))?.toString() ?? null).equal(row.gets);
    }
  });
});

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
