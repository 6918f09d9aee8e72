export { startChain } from "./chain.ts";
export { CHAIN_ERRORS, type ChainErrors } from "./errors.ts";
export type {
  Chain,
  ChainClock,
  ChainOptions,
  ChainStatus,
  ClockControl,
  Commitment,
  FaultControl,
  FaultSettings,
} from "./types.ts";
