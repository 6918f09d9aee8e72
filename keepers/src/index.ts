export { KEEPER_ERRORS, type KeeperErrors } from "./errors.ts";
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
