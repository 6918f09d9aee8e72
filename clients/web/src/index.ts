export { WEB_ERRORS, type WebErrorCode } from "./errors.ts";
export type {
  DecisionSnapshot,
  PolicySnapshot,
  ReportSnapshot,
  SeatSnapshot,
  TargetSnapshot,
  TargetState,
  TransitionSnapshot,
  Verdict,
} from "./policy-snapshot.ts";
export { type DashboardOptions, type RunningDashboard, startDashboard } from "./server.ts";
export type {
  DnsSnapshot,
  EpochSnapshot,
  EpochState,
  RecentQuery,
  Snapshot,
  WitnessSnapshot,
} from "./snapshot.ts";
