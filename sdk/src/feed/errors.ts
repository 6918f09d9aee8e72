import { type ErrorTable, errorsOf } from "../errors.ts";

/** Context of each feed error. `feed` is the feed's origin; names that were asked for are never in it. */
export interface FeedErrors {
  "feed-url": { got: string };
  "feed-unreachable": { feed: string };
  "feed-status": { feed: string; status: number };
  "feed-unknown": { feed: string };
  "feed-refused": { feed: string; status: number; refusal: string; advice: string };
  "feed-size": { feed: string; limit: number };
  "feed-form": { feed: string; field: string; expected: string };
  "feed-stream": { feed: string; reason: string };
}

/** Feed errors, 280-289. */
export const FEED_ERRORS: ErrorTable<FeedErrors> = {
  "feed-url": {
    number: 280,
    message: "not the address of a feed",
    hint: "Give http:// or https://, host and port, without user, query or fragment.",
  },
  "feed-unreachable": {
    number: 281,
    message: "the feed can't be reached",
    hint: "Ask another feed; each one serves the same routes.",
  },
  "feed-status": {
    number: 282,
    message: "the feed answers with a status that says nothing about routes",
    hint: "Check the feed's address, or ask another feed.",
  },
  "feed-unknown": {
    number: 283,
    message: "the feed doesn't have it",
    hint: "Older epochs are dropped in time and new ones take a moment; ask another feed or another epoch.",
  },
  "feed-refused": {
    number: 284,
    message: "the feed refused",
    hint: "Do what its advice says; another feed would refuse a wrong update just the same.",
  },
  "feed-size": {
    number: 285,
    message: "the feed's answer is longer than any may be",
    hint: "Ask another feed.",
  },
  "feed-form": {
    number: 286,
    message: "the feed's answer is not of the documented form",
    hint: "Ask another feed; docs/reference/routes.md lists the fields.",
  },
  "feed-stream": {
    number: 287,
    message: "the stream of events is broken",
    hint: "Open it again after a moment, and read the roots for what was missed.",
  },
};

export const fail = /* #__PURE__ */ errorsOf(FEED_ERRORS);
