/** The paid resolver. */
export { GatewayError, type GatewayErrorCode } from "./errors.ts";
export type * from "./options.ts";
export { startGateway } from "./start.ts";
export { type Primary, type PrimaryOptions, startPrimary } from "./workers/primary.ts";
export type { WorkerRequest, WorkerSeat } from "./workers/seat.ts";
export { takeSeat, workerOptions } from "./workers/worker.ts";
