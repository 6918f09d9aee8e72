export { type Clock, systemClock } from "./clock.ts";
export { createConnection } from "./connection.ts";
export { chooseComputeLimit, choosePrice, priorityOf, SIGNATURE_FEE } from "./fees.ts";
export { type Log, stderrLog } from "./log.ts";
export { decideOutbox, type OutboxAction, type SeenStatus } from "./outbox.ts";
