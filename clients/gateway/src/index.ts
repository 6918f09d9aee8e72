/** The paid resolver. */
export { GatewayError, type GatewayErrorCode } from "./errors.ts";
export type * from "./options.ts";
export { startGateway } from "./start.ts";
