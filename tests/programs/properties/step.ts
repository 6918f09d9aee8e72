import fc from "fast-check";

/** One step as fast-check draws it; what the numbers mean depends on the state they meet. */
export interface Step {
  readonly op: number;
  readonly actor: number;
  readonly ledger: number;
  readonly lane: number;
  readonly amount: number;
  readonly twist: number;
}

const small = fc.noBias(fc.integer({ min: 0, max: 255 }));
export const STEP: fc.Arbitrary<Step> = fc.record({
  op: small,
  actor: small,
  ledger: small,
  lane: small,
  amount: fc.noBias(fc.integer({ min: 0, max: 0xffff })),
  twist: small,
});
