import { createTickChain, createTickState, revealTick, spendTick, toHex } from "@tolldns/sdk";
import { bytesOf } from "./random.ts";

/** Contents of tick.json. */
export function tickVectors(): Record<string, unknown> {
  const chains = [1, 2, 3, 16, 17, 100, 4_096].map((units) => {
    const seed = bytesOf(`chain ${units}`);
    const chain = createTickChain(seed, units);
    const picked = [...new Set([1, 2, units >> 1, units - 1, units])].filter((i) => i >= 1 && i <= units);
    return {
      name: `${units} units`,
      seed: toHex(seed),
      units,
      anchor: toHex(chain.anchor),
      ticks: picked.map((index) => ({ index, tick: toHex(revealTick(chain, index)) })),
    };
  });
  return {
    about:
      "w[units] = seed, w[i-1] = SHA-256(w[i]), anchor = w[0]; result 0 pays, else it is the number of the toll error",
    chains,
    spending: spending(),
  };
}

type Step = { index: number; cost: number; ceiling: number; forged?: true };

const at = (index: number, cost = 1, ceiling = 10_000): Step => ({ index, cost, ceiling });

const STORIES: Record<string, Step[]> = {
  "in order, then again": [at(1), at(2), at(3), at(3), at(1)],
  "late ones within the window pay once": [at(4), at(2), at(1), at(3), at(2)],
  "units of a dear query are not for cheap ones": [at(5, 5), at(4), at(1), at(6)],
  "a late dear query fills its own gap": [at(1), at(7), at(6, 5), at(5)],
  "a dear query may not reach over spent units": [at(3), at(5, 3), at(5, 2)],
  "behind the window": [at(100), at(37), at(36), at(38, 2), at(40, 3)],
  "a jump of the whole window forgets what is behind": [at(1), at(65), at(2), at(1), at(66)],
  "beyond the chain, beyond the loan": [at(201), at(200, 1, 199), at(200)],
  "an index below its cost": [at(2, 3), at(3, 3), at(0, 1)],
  "forged ticks change nothing": [
    { ...at(1), forged: true },
    at(1),
    at(4),
    { ...at(2), forged: true },
    at(2),
  ],
  "the largest cost": [at(64, 64), at(128, 64), at(129, 65)],
};

function spending(): unknown[] {
  const seed = bytesOf("spending");
  const units = 200;
  const chain = createTickChain(seed, units);
  return Object.entries(STORIES).map(([name, steps]) => {
    const state = createTickState(chain.anchor, units);
    return {
      name,
      seed: toHex(seed),
      units,
      steps: steps.map((step) => {
        const known = step.index >= 1 && step.index <= units;
        const tick = known && step.forged !== true ? revealTick(chain, step.index) : bytesOf("forged");
        return {
          index: step.index,
          cost: step.cost,
          ceiling: step.ceiling,
          tick: toHex(tick),
          result: spendTick(state, step.index, tick, step.cost, step.ceiling),
        };
      }),
    };
  });
}
