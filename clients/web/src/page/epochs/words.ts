import type { EpochSnapshot } from "../../snapshot.ts";

/** Weights have 9 decimals; nobody reads more than two of them here. */
export const weigh = (units: string): string => {
  const hundredths = BigInt(units) / 10_000_000n;
  return `${(Number(hundredths) / 100).toLocaleString("en")}`;
};

export const STATES = {
  frozen: "frozen",
  drawing: "drawing",
  voting: "voting",
  attested: "open to challenge",
  final: "final",
  rejected: "rejected",
  stalled: "stalled",
} as const;

export const tone = ({ state }: EpochSnapshot): string =>
  state === "final" ? "good" : state === "rejected" || state === "stalled" ? "bad" : "busy";
