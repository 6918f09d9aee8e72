import { readFileSync } from "node:fs";
import { expect } from "chai";
import { type Cost, PACKET, pageWith } from "../costs/cost.ts";
import { measureCosts, reportsInAPacket } from "./costs.ts";

describe("what the policy program costs", function () {
  // A thousand transactions, on a machine that may be busy.
  this.timeout(180_000);
  let costs: readonly Cost[];
  before(() => {
    costs = measureCosts();
  });

  it("stays below ten thousand units an instruction", () => {
    for (const { what, units } of costs) expect(units, what).lessThan(10_000);
  });
  it("fits a packet, but for two records of 4 096", () => {
    for (const { what, size } of costs)
      expect(size, what).at.most(what.startsWith("`challenge_order`") ? 1_360 : PACKET);
  });
  it("reports seven targets in one packet", () => {
    expect(reportsInAPacket()).equal(7);
  });
  it("is what the page says", () => {
    const page = readFileSync(new URL("../../../docs/reference/policy.md", import.meta.url), "utf8");
    expect(pageWith(page, costs)).equal(page);
  });
});
