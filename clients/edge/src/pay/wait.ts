/** Settles as `promise` does, or rejects with the reason of `signal` if that comes first. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    if (signal.aborted) {
      promise.catch(() => {});
      reject(signal.reason);
      return;
    }
    const onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

/** Wakes all who wait for the next change. */
export interface Signals {
  next(): Promise<void>;
  wake(): void;
}

export function createSignals(): Signals {
  let waiting: (() => void)[] = [];
  return {
    next: () => new Promise((resolve) => waiting.push(resolve)),
    wake() {
      const all = waiting;
      waiting = [];
      for (const resolve of all) resolve();
    },
  };
}
