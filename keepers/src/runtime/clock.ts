/** Time as it is handed in. */
export interface Clock {
  /** Unix seconds. */
  now(): number;
  /** Resolves after `seconds`, or at once when `signal` aborts. Never rejects. */
  sleep(seconds: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now() / 1_000,
  sleep: (seconds, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, seconds * 1_000);
      signal.addEventListener("abort", done);
    }),
};
