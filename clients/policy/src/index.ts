/** What both ends route by: one decision and its reason, own measurements, states from the chain, the log of decisions. Imports the SDK, and of `@tolldns/dns` the clock. */
export { DEFAULT_SETTINGS, decide, hedgeAfterOf, scoreOf } from "./decide.ts";
export { type ReadHistoryOptions, readTargetHistory } from "./history/chain.ts";
export { type GetText, type HearReportsOptions, hearReports, judgeReport } from "./history/reports.ts";
export { findQuorum, type TellOptions, tellIncident, tellIncidents } from "./history/tell.ts";
export type * from "./history/types.ts";
export { type DecisionLogOptions, openDecisionLog } from "./log/log.ts";
export {
  checkDecisionLog,
  followDecisionLog,
  type LogCheck,
  type LogFault,
  readDecisionLog,
} from "./log/read.ts";
export type {
  Decision as DecisionEntry,
  DecisionKind,
  DecisionLine,
  DecisionLog,
  DecisionLogStatus,
  DecisionValue,
} from "./log/types.ts";
export {
  type Change,
  createMeasure,
  DEFAULT_EJECTION,
  type EjectionSettings,
  findOutlier,
  type Measure,
} from "./measure.ts";
export * from "./types.ts";
export { type AccountConnection, connectionChain, type RpcCall, rpcChain } from "./view/chains.ts";
export { openPolicy } from "./view/open.ts";
export type * from "./view/types.ts";
