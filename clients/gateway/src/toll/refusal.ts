/** Numbers of docs/reference/toll.md, "Errors". */
export const REFUSALS = {
  paymentRequired: 1,
  malformed: 2,
  sessionUnknown: 3,
  sessionExpired: 4,
  tickWrong: 5,
  tickReplayed: 6,
  chainExhausted: 7,
  voucherDue: 8,
  voucherSignature: 9,
  voucherForeign: 10,
  voucherStale: 11,
  voucherExpiry: 12,
  laneUnknown: 13,
  laneExhausted: 14,
  laneClosing: 15,
  priceWrong: 16,
  rateLimited: 17,
  sessionClock: 18,
  unavailable: 19,
} as const;

/** One of REFUSALS. A number, since the hot path hands it on without allocating. */
export type Refusal = number;
