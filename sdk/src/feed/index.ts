/** Clients of feeds: ask for routes, roots and events, hand in updates. How requests travel is handed in. */
export * from "./client.ts";
export { FEED_ERRORS, type FeedErrors } from "./errors.ts";
export { createEventParser, type EventParser, type StreamEvent } from "./events.ts";
export {
  type FeedEvent,
  type FeedRoot,
  type FeedRoute,
  type FeedUpdateState,
  MAX_EVIDENCE_BYTES,
  MAX_ROOTS,
  type RootStatus,
} from "./parse.ts";
export * from "./transport.ts";
