import { compareRandom, compareSettled, SEED } from "./ed25519/compare.ts";
import { BytecodeVerifier } from "./ed25519/verifier.ts";

describe("Ed25519 in bytecode, at length", () => {
  it(`agrees with node:crypto on 100 000 random and corner-case signatures (seed "${SEED}")`, function () {
    this.timeout(600_000);
    compareRandom(new BytecodeVerifier(), 100_000);
  });

  it(`settles exactly the vouchers that node:crypto verifies, of 10 000 (seed "${SEED}")`, function () {
    this.timeout(300_000);
    compareSettled(10_000);
  });
});
