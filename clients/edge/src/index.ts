export { createVirtualEdgeClock, type EdgeClock, systemEdgeClock, type VirtualEdgeClock } from "./clock.ts";
export { startEdge } from "./edge.ts";
export { EDGE_ERRORS, EdgeError, type EdgeErrorCode, isEdgeError } from "./errors.ts";
export {
  type InstallOptions,
  type InstallResult,
  installEdge,
  readInstall,
  uninstallEdge,
} from "./install/install.ts";
export { findPortHolder, type PortHolder } from "./install/port.ts";
export {
  DEFAULT_LIMITS,
  type EdgeAnswer,
  type EdgeLogLine,
  type EdgeOptions,
  type GatewaySource,
  type ListenAddress,
  type PolicySettings,
  type SpendLimits,
  type WalletOptions,
} from "./options.ts";
export type {
  PathGateway,
  PathReply,
  PathTransport,
  PayingPath,
  PayingPathOptions,
} from "./path/options.ts";
export { openPayingPath } from "./path/path.ts";
export type { EdgeStatus, GatewayStatus, LaneStatus, RunningEdge } from "./status.ts";
export type { OwnerSigner } from "./wallet/owner.ts";
