import { EDE } from "@tolldns/dns/wire/constants";
import { type ErrorTable, errorsOf, isTollError } from "@tolldns/sdk";

/** Context of each error; names that were asked for are never in it. */
export interface RoutesErrors {
  "routes-off": Record<string, never>;
  "routes-option": { option: string; expected: string };
  "roots-unreadable": { reason: string };
  "roots-foreign": Record<string, never>;
  "roots-stale": { seconds: number; bound: number };
  "root-unconfirmed": { epoch: string };
  "root-not-final": { epoch: string; final: string };
  "root-old": { epoch: string; final: string };
  "route-older": { epoch: string };
  "proof-withheld": { from: string };
  "routes-unreachable": { asked: number };
}

/** Errors about `.dns` at both ends, 7100-7119. What evidence is wrong about is the SDK's, 255-261. */
export const ROUTES_ERRORS: ErrorTable<RoutesErrors> = {
  "routes-off": {
    number: 7100,
    message: "no feed of .dns routes is configured here",
    hint: "Name feeds; .dns names are never asked of public resolvers.",
  },
  "routes-option": {
    number: 7101,
    message: "a wrong option about routes",
    hint: "Correct the named option.",
  },
  "roots-unreadable": {
    number: 7102,
    message: "the chain doesn't say which root is final",
    hint: "Check the RPC address; it is tried again.",
  },
  "roots-foreign": {
    number: 7103,
    message: "the chain's quorum is of another domain",
    hint: "Name the RPC, quorum program and genesis hash of one and the same cluster.",
  },
  "roots-stale": {
    number: 7104,
    message: "the chain has been out of reach for longer than allowed",
    hint: "Restore the RPC, or allow older roots.",
  },
  "root-unconfirmed": {
    number: 7105,
    message: "a root that nobody can confirm while the chain is out of reach",
    hint: "Restore the RPC; only roots seen before it went away are used meanwhile.",
  },
  "root-not-final": {
    number: 7106,
    message: "a root that is not final on the chain",
    hint: "Ask again in a moment; if it goes on, whoever sent it makes roots up.",
  },
  "root-old": {
    number: 7107,
    message: "evidence under a root that newer ones have replaced",
    hint: "Ask another gateway or feed: this one is behind, or keeps the newer route back.",
  },
  "route-older": {
    number: 7108,
    message: "a route older than one already verified",
    hint: "Ask another gateway or feed and report this one.",
  },
  "proof-withheld": {
    number: 7109,
    message: "an answer without the evidence that was asked for",
    hint: "Ask another gateway and report this one.",
  },
  "routes-unreachable": {
    number: 7110,
    message: "no feed or gateway gave evidence for the name",
    hint: "Check the addresses of feeds and gateways; status says how each does.",
  },
};

export const fail = /* #__PURE__ */ errorsOf(ROUTES_ERRORS);

/** What only someone who lies, or passes a lie on, can have sent. An expired route is none: it may be the newest there is. */
const LIES: ReadonlySet<string> = new Set([
  "evidence-form",
  "evidence-name",
  "evidence-records",
  "evidence-root",
  "evidence-signature",
  "proof-form",
  "route-older",
  "proof-withheld",
]);

/** Did whoever sent this lie? Being behind, ahead or out of reach is none. */
export function isLie(error: unknown): boolean {
  return isTollError(error) && LIES.has(error.code);
}

/** Is the answer refused for what is in it, lie or not? */
export function isRefused(error: unknown): boolean {
  return isLie(error) || isTollError(error, "root-old") || isTollError(error, "root-not-final");
}

/** Why a gateway's answer brought no evidence: it answered all the same and kept the proof back, or it could not answer. */
export function evidenceFailure(from: string, isAnswer: boolean): Error {
  return isAnswer ? fail("proof-withheld", { from }) : fail("routes-unreachable", { asked: 1 });
}

/** Is it the chain, or a root, that keeps evidence from being used? */
export function isAboutRoots(error: unknown): boolean {
  return isTollError(error) && /^roots?-/.test(error.code);
}

/** What a DNS client is told (RFC 8914): why there is no answer. */
export function edeOf(error: unknown): { readonly code: number; readonly text: string } {
  const told = (error as { ede?: { code: number; text?: string } } | null)?.ede;
  if (told !== undefined) return { code: told.code, text: told.text ?? "tolldns: no answer" };
  if (!isTollError(error)) return { code: EDE.OTHER, text: "tolldns: no answer" };
  const { cause } = error;
  const why =
    cause instanceof Error && !error.message.includes(cause.message.slice(0, 30)) ? `: ${cause.message}` : "";
  const text = `tolldns: ${error.code}: ${error.message}${why}`.slice(0, 200);
  if (error.code === "routes-off") return { code: EDE.NOT_SUPPORTED, text };
  if (isRefused(error)) return { code: EDE.INVALID_DATA, text };
  return { code: EDE.NO_REACHABLE_AUTHORITY, text };
}

/** One line about an error, without the name that was asked for. */
export function wordsOf(error: unknown): string {
  if (isTollError(error)) return `${error.code}: ${error.message}`.slice(0, 200);
  return error instanceof Error ? error.message.slice(0, 200) : "failed";
}
