import { createTickChain, revealTick, toHex } from "@tolldns/sdk";
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
    about: "w[units] = seed, w[i-1] = SHA-256(w[i]), anchor = w[0]",
    chains,
  };
}
