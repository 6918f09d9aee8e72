/** What tests/run.ts knows of areas beside their names; all of it measured, none of it needed for a run to be right. */

/** Areas that assert how long something took, or have a chain or verifiers of their own that must keep up with the clock. A name stands for what
 * lies below it, too. */
export const ALONE: Readonly<Record<"fast" | "slow", readonly string[]>> = {
  fast: ["attacks/listeners", "attacks/toll", "chain", "migrations", "witness"],
  slow: ["lab"],
};

/** Areas that take longest, longest first. */
export const LONGEST: Readonly<Record<"fast" | "slow", readonly string[]>> = {
  fast: [
    "cli",
    "epochs",
    "attacks/escrow",
    "edge",
    "attacks/quorum",
    "store",
    "keepers",
    "gateway",
    "attacks/policy",
    "attacks/names",
    "attacks/stake",
  ],
  slow: ["programs", "epochs", "witness", "keepers", "cli", "verifier", "chain", "web", "edge", "gateway"],
};
