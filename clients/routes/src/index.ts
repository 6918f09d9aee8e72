/** What both ends do with `.dns`: ask feeds, know which roots are final, verify evidence, answer from it. Imports only dns and sdk. */
export { type RoutesClock, systemRoutesClock } from "./clock.ts";
export {
  edeOf,
  evidenceFailure,
  isLie,
  isRefused,
  ROUTES_ERRORS,
  type RoutesErrors,
  wordsOf,
} from "./errors.ts";
export type { FeedStatus } from "./feeds.ts";
export { type AnswerOrdinary, createFollow } from "./follow.ts";
export { isRouteQuestion, registeredName } from "./name.ts";
export { answerRoutesOff } from "./off.ts";
export { type OpenedRoutes, openRoutes, type RoutesParts } from "./open.ts";
export * from "./options.ts";
export type { FinalRoots, ReadFinalRoots } from "./roots.ts";
export { createRoutes } from "./routes.ts";
export type { AskedName, EvidenceSource } from "./source.ts";
export { createNodeTransport, type NodeTransportOptions } from "./transport.ts";
