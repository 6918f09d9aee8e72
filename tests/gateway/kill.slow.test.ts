import { expect } from "chai";
import { killUnderLoad } from "./support/killing.ts";

describe("a gateway process killed under load, many times", () => {
  it("loses no acknowledged voucher and at most k units of ticks, forty times in a row", async () => {
    const done = await killUnderLoad(40);
    expect(done.vouchers).to.be.greaterThan(200);
  });
});
