import type { GatewayOptions } from "../options.ts";
import { createProcessSeat } from "./process-seat.ts";
import type { WorkerSeat } from "./seat.ts";

/** The seat `startPrimary` gave this process, or null if it is no worker. Called once. */
export function takeSeat(): WorkerSeat | null {
  const seat = /^(\d+)\/(\d+)$/.exec(process.env.TOLLDNS_WORKER ?? "");
  return seat === null ? null : createProcessSeat(Number(seat[1]), Number(seat[2]));
}

/**
 * The options of one worker among several: ports are shared, but each tells its metrics on a port of its own, from the one given
 * upwards, and runs a recursor of its own.
 */
export function workerOptions(options: GatewayOptions, seat: WorkerSeat): GatewayOptions {
  const { listen, metrics, recursor } = options;
  return {
    ...options,
    listen: { ...listen, reusePort: true },
    ...(metrics === undefined || metrics.port === 0
      ? {}
      : { metrics: { ...metrics, port: metrics.port + seat.index } }),
    ...(recursor === undefined
      ? {}
      : { recursor: { ...recursor, folder: `${recursor.folder}-${seat.index}` } }),
    seat,
  };
}
