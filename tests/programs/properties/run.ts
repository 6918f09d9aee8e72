import { expect } from "chai";
import fc from "fast-check";
import { Broken, playAndJudge } from "./judge.ts";
import { Play } from "./play.ts";
import { STEP } from "./step.ts";

/** Steps of one sequence; after it everyone leaves, and a new world begins. */
const LENGTH = 500;

/** Seed of the sequences; print it, set it to run them again. */
export const SEED = Number(process.env.TOLLDNS_SEED ?? 20261121);

/** Plays `steps` random steps over all instructions. Asserts that every instruction both succeeded and was refused on the way. */
export async function playSteps(
  steps: number,
  seed: number = SEED,
): Promise<Map<string, [done: number, refused: number]>> {
  const tally = new Map<string, [number, number]>();
  const details = await fc.check(
    fc.asyncProperty(
      fc.array(STEP, { minLength: LENGTH, maxLength: LENGTH, size: "max" }),
      async (sequence) => {
        playAndJudge(new Play(), sequence, tally);
        // What the SVM allocated outside the heap is freed between turns only: without one a million steps take 20 GB.
        await new Promise((resolve) => setImmediate(resolve));
      },
    ),
    { seed, numRuns: Math.ceil(steps / LENGTH), endOnFailure: true },
  );
  // The counterexample itself would be pages; seed and path bring it back.
  if (details.failed) {
    const found = `(seed ${details.seed}, path ${details.counterexamplePath})`;
    const { errorInstance } = details;
    if (errorInstance instanceof Broken)
      throw new Broken(errorInstance.law, `${errorInstance.message} ${found}`);
    throw new Error(`${String(errorInstance)} ${found}`);
  }
  let played = 0;
  for (const [name, [done, refused]] of tally) {
    played += done + refused;
    if (name === "dust") continue;
    expect(refused, `${name} refused`).greaterThan(0);
    if (!name.endsWith("stranger")) expect(done, `${name} done`).greaterThan(0);
  }
  expect(played).at.least(steps);
  return tally;
}
