import type { TollSlug } from "@tolldns/sdk";

/** What the payer does about a toll error; docs/reference/toll.md has the same table. */
export type Remedy =
  /** Open a session and ask again. */
  | "open"
  /** Take the next tick and ask again. */
  | "next"
  /** Send a voucher and ask again. */
  | "voucher"
  /** Read the lane on chain: top up, open another, or disbelieve. */
  | "lane"
  /** Read the discovery document again, then open a session. */
  | "terms"
  /** Leave this gateway alone for a while. */
  | "rest";

export const REMEDIES: Readonly<Record<TollSlug, { readonly remedy: Remedy; readonly restSeconds: number }>> =
  {
    "payment-required": { remedy: "open", restSeconds: 0 },
    "toll-malformed": { remedy: "rest", restSeconds: 300 },
    "session-unknown": { remedy: "open", restSeconds: 0 },
    "session-expired": { remedy: "open", restSeconds: 0 },
    "tick-wrong": { remedy: "open", restSeconds: 0 },
    "tick-replayed": { remedy: "next", restSeconds: 0 },
    "chain-exhausted": { remedy: "open", restSeconds: 0 },
    "voucher-due": { remedy: "voucher", restSeconds: 0 },
    "voucher-signature": { remedy: "lane", restSeconds: 60 },
    "voucher-foreign": { remedy: "terms", restSeconds: 60 },
    "voucher-stale": { remedy: "open", restSeconds: 0 },
    "voucher-expiry": { remedy: "terms", restSeconds: 0 },
    "lane-unknown": { remedy: "lane", restSeconds: 5 },
    "lane-exhausted": { remedy: "lane", restSeconds: 5 },
    "lane-closing": { remedy: "lane", restSeconds: 5 },
    "price-wrong": { remedy: "terms", restSeconds: 0 },
    "rate-limited": { remedy: "rest", restSeconds: 1 },
    "session-clock": { remedy: "rest", restSeconds: 60 },
    "toll-unavailable": { remedy: "rest", restSeconds: 10 },
  };
