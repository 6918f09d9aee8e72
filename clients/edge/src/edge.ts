import type { EdgeOptions } from "./options.ts";
import type { RunningEdge } from "./status.ts";

/**
 * Starts the edge: listeners, cache, gateways and, with a wallet, payment.
 * @throws EdgeError option-invalid, key-file, journal-corrupt, journal-locked
 */
export type StartEdge = (options: EdgeOptions) => Promise<RunningEdge>;
