/** The child's end of `startScript`. */

/** What a served child is told first. */
export async function firstArgument<T>(): Promise<T> {
  return new Promise((resolve) => {
    process.once("message", (message: { argument: T }) => resolve(message.argument));
  });
}

type Handlers = Readonly<Record<string, (argument: never) => unknown>>;

/** Says `ready`, then answers each question by the handler of its name. `close` runs once at SIGTERM; without the lab it ends at once. */
export function serve(ready: unknown, handlers: Handlers, close: () => Promise<unknown>): void {
  process.on("message", (message: { number: number; what: string; argument: never }) => {
    const { number: to, what, argument } = message;
    const handler = handlers[what];
    const answer = (async () => {
      if (handler === undefined) throw new Error(`knows nothing of ${what}`);
      return handler(argument);
    })();
    answer.then(
      (value) => process.send?.({ to, answer: value }),
      (error: unknown) =>
        process.send?.({ to, error: error instanceof Error ? error.message : String(error) }),
    );
  });
  process.once("disconnect", () => process.exit(0));
  process.once("SIGTERM", () => void close().finally(() => process.exit(0)));
  process.send?.({ ready });
}
