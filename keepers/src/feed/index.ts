/** The pieces of a feed, for those who build on them: tests, demonstrations, other members of a quorum. */
export { decodeEpochCar, type EpochFile, encodeEpochCar } from "./car.ts";
export { entitlementOf } from "./chain/entitled.ts";
export { type Claim, isDue, type Registry, readRegistry } from "./chain/registry.ts";
export { openRouteChain } from "./chain/solana.ts";
export type * from "./chain/types.ts";
export { FEED_ERRORS, type FeedErrors } from "./errors.ts";
export { createLimiter, type Limiter, limitKey } from "./http/limits.ts";
export { type FeedAnswer, type FeedRequest, type HttpOptions, type Route, serveHttp } from "./http/server.ts";
export { createPool, type Pool, type PoolEntry } from "./pool.ts";
export { type Difference, findDifference } from "./reconcile.ts";
export type { EpochRecord, Leaf } from "./store/epochs.ts";
export { bindStore, type FeedStore, openFeedStore } from "./store/open.ts";
export type { NewUpdate, StoredUpdate } from "./store/updates.ts";
export type { Proposal, Statement, Vote } from "./store/votes.ts";
export { readSubmission, type Submission, writeSubmission } from "./submission.ts";
export { digestOf, readProposal, readTrace, readVote } from "./votes.ts";
export { writeProposal, writeVote } from "./write.ts";
