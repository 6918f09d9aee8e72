import { MAX_AMOUNT, splitAmount } from "@tolldns/sdk";
import { amountOf, numberOf } from "./random.ts";

const SPLITS = [
  [8_000, 1_000, 1_000],
  [10_000, 0, 0],
  [0, 10_000, 0],
  [0, 0, 10_000],
  [3_333, 3_333, 3_334],
  [9_999, 1, 0],
  [1, 1, 9_998],
] as const;

/** Contents of split.json. */
export function splitVectors(): Record<string, unknown> {
  const amounts = [0n, 1n, 2n, 19n, 9_999n, 10_000n, 10_001n, 2n ** 53n + 1n, MAX_AMOUNT];
  for (let i = 0; i < 6; i++) amounts.push(amountOf(`split ${i}`));
  const valid = SPLITS.flatMap(([operatorBps, namesBps, treasuryBps]) =>
    amounts.map((amount) => shown(amount, operatorBps, namesBps, treasuryBps)),
  );
  for (let i = 0; i < 12; i++) {
    const operatorBps = numberOf(`operator bps ${i}`) % 10_001;
    const namesBps = numberOf(`names bps ${i}`) % (10_001 - operatorBps);
    valid.push(shown(amountOf(`random split ${i}`), operatorBps, namesBps, 10_000 - operatorBps - namesBps));
  }
  return { about: "operator and names get the floor of their share, the treasury the rest", valid };
}

function shown(amount: bigint, operatorBps: number, namesBps: number, treasuryBps: number) {
  const { operator, names, treasury } = splitAmount(amount, { operatorBps, namesBps, treasuryBps });
  return {
    name: `${amount} by ${operatorBps}/${namesBps}/${treasuryBps}`,
    amount: amount.toString(),
    operator_bps: operatorBps,
    names_bps: namesBps,
    treasury_bps: treasuryBps,
    operator: operator.toString(),
    names: names.toString(),
    treasury: treasury.toString(),
  };
}
