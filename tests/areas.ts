/** What tests/run.ts knows of areas beside their names; all of it measured, none of it needed for a run to be right. */

/** Areas that assert how long something took, or can't keep up with a chain of their own beside others. A name stands for what lies below it, too. */
export const ALONE: Readonly<Record<"fast" | "slow", readonly string[]>> = {
  fast: ["attacks/listeners", "attacks/toll", "chain", "witness"],
  slow: [],
};

/** Areas that take longest, longest first. */
export const LONGEST: Readonly<Record<"fast" | "slow", readonly string[]>> = {
  fast: [
    "cli",
    "epochs",
    "migrations",
    "attacks/escrow",
    "edge",
    "attacks/quorum",
    "store",
    "keepers",
    "gateway",
    "attacks/names",
    "attacks/stake",
  ],
  slow: ["programs", "epochs", "witness", "keepers", "cli", "web", "chain", "edge", "gateway"],
};
