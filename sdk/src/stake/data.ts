import { concatBytes } from "../bytes.ts";
import { encoderOf, u16, u32, u64 } from "../encode.ts";

/** First byte of each instruction's data. */
export const DISCRIMINATOR = {
  initialize: 0,
  proposeAuthority: 1,
  acceptAuthority: 2,
  setGuardian: 3,
  setPaused: 4,
  setTerms: 5,
  setTreasury: 6,
  setSlasher: 7,
  registerOperator: 10,
  setCommission: 11,
  retireOperator: 12,
  unjail: 13,
  addNode: 20,
  setNode: 21,
  rotateHotKey: 22,
  removeNode: 23,
  stake: 30,
  requestExit: 31,
  cancelExit: 32,
  withdraw: 33,
  closePosition: 34,
  slash: 40,
  sync: 50,
} as const;

/** Name of an instruction. */
export type StakeInstruction = keyof typeof DISCRIMINATOR;

/** How long a stake is locked (seconds) and what it then weighs (basis points of its shares, 10 000 to 40 000). */
export interface Tier {
  readonly lock: number;
  readonly weightBps: number;
}

/** What the authority decides. Amounts in base units of the native token (9 decimals), durations in seconds. */
export interface StakeTerms {
  /** 8 to 90 days. */
  readonly exitDelay: number;
  readonly leastSelfStake: bigint;
  readonly tiers: readonly [Tier, Tier, Tier, Tier];
  /** Basis points of the pool that each offence costs. */
  readonly slashBps: { readonly equivocation: number; readonly falseRoot: number; readonly omission: number };
  /** Basis points of what is slashed. */
  readonly reporterBps: number;
  /** Basis points of what the reporter leaves. */
  readonly burnBps: number;
}

/** Least time from asking to leave to leaving, seconds: longer than the longest epoch, challenge window and evidence lifetime together. */
export const MIN_EXIT_DELAY = 8 * 86_400;

/** Roles of a node, by their number; 0 is none. */
export const ROLES = [
  "none",
  "ingress",
  "gateway",
  "cache",
  "anycast",
  "scrubbing",
  "verifier",
  "witness",
] as const;
export type NodeRole = Exclude<(typeof ROLES)[number], "none">;

/** Offences by their number; 0 is none. */
export const OFFENCES = ["none", "equivocation", "falseRoot", "omission"] as const;
export type Offence = Exclude<(typeof OFFENCES)[number], "none">;

/** The longest endpoint, bytes of visible ASCII. */
export const MAX_ENDPOINT = 128;

/** `discriminator | parts`. */
export const encode = /* #__PURE__ */ encoderOf(DISCRIMINATOR);

/** `exit delay u32 | least self-stake u64 | locks u32 x 4 | weights u16 x 4 | offences u16 x 3 | reporter u16 | burned u16`. @throws integer-range */
export function encodeTerms(terms: StakeTerms): Uint8Array {
  const { exitDelay, leastSelfStake, tiers, slashBps, reporterBps, burnBps } = terms;
  return concatBytes(
    u32(exitDelay, "exitDelay"),
    u64(leastSelfStake, "leastSelfStake"),
    ...tiers.map(({ lock }) => u32(lock, "lock")),
    ...tiers.map(({ weightBps }) => u16(weightBps, "weightBps")),
    u16(slashBps.equivocation, "equivocation"),
    u16(slashBps.falseRoot, "falseRoot"),
    u16(slashBps.omission, "omission"),
    u16(reporterBps, "reporterBps"),
    u16(burnBps, "burnBps"),
  );
}
