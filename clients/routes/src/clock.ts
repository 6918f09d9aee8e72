/** Time handed in. The edge's clock fits as it is. */
export interface RoutesClock {
  /** Milliseconds, never going backwards; its zero is arbitrary. */
  now(): number;
  /** Seconds since 1970-01-01. */
  wall(): number;
  /** Runs `run` once after `ms` milliseconds unless the returned function is called first. */
  after(ms: number, run: () => void): () => void;
}

export const systemRoutesClock: RoutesClock = {
  now: () => performance.now(),
  wall: () => Date.now() / 1000,
  after(ms, run) {
    const timer = setTimeout(run, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
