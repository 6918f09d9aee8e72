import { DnsError } from "@tolldns/dns";

/** Rejects when `signal` aborts, with its reason, unless the promise, told the same, has a last word; what it comes to afterwards is nobody's business. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) {
    promise.catch(() => {});
    return Promise.reject(signal.reason);
  }
  return new Promise((resolve, reject) => {
    const onAbort = () => setImmediate(() => reject(signal.reason));
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

/** A signal that aborts after so many milliseconds with `exchange-timeout`, or with the one given. */
export function timeLimit(milliseconds: number, signal: AbortSignal): { signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  const late = () => controller.abort(new DnsError("exchange-timeout", `${milliseconds} ms`));
  const onAbort = () => controller.abort(signal.reason);
  const timer = setTimeout(late, milliseconds);
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  return {
    signal: controller.signal,
    end() {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    },
  };
}
