import type { PolicyClock } from "./view/types.ts";

/** The machine's time. Timers don't keep the process alive. */
export const systemPolicyClock: PolicyClock = {
  now: () => performance.now(),
  wall: () => Date.now() / 1000,
  after(ms, run) {
    const timer = setTimeout(run, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
