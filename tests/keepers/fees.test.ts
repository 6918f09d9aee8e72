import { chooseComputeLimit, choosePrice, priorityOf } from "@tolldns/keepers/runtime";
import { vouchersPerTransaction } from "@tolldns/sdk/escrow";
import { MAX_COMPUTE_UNITS } from "@tolldns/sdk/transaction";
import { assert } from "chai";

const recent = (...fees: number[]) => fees.map((prioritizationFee) => ({ prioritizationFee }));

describe("what a keeper pays", () => {
  it("follows the asked percentile of recent prices", () => {
    assert.equal(choosePrice(recent(9, 1, 5), 0.5, 100), 5);
    assert.equal(choosePrice(recent(9, 1, 5), 0, 100), 1);
    assert.equal(choosePrice(recent(9, 1, 5), 1, 100), 9);
  });

  it("pays nothing where nobody does", () => {
    assert.equal(choosePrice([], 0.5, 100), 0);
    assert.equal(choosePrice(recent(0, 0, 7), 0.5, 100), 0);
  });

  it("follows the market no further than its limit, and offers whole micro-lamports", () => {
    assert.equal(choosePrice(recent(1_000_000), 0.5, 250), 250);
    assert.equal(choosePrice(recent(3), 0.5, 2.5), 3);
  });

  it("asks for a tenth more units than the simulation used, and never more than a transaction may have", () => {
    assert.equal(chooseComputeLimit(180_000), 198_500);
    assert.equal(chooseComputeLimit(MAX_COMPUTE_UNITS), MAX_COMPUTE_UNITS);
  });

  it("rounds the priority fee up, as the cluster does", () => {
    assert.equal(priorityOf(200_000, 1), 1n);
    assert.equal(priorityOf(200_000, 5), 1n);
    assert.equal(priorityOf(200_000, 6), 2n);
    assert.equal(priorityOf(200_000, 0), 0n);
  });

  it("still holds 13 payers in a packet, and 52 in a v1 transaction, with limit and price in it", () => {
    const fee = { unitLimit: MAX_COMPUTE_UNITS, unitPrice: 1_000_000n };
    assert.deepEqual([vouchersPerTransaction(0, fee), vouchersPerTransaction(1, fee)], [13, 52]);
  });
});
