import { concatBytes } from "../bytes.ts";
import { encoderOf, u8, u32 } from "../encode.ts";

/** First byte of each instruction's data. */
export const DISCRIMINATOR = {
  initialize: 0,
  proposeAuthority: 1,
  acceptAuthority: 2,
  setGuardian: 3,
  setPaused: 4,
  setTerms: 5,
  freeze: 10,
  seed: 11,
  draw: 12,
  attest: 13,
  relay: 14,
  tally: 15,
  finalize: 16,
  close: 17,
  proveEquivocation: 20,
  challengeSignature: 21,
  challengeAuthority: 22,
  challengeStep: 23,
  challengeOrder: 24,
  challengeOmission: 25,
  slashVote: 26,
} as const;

/** Name of an instruction. */
export type QuorumInstruction = keyof typeof DISCRIMINATOR;

/** What the authority decides. */
export interface QuorumTerms {
  /** Seconds: of an epoch until its deadline, of the challenge window, of evidence's life after the end. */
  readonly length: number;
  readonly window: number;
  readonly evidence: number;
  /** Slots from the freeze to the seed slot. */
  readonly seedDelay: number;
  /** Seats. */
  readonly committee: number;
}

/** Statuses of an epoch, by their number. */
export const EPOCH_STATUSES = [
  "none",
  "frozen",
  "drawing",
  "voting",
  "attested",
  "final",
  "rejected",
  "stalled",
] as const;
export type EpochStatus = (typeof EPOCH_STATUSES)[number];

/** Kinds of challenge, by their number. */
export const CHALLENGES = ["none", "signature", "authority", "step", "order", "omission"] as const;
export type ChallengeKind = (typeof CHALLENGES)[number];

/** Rows of votes that fit a packet of 1 232 bytes, with a compute budget and a payer. */
export const MAX_RELAY_ROWS = 13;

/** `discriminator | parts`. */
export const encode = /* #__PURE__ */ encoderOf(DISCRIMINATOR);

/** `length u32 | window u32 | evidence u32 | seed delay u32 | committee u8`. @throws integer-range */
export function encodeTerms(terms: QuorumTerms): Uint8Array {
  const { length, window, evidence, seedDelay, committee } = terms;
  return concatBytes(
    u32(length, "length"),
    u32(window, "window"),
    u32(evidence, "evidence"),
    u32(seedDelay, "seedDelay"),
    u8(committee, "committee"),
  );
}
