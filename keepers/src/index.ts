export { KEEPER_ERRORS, type KeeperErrors } from "./errors.ts";
export { decodeEpochCar, type EpochFile, encodeEpochCar } from "./feed/car.ts";
export { FEED_ERRORS, type FeedErrors } from "./feed/errors.ts";
export { startFeed } from "./feed/feed.ts";
export {
  DEFAULT_FEED_POLICY,
  type FeedOptions,
  type FeedPolicy,
  type FeedStatus,
  type FeedStoreOptions,
  type PeerStatus,
  type RunningFeed,
} from "./feed/options.ts";
export {
  type RebuildOptions,
  type RebuiltRoot,
  rebuildRoots,
} from "./feed/rebuild.ts";
export { QUORUM_KEEPER_ERRORS, type QuorumKeeperErrors } from "./quorum/errors.ts";
export { startQuorumKeeper } from "./quorum/keeper.ts";
export {
  DEFAULT_QUORUM_POLICY,
  type EpochProgress,
  type QuorumKeeperOptions,
  type QuorumKeeperStatus,
  type QuorumPolicy,
  type RunningQuorumKeeper,
} from "./quorum/options.ts";
export { type Clock, systemClock } from "./runtime/clock.ts";
export { createConnection } from "./runtime/connection.ts";
export { type Log, stderrLog } from "./runtime/log.ts";
export { DEFAULT_POLICY, startSettlementKeeper } from "./settlement/keeper.ts";
export type {
  KeeperStatus,
  LedgerStatus,
  RunningKeeper,
  SettlementOptions,
  SettlementPolicy,
} from "./settlement/options.ts";
export * from "./verifier/index.ts";
export {
  DEFAULT_VOTING_POLICY,
  type RunningWitness,
  type VotingPolicy,
  type WitnessOptions,
  type WitnessStatus,
} from "./witness/options.ts";
export { startWitness } from "./witness/witness.ts";
