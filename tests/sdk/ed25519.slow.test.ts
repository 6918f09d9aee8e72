import { expect } from "chai";
import { compareVerifiers } from "./support/signatures.ts";

describe("ed25519, at length", () => {
  it("says the same in all three variants for 100 000 signatures", () => {
    const seed = Date.now() >>> 0;
    console.log(`      seed ${seed}`);
    expect(compareVerifiers(100_000, seed).agreed).to.equal(100_000);
  });
});
