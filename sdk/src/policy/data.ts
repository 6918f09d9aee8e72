import { concatBytes } from "../bytes.ts";
import { encoderOf, u8, u16, u32 } from "../encode.ts";
import type { PolicyTerms } from "./terms.ts";

/** First byte of each instruction's data. */
export const DISCRIMINATOR = {
  initialize: 0,
  proposeAuthority: 1,
  acceptAuthority: 2,
  setGuardian: 3,
  setPaused: 4,
  setTerms: 5,
  publishSet: 6,
  openRoster: 10,
  enroll: 11,
  registerTarget: 12,
  report: 13,
  judge: 14,
  closeRound: 15,
  closeRoster: 16,
  closeTarget: 17,
  challengeRecord: 20,
  challengeOrder: 21,
  challengeExpected: 22,
  strikeSeat: 23,
} as const;

/** Name of an instruction. */
export type PolicyInstruction = keyof typeof DISCRIMINATOR;

/** What a proven challenge showed, by its number. */
export const STRIKES = [
  "none",
  "outcome",
  "time",
  "place",
  "count",
  "end",
  "order",
  "expected",
  "form",
] as const;
export type StrikeKind = Exclude<(typeof STRIKES)[number], "none">;

/** Seconds without a report after which a HEALTHY target may be closed. */
export const TARGET_IDLE = 2_592_000;

/** `discriminator | parts`. */
export const encode = /* #__PURE__ */ encoderOf(DISCRIMINATOR);

/**
 * `window u32 | report u32 | dwell u32 | roster u32 | enrol u32 | evidence u32 | strike u32 | quorum bps u16 | poor bps u16 | bad bps u16 | least probes u16 |
 * operators u8 | regions u8 | networks u8 | degrade u8 | disable u8 | recover u8 | restore u8 | seats u8`. @throws integer-range
 */
export function encodeTerms(terms: PolicyTerms): Uint8Array {
  const { window, report, dwell, roster, enrol, evidence, strike } = terms;
  const { quorumBps, poorBps, badBps, leastProbes, operators, regions, networks } = terms;
  const { degradeAfter, disableAfter, recoverAfter, restoreAfter, seats } = terms;
  return concatBytes(
    ...Object.entries({ window, report, dwell, roster, enrol, evidence, strike }).map(([field, value]) =>
      u32(value, field),
    ),
    ...Object.entries({ quorumBps, poorBps, badBps, leastProbes }).map(([field, value]) => u16(value, field)),
    ...Object.entries({
      operators,
      regions,
      networks,
      degradeAfter,
      disableAfter,
      recoverAfter,
      restoreAfter,
      seats,
    }).map(([field, value]) => u8(value, field)),
  );
}
