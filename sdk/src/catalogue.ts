import { TollError } from "./errors.ts";

/** One error of the toll protocol, as gateways answer it and clients act on it. */
export interface TollProtocolError {
  /** 1 to 19; the EDE info-code is 49152 more. */
  readonly number: number;
  readonly slug: TollSlug;
  /** What happened, as the `title` of the problem document. */
  readonly title: string;
  /** HTTP status on DoH. */
  readonly status: 400 | 402 | 429 | 503;
  /** Extended DNS error info-code (RFC 8914, private range). */
  readonly infoCode: number;
  /** What the client does next. */
  readonly hint: string;
}

/** Names of the toll errors. */
export type TollSlug = keyof typeof ENTRIES;

/** First EDE info-code of the private range (RFC 8914 section 5.2). */
export const EDE_PRIVATE_BASE = 49_152;
/** Prefix of `type` in problem documents. */
export const PROBLEM_TYPE_BASE = "https://tolldns.org/errors/";
/** Media type of problem documents (RFC 9457). */
export const PROBLEM_MEDIA_TYPE = "application/problem+json";

const ENTRIES = {
  "payment-required": [1, "The query carries no toll", "Open a session and send a tick with every query."],
  "toll-malformed": [2, "This is not a toll message", "Fix the encoding; nothing was charged."],
  "session-unknown": [3, "There is no such session here", "Open a session."],
  "session-expired": [4, "The session has ended", "Open a new session."],
  "tick-wrong": [5, "The tick does not belong to the chain", "Open a new session with a new chain."],
  "tick-replayed": [6, "The tick is spent or behind the window", "Use the next tick."],
  "chain-exhausted": [7, "The index is beyond the announced units", "Open a session with a new chain."],
  "voucher-due": [
    8,
    "The debt is larger or older than this gateway lends",
    "Send a voucher, then ask again.",
  ],
  "voucher-signature": [9, "The signature does not hold", "Sign with the lane's session key."],
  "voucher-foreign": [
    10,
    "The voucher is for another ledger, lane or cluster",
    "Read the discovery document again.",
  ],
  "voucher-stale": [
    11,
    "The voucher is lower than the acknowledged one",
    "Go on from the acknowledged amount.",
  ],
  "voucher-expiry": [12, "The voucher is expired or outside the published range", "Sign a later expiry day."],
  "lane-unknown": [13, "The lane is not open, or of another generation", "Open a lane."],
  "lane-exhausted": [14, "The amount is above the reserve on chain", "Top the lane up."],
  "lane-closing": [15, "A close or a revocation of the lane is pending", "Open another lane."],
  "price-wrong": [16, "This is not the published tick price", "Read the discovery document again."],
  "rate-limited": [17, "Too many queries from this client or lane", "Slow down."],
  "session-clock": [18, "The session's time is too far from the gateway's", "Set the clock."],
  "toll-unavailable": [
    19,
    "The gateway cannot check or keep payments now",
    "Use another gateway; try this one again later.",
  ],
} as const;

/** All toll errors by number, starting at 1. */
export const TOLL_ERRORS: readonly TollProtocolError[] = /* #__PURE__ */ Object.entries(ENTRIES).map(
  ([slug, [number, title, hint]]) => ({
    number,
    slug: slug as TollSlug,
    title,
    status: number === 17 ? 429 : number === 2 ? 400 : number === 19 ? 503 : 402,
    infoCode: EDE_PRIVATE_BASE + number,
    hint,
  }),
);

/** The entry of a number or a slug, or undefined if there is none. */
export function findTollError(key: number | string): TollProtocolError | undefined {
  return typeof key === "number" ? TOLL_ERRORS[key - 1] : TOLL_ERRORS.find((entry) => entry.slug === key);
}

/** The entry of an EDE info-code, or undefined if it is none of ours. */
export function findTollErrorByInfoCode(infoCode: number): TollProtocolError | undefined {
  return findTollError(infoCode - EDE_PRIVATE_BASE);
}

/** The toll error as something to throw: its code is the slug, its number 1 to 19. */
export function tollError<Context extends object>(
  slug: TollSlug,
  context: Context,
  cause?: unknown,
): TollError<TollSlug, Context> {
  const [number, title, hint] = ENTRIES[slug];
  return new TollError(slug, { number, message: title, hint }, context, cause);
}

/** Body of the problem document (RFC 9457) a gateway answers with on DoH. */
export interface TollProblem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: number;
  readonly detail: string;
}

/** The problem document of a toll error; `detail` tells people what to do unless something better is known. */
export function problemOf(entry: TollProtocolError, detail: string = entry.hint): TollProblem {
  return {
    type: PROBLEM_TYPE_BASE + entry.slug,
    title: entry.title,
    status: entry.status,
    code: entry.number,
    detail,
  };
}

/** The toll error a problem document names, or undefined. Goes by `type`, as RFC 9457 section 3.1.1 asks. */
export function tollErrorOfProblem(problem: unknown): TollProtocolError | undefined {
  if (typeof problem !== "object" || problem === null || !("type" in problem)) return undefined;
  const { type } = problem;
  if (typeof type !== "string" || !type.startsWith(PROBLEM_TYPE_BASE)) return undefined;
  return findTollError(type.slice(PROBLEM_TYPE_BASE.length));
}
