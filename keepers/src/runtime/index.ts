export { type Clock, systemClock } from "./clock.ts";
export {
  chooseComputeLimit,
  choosePrice,
  MAX_COMPUTE_UNITS,
  SIGNATURE_FEE,
  transactionFee,
} from "./fees.ts";
export { type Log, stderrLog } from "./log.ts";
export { decideOutbox, type OutboxAction, type SeenStatus } from "./outbox.ts";
