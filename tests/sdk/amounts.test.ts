import {
  addAmounts,
  checkAmount,
  formatIu,
  MAX_AMOUNT,
  multiplyAmount,
  parseIu,
  subtractAmounts,
} from "@tolldns/sdk";
import { expect } from "chai";
import fc from "fast-check";
import { codeOf } from "./support/errors.ts";

const amounts = fc.bigInt({ min: 0n, max: MAX_AMOUNT });

describe("amounts", () => {
  it("refuses a number where money is asked for", () => {
    expect(codeOf(() => checkAmount(1 as unknown as bigint))).to.equal("amount-not-bigint");
    expect(codeOf(() => addAmounts(1n, 1 as unknown as bigint))).to.equal("amount-not-bigint");
    expect(codeOf(() => formatIu(1 as unknown as bigint))).to.equal("amount-not-bigint");
  });

  it("accepts 0 and 2^56 - 1 and refuses -1 and 2^56", () => {
    expect(checkAmount(0n)).to.equal(0n);
    expect(checkAmount(MAX_AMOUNT)).to.equal(2n ** 56n - 1n);
    expect(codeOf(() => checkAmount(-1n))).to.equal("amount-range");
    expect(codeOf(() => checkAmount(MAX_AMOUNT + 1n))).to.equal("amount-range");
  });

  it("refuses sums, differences and products out of range", () => {
    expect(codeOf(() => addAmounts(MAX_AMOUNT, 1n))).to.equal("amount-range");
    expect(codeOf(() => subtractAmounts(1n, 2n))).to.equal("amount-range");
    expect(codeOf(() => multiplyAmount(MAX_AMOUNT, 2))).to.equal("amount-range");
    expect(codeOf(() => multiplyAmount(1n, 1.5))).to.equal("amount-units");
    expect(codeOf(() => multiplyAmount(1n, 2 ** 53))).to.equal("amount-units");
  });

  it("names the field that was wrong", () => {
    expect(() => checkAmount(-1n, "reserve")).to.throw("reserve");
  });

  it("writes and reads IU as people do", () => {
    expect(parseIu("0.000015")).to.equal(15n);
    expect(parseIu("12")).to.equal(12_000_000n);
    expect(parseIu("1.5")).to.equal(1_500_000n);
    expect(formatIu(15n)).to.equal("0.000015");
    expect(formatIu(12_000_000n)).to.equal("12");
    expect(formatIu(1_500_000n)).to.equal("1.5");
  });

  for (const text of [
    "",
    " 1",
    "1 ",
    "-1",
    "+1",
    "1e3",
    "1.",
    ".5",
    "1.0000001",
    "0x10",
    "1,5",
    "١",
    "99999999999999999999",
  ])
    it(`refuses ${JSON.stringify(text)} as an amount`, () => {
      expect(codeOf(() => parseIu(text))).to.equal("amount-text");
    });

  it("refuses an amount of IU that is too large", () => {
    expect(codeOf(() => parseIu("72057594037.927936"))).to.equal("amount-range");
    expect(parseIu("72057594037.927935")).to.equal(MAX_AMOUNT);
  });

  it("reads back every amount it writes", () => {
    fc.assert(fc.property(amounts, (amount) => parseIu(formatIu(amount)) === amount));
  });
});
