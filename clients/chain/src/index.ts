export { startChain } from "./chain.ts";
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
