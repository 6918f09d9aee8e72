import { type ErrorTable, errorsOf } from "@tolldns/sdk";

/** Context of each error of feeds and witnesses. */
export interface FeedErrors {
  "request-form": { reason: string };
  "request-size": { limit: number };
  "request-method": { allowed: string };
  "request-rate": { retryAfter: number };
  "not-found": { what: string };
  "epoch-gone": { epoch: string };
  "not-ready": { reason: string };
  "streams-full": { limit: number };
  "name-unknown": { name: string };
  "name-lapsed": { name: string; expiresAt: string };
  "update-name": { name: string };
  "update-generation": { got: number; expected: number };
  "update-stale": { got: string; last: string };
  "update-version": { got: string; latest: string };
  "update-expiry": { expiresAt: string; latest: string };
  "update-signer": { signer: string };
  "update-forged": { signer: string };
  "update-records": { reason: string };
  "pool-full": { limit: number };
  "chain-busy": { waiting: number };
  "vote-form": { reason: string };
  "vote-stranger": { witness: string };
  "vote-epoch": { epoch: string };
  "proposal-form": { reason: string };
  "peer-lied": { url: string; what: string };
  "peer-failed": { url: string; reason: string };
  "car-invalid": { epoch: string; reason: string };
  "rebuild-broken": { epoch: string; reason: string };
  "chain-missing": { account: string };
  "store-foreign": { reason: string };
  "map-broken": { expected: string; got: string };
}

/** Errors of feeds and witnesses, 6300-6349. 630x: requests. 631x: updates. 632x: votes. 633x: peers and files. 634x: chain and store. */
export const FEED_ERRORS: ErrorTable<FeedErrors> = {
  "request-form": {
    number: 6300,
    message: "the request can't be read",
    hint: "Compare it with the table of docs/reference/routes.md.",
  },
  "request-size": {
    number: 6301,
    message: "the request is too large",
    hint: "Send fewer things at once; a record set has at most 4096 bytes.",
  },
  "request-method": {
    number: 6302,
    message: "this path does not take that method",
    hint: "Use the method allowed.",
  },
  "request-rate": {
    number: 6303,
    message: "too many requests from this address",
    hint: "Wait as long as Retry-After says, or run a feed of your own.",
  },
  "not-found": {
    number: 6304,
    message: "no such thing here",
    hint: "Check the address; another feed may have it.",
  },
  "epoch-gone": {
    number: 6305,
    message: "this feed no longer has that epoch, or not yet",
    hint: "Ask for the last final epoch, or another feed.",
  },
  "not-ready": {
    number: 6306,
    message: "this feed has not caught up with the chain yet",
    hint: "Try again in a few seconds, or ask another feed.",
  },
  "streams-full": {
    number: 6307,
    message: "no more event streams are given",
    hint: "Close others, poll /v1/roots, or ask another feed.",
  },
  "name-unknown": {
    number: 6310,
    message: "nobody has registered this name",
    hint: "Register it first; a registration takes a moment to be seen.",
  },
  "name-lapsed": {
    number: 6311,
    message: "the registration has expired",
    hint: "Renew the name first.",
  },
  "update-name": {
    number: 6312,
    message: "not the written form of a name",
    hint: "Send the normalised label, with or without .dns.",
  },
  "update-generation": {
    number: 6313,
    message: "the update belongs to another registration of the name",
    hint: "Sign it anew with the generation that the name has now.",
  },
  "update-stale": {
    number: 6314,
    message: "a version as high as this is known already",
    hint: "Take the highest known version and add 1.",
  },
  "update-version": {
    number: 6334,
    message: "the version is above the milliseconds since 1970",
    hint: "Take the highest known version and add 1.",
  },
  "update-expiry": {
    number: 6315,
    message: "the update expires too late or has expired",
    hint: "Let it expire in the future and not after the name's registration.",
  },
  "update-signer": {
    number: 6316,
    message: "the signer is neither the name's authority nor its delegate for routes",
    hint: "Sign with the owner's key; after a transfer the new holder first claims authority with the names program.",
  },
  "update-forged": {
    number: 6317,
    message: "the signature does not fit the update",
    hint: "Sign the update for this cluster; see docs/reference/routes.md.",
  },
  "update-records": {
    number: 6318,
    message: "the records are no record set of this name",
    hint: "See the reason; records come in canonical order and belong to the name.",
  },
  "pool-full": {
    number: 6319,
    message: "as many updates are waiting as this feed holds",
    hint: "Try again after the next epoch, or post the update on chain.",
  },
  "chain-busy": {
    number: 6320,
    message: "too many names are being looked up on chain",
    hint: "Try again in a few seconds.",
  },
  "vote-form": { number: 6325, message: "not a vote", hint: "See docs/reference/quorum.md." },
  "vote-stranger": {
    number: 6326,
    message: "the key is no member of the committee",
    hint: "Only members' votes are passed on.",
  },
  "vote-epoch": {
    number: 6327,
    message: "the epoch is not the one under way",
    hint: "Send it to whoever keeps that epoch.",
  },
  "proposal-form": {
    number: 6328,
    message: "not a proposal",
    hint: "Trace, roots, count and signed vote have to fit each other.",
  },
  "peer-lied": {
    number: 6330,
    message: "a feed sent what does not fit the root on chain",
    hint: "Nothing was taken over; another feed is asked.",
  },
  "peer-failed": {
    number: 6331,
    message: "a feed did not answer as it should",
    hint: "It is tried again; others are asked.",
  },
  "car-invalid": {
    number: 6332,
    message: "not the CAR file of an epoch",
    hint: "Fetch it from another feed.",
  },
  "rebuild-broken": {
    number: 6333,
    message: "the files do not lead where they say",
    hint: "Fetch the epoch named from another feed; if all agree, report the epoch.",
  },
  "chain-missing": {
    number: 6340,
    message: "an account is missing on this chain",
    hint: "Run the migrations, or check program and RPC address.",
  },
  "store-foreign": {
    number: 6341,
    message: "the store belongs to another cluster or witness",
    hint: "Give each witness and each cluster a file of its own.",
  },
  "map-broken": {
    number: 6342,
    message: "the map does not have the root it should",
    hint: "It is fetched anew from other feeds; if that fails too, delete the store of this feed.",
  },
};

export const fail = errorsOf(FEED_ERRORS);

const STATUS: Partial<Record<keyof FeedErrors, number>> = {
  "request-size": 413,
  "request-method": 405,
  "request-rate": 429,
  "not-found": 404,
  "epoch-gone": 404,
  "not-ready": 503,
  "streams-full": 503,
  "update-stale": 409,
  "update-signer": 403,
  "update-forged": 403,
  "pool-full": 503,
  "chain-busy": 503,
  "vote-stranger": 403,
  "vote-epoch": 409,
};

/** HTTP status an error is answered with. */
export function statusOf(code: string): number {
  return STATUS[code as keyof FeedErrors] ?? 400;
}
