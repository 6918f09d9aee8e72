import { env } from "node:process";
import { expect } from "chai";
import { compareVerifiers } from "./support/signatures.ts";

// tests/programs puts 100 000 signatures to the bytecode and to node:crypto; this one adds the portable verifier, a
// millisecond a signature.
const COUNT = Number(env.TOLLDNS_SIGNATURES ?? 20_000);

describe("ed25519, at length", () => {
  it(`says the same in all three variants for ${COUNT} signatures`, () => {
    const seed = Number(env.TOLLDNS_SEED ?? Date.now()) >>> 0;
    console.log(`      TOLLDNS_SEED=${seed}`);
    expect(compareVerifiers(COUNT, seed).agreed).to.equal(COUNT);
  });
});
