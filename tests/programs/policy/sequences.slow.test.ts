import { checkVariety, LAWS, playSequences, SEED, STEPS } from "../../attacks/policy/laws.ts";

const RUNS = 30;

describe("the policy program", function () {
  this.timeout(1_200_000);
  it(`keeps every law, and does what the TypeScript twin of its rules foretells, for ${RUNS * STEPS} steps (seed ${SEED + 2})`, () => {
    const history = playSequences(SEED + 2, RUNS);
    checkVariety(history);
    for (const moment of history) for (const law of Object.values(LAWS)) law(moment);
  });
});
