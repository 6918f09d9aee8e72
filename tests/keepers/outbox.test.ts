import { decideOutbox, type SeenStatus } from "@tolldns/keepers/runtime";
import type { OutboxState } from "@tolldns/store";
import { assert } from "chai";
import fc from "fast-check";

const SEED = Number(process.env.TEST_SEED ?? Date.now() % 2 ** 31);
const VALID = 20;

function decide(
  state: OutboxState,
  seen: SeenStatus | null,
  finalizedHeight: number,
  slot: number | null = null,
) {
  const action = decideOutbox({ state, lastValidBlockHeight: VALID, slot }, seen, finalizedHeight);
  return action.do === "move" ? action.to : action.do;
}

const landed = (commitment: SeenStatus["commitment"], error: string | null = null): SeenStatus => ({
  slot: 7,
  commitment,
  error,
});

describe("what becomes of a stored transaction", () => {
  for (const state of ["prepared", "sent", "confirmed"] as const) {
    it(`${state}: sends the same bytes while any block may still take them`, () => {
      assert.equal(decide(state, null, VALID - 1), "send");
      assert.equal(decide(state, null, VALID), "send");
    });

    it(`${state}: has expired only once the block after its last is final and nobody knows it`, () => {
      assert.equal(decide(state, null, VALID + 1), "expired");
      assert.equal(decide(state, landed("finalized"), VALID + 1), "finalized");
      assert.notEqual(decide(state, landed("processed"), VALID + 1), "expired");
    });

    it(`${state}: waits when it failed where it may be rolled back, and has failed once that is final`, () => {
      assert.equal(decide(state, landed("confirmed", "x"), VALID + 1), "wait");
      assert.equal(decide(state, landed("finalized", "x"), 0), "failed");
    });
  }

  it("goes back from confirmed when a fork drops it", () => {
    assert.equal(decide("confirmed", landed("processed"), 0, 7), "sent");
    assert.equal(decide("confirmed", landed("confirmed"), 0, 7), "wait");
    assert.equal(decide("confirmed", landed("confirmed"), 0, 6), "confirmed");
  });

  for (const state of ["finalized", "expired", "failed"] as const) {
    it(`never touches one that is ${state}`, () => {
      assert.equal(decide(state, null, VALID + 1), "wait");
      assert.equal(decide(state, landed("finalized"), VALID + 1), "wait");
    });
  }

  // A chain of one transaction at a time: blocks come, the transaction lands or not, unfinalised blocks are undone.
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.constant("block") },
    { weight: 3, arbitrary: fc.constant("land") },
    { weight: 3, arbitrary: fc.constant("final") },
    { weight: 2, arbitrary: fc.constant("rollback") },
    { weight: 6, arbitrary: fc.constant("tick") },
  );

  it(`never gives up a transaction that may still land, on any fork (seed ${SEED})`, () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 40, maxLength: 200 }), (steps) => {
        let height = 0;
        let finalized = 0;
        let landedAt: number | null = null;
        let state: OutboxState = "prepared";
        let sent = false;
        let slot: number | null = null;
        for (const now of steps) {
          if (now === "block") height++;
          if (now === "final") finalized = Math.min(height, finalized + 2);
          if (now === "land" && sent && landedAt === null && height <= VALID) {
            assert.notEqual(state, "expired", "landed after it was given up");
            landedAt = height;
          }
          if (now === "rollback" && height > finalized) {
            height = finalized;
            if (landedAt !== null && landedAt > finalized) landedAt = null;
          }
          if (now !== "tick") continue;
          const commitment = landedAt === null ? null : landedAt <= finalized ? "finalized" : "confirmed";
          const seen = commitment === null ? null : { slot: landedAt ?? 0, error: null, commitment };
          const action = decideOutbox(
            { state, lastValidBlockHeight: VALID, slot },
            seen as SeenStatus | null,
            finalized,
          );
          if (action.do === "send") sent = true;
          if (action.do === "move") {
            state = action.to;
            slot = action.slot;
          }
          if (state === "finalized") assert.isNotNull(landedAt);
        }
      }),
      { seed: SEED, numRuns: 2_000 },
    );
  });
});
