/** Milliseconds that ending may take before the process leaves anyway; everything acknowledged is on disk by then. */
const PATIENCE_MS = 10_000;

/**
 * Waits for Ctrl-C or a termination, then ends what runs. A second signal leaves at once.
 * @returns how many milliseconds ending took
 */
export async function runUntilSignal(
  close: () => Promise<void>,
  onEnding: (signal: string) => void = () => {},
): Promise<number> {
  const signal = await nextSignal();
  onEnding(signal);
  const started = performance.now();
  const leave = () => process.exit(130);
  process.on("SIGINT", leave);
  process.on("SIGTERM", leave);
  setTimeout(leave, PATIENCE_MS).unref();
  await close();
  return performance.now() - started;
}

function nextSignal(): Promise<string> {
  return new Promise((resolve) => {
    // Signals alone don't keep a process alive.
    const alive = setInterval(() => {}, 1 << 30);
    const take = (signal: string) => {
      clearInterval(alive);
      for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.removeListener(name, take);
      resolve(signal);
    };
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, take);
  });
}

/** Ends things in the reverse order of their start; one that fails to end doesn't keep the others. */
export function createStack() {
  const things: { readonly name: string; close(): Promise<unknown> | unknown }[] = [];
  return {
    /** Remembers how to end `thing`, and returns it. */
    add<T extends { close(): Promise<unknown> | unknown }>(name: string, thing: T): T {
      things.push({ name, close: () => thing.close() });
      return thing;
    },
    async close(): Promise<void> {
      const failures: unknown[] = [];
      for (const { name, close } of things.splice(0).reverse()) {
        try {
          await close();
        } catch (cause) {
          failures.push(new Error(`${name} did not end cleanly`, { cause }));
        }
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}

export type Stack = ReturnType<typeof createStack>;
