import type { Clock } from "./clock.ts";

export interface Loop {
  /** Runs a step now; when one is under way, another right after it. Resolves when that is done. */
  run(): Promise<void>;
  /** Resolves when the step under way is done and none will follow. */
  close(): Promise<void>;
}

/** Runs `step` every `seconds` until closed. `step` must not reject. */
export function startLoop(clock: Clock, seconds: number, step: (signal: AbortSignal) => Promise<void>): Loop {
  const ending = new AbortController();
  let current: Promise<void> = Promise.resolve();

  function run(): Promise<void> {
    current = current.then(() => (ending.signal.aborted ? undefined : step(ending.signal)));
    return current;
  }

  const done = (async () => {
    while (!ending.signal.aborted) {
      await run();
      await clock.sleep(seconds, ending.signal);
    }
  })();

  return {
    run,
    close: async () => {
      ending.abort();
      await done;
      await current;
    },
  };
}
