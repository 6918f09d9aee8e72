import { readFileSync } from "node:fs";
import { expect } from "chai";
import { pageWith } from "../costs/cost.ts";
import { type Limited, measureCosts, measureOmission } from "./costs.ts";

describe("what the quorum program costs", function () {
  // Some three hundred transactions, on a machine that may be busy.
  this.timeout(120_000);
  let costs: readonly Limited[];
  before(() => {
    costs = measureCosts();
  });

  it("stays below its limits of units and bytes", () => {
    for (const { what, units, size, limit, packet } of costs) {
      expect(units, what).lessThan(limit);
      expect(size, what).at.most(packet);
    }
  });
  it("checks a map proof of a million names in less than 7 000 units", () => {
    // The deepest way there has below 30 nodes: a proof of 1 kB has no more.
    expect(measureOmission(30).units - measureOmission(1).units).lessThan(7_000);
  });
  it("is what the page says", () => {
    const page = readFileSync(new URL("../../../docs/reference/quorum.md", import.meta.url), "utf8");
    expect(pageWith(page, costs)).equal(page);
  });
});
