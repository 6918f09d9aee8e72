import { PublicKey } from "@solana/web3.js";
import {
  checkGenesis,
  checkSplit,
  createDeployment,
  createSigner,
  deriveLedger,
  formatAddress,
  isOnCurve,
  isTollError,
  SYSTEM_PROGRAM,
  splitAmount,
  TOKEN_PROGRAM,
  toAddress,
} from "@tolldns/sdk";
import { expect } from "chai";
import fc from "fast-check";
import { codeOf } from "./support/errors.ts";
import { deployment, operator, someone } from "./support/instructions.ts";

describe("address", () => {
  it("is taken as bytes, base58 or PublicKey, and is the same", () => {
    const key = new PublicKey(someone(7));
    for (const form of [someone(7), key.toBase58(), key])
      expect(formatAddress(form)).to.equal(key.toBase58());
    expect(toAddress(SYSTEM_PROGRAM)).to.deep.equal(new Uint8Array(32));
  });

  for (const bad of [
    "",
    "1",
    "0OIl",
    "1".repeat(33),
    new Uint8Array(31),
    new Uint8Array(33),
    null,
    undefined,
    5,
    {},
  ])
    it(`is not ${bad instanceof Uint8Array ? `${bad.length} bytes` : JSON.stringify(bad)}`, () => {
      expect(codeOf(() => toAddress(bad as string))).to.equal("address-invalid");
    });

  it("of a program is never a key someone could sign for", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.nat(65_535), (wallet, index) => {
        const { address } = deriveLedger(deployment.escrow, deployment.genesisHash, wallet, index);
        expect(isOnCurve(address)).to.equal(false);
        expect(isOnCurve(createSigner(wallet).publicKey)).to.equal(true);
      }),
      { numRuns: 20 },
    );
  });

  it("of a ledger differs by program, cluster, operator and index", () => {
    const at = (program: Uint8Array, genesis: Uint8Array, who: Uint8Array, index: number) =>
      formatAddress(deriveLedger(program, genesis, who, index).address);
    const all = [
      at(deployment.escrow, deployment.genesisHash, operator, 0),
      at(someone(9), deployment.genesisHash, operator, 0),
      at(deployment.escrow, someone(9), operator, 0),
      at(deployment.escrow, deployment.genesisHash, someone(9), 0),
      at(deployment.escrow, deployment.genesisHash, operator, 1),
    ];
    expect(new Set(all).size).to.equal(all.length);
    expect(codeOf(() => deriveLedger(TOKEN_PROGRAM, someone(1), operator, 65_536))).to.equal("integer-range");
  });

  it("of a deployment is checked, and so is the cluster", () => {
    const parts = {
      escrow: TOKEN_PROGRAM,
      mint: someone(1),
      tokenProgram: TOKEN_PROGRAM,
      genesisHash: someone(2),
    };
    expect(codeOf(() => createDeployment({ ...parts, mint: "nonsense" }))).to.equal("address-invalid");
    const made = createDeployment(parts);
    expect(() => checkGenesis(made, formatAddress(someone(2)))).not.to.throw();
    expect(codeOf(() => checkGenesis(made, formatAddress(someone(3))))).to.equal("address-genesis");
  });
});

describe("split", () => {
  const of = (operatorBps: number, namesBps: number, treasuryBps: number) => ({
    operatorBps,
    namesBps,
    treasuryBps,
  });

  for (const bad of [
    of(0, 0, 0),
    of(9_999, 0, 0),
    of(10_000, 1, 0),
    of(5_000.5, 4_999.5, 0),
    of(-1, 10_001, 0),
    of(Number.NaN, 0, 0),
  ])
    it(`refuses ${Object.values(bad).join("/")}`, () => {
      expect(codeOf(() => checkSplit(bad))).to.equal("split-sum");
    });

  it("gives everything away, never more than a share's exact part to operator and names", () => {
    const shares = fc.tuple(fc.nat(10_000), fc.nat(10_000)).filter(([a, b]) => a + b <= 10_000);
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 56n - 1n }), shares, (amount, [operatorBps, namesBps]) => {
        const {
          operator: first,
          names,
          treasury,
        } = splitAmount(amount, of(operatorBps, namesBps, 10_000 - operatorBps - namesBps));
        expect(first + names + treasury).to.equal(amount);
        expect(first * 10_000n <= amount * BigInt(operatorBps)).to.equal(true);
        expect((first + 1n) * 10_000n > amount * BigInt(operatorBps)).to.equal(true);
        expect(names * 10_000n <= amount * BigInt(namesBps)).to.equal(true);
        expect(treasury >= 0n).to.equal(true);
      }),
    );
  });
});

describe("errors", () => {
  it("are told apart by code across copies of the package", () => {
    const foreign = Object.assign(new Error("x"), { name: "TollError", code: "voucher-length" });
    expect(isTollError(foreign, "voucher-length")).to.equal(true);
    expect(isTollError(foreign, "voucher-tag")).to.equal(false);
    for (const other of [new Error("x"), null, "x", { name: "TollError" }])
      expect(isTollError(other)).to.equal(false);
  });

  it("say in their message what was wrong", () => {
    expect(() => toAddress("nonsense")).to.throw("not an address (got: nonsense)");
  });
});
