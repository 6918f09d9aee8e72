export { type Clock, systemClock } from "./runtime/clock.ts";
export { type Log, stderrLog } from "./runtime/log.ts";
export type {
  KeeperStatus,
  LedgerStatus,
  RunningKeeper,
  SettlementOptions,
  SettlementPolicy,
} from "./settlement/options.ts";
