import { expect } from "chai";
import { killUnderLoad } from "./support/killing.ts";

describe("a gateway process killed under load", function () {
  this.timeout(120_000);

  it("loses no acknowledged voucher and at most k units of ticks, five times in a row", async () => {
    const done = await killUnderLoad(5);
    expect(done.vouchers).to.be.greaterThan(20);
    expect(done.queries).to.be.greaterThan(100);
  });
});
