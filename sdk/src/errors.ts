/** What a code means, apart from the occasion: the same for every error that carries it. */
export interface ErrorInfo {
  /** Stable number; ranges are listed in docs/reference/sdk.md. Never reused for another meaning. */
  readonly number: number;
  /** One clause, no full stop; the context is appended to it. */
  readonly message: string;
  /** What the caller should do next. */
  readonly hint: string;
}

/** Codes of one area, each with what it means. `T` maps a code to the type of its context. */
export type ErrorTable<T> = { readonly [Code in keyof T & string]: ErrorInfo };

/**
 * The one error class. Tell errors apart by `code` (or `number`), never by `message`.
 *
 * @example
 * try { decodeVoucher(bytes) } catch (e) { if (isTollError(e, 'voucher-length')) console.error(e.hint) }
 */
export class TollError<Code extends string = string, Context = unknown> extends Error {
  readonly code: Code;
  readonly number: number;
  readonly hint: string;
  /** Values that explain the occasion. Holds no secrets, so it may be logged. */
  readonly context: Context;

  constructor(code: Code, info: ErrorInfo, context: Context, cause?: unknown) {
    super(info.message + describe(context), cause === undefined ? undefined : { cause });
    this.name = "TollError";
    this.code = code;
    this.number = info.number;
    this.hint = info.hint;
    this.context = context;
  }
}

/** True if `error` is a TollError (of the given code, when one is named). Works across copies of this package. */
export function isTollError<Code extends string = string, Context = unknown>(
  error: unknown,
  code?: Code,
): error is TollError<Code, Context> {
  return (
    error instanceof Error &&
    error.name === "TollError" &&
    (code === undefined || (error as TollError).code === code)
  );
}

/**
 * Makes the function that creates the errors of one area from its table, with the context type checked per code.
 *
 * @example
 * const fail = errorsOf<{ 'cache-full': { bytes: number } }>({ 'cache-full': { number: 1001, message: 'the cache is full', hint: 'Raise cache.bytes.' } });
 * throw fail('cache-full', { bytes: 10 });
 */
export function errorsOf<T extends object>(table: ErrorTable<T>) {
  return <Code extends keyof T & string>(
    code: Code,
    context: T[Code],
    cause?: unknown,
  ): TollError<Code, T[Code]> => new TollError(code, table[code], context, cause);
}

function describe(context: unknown): string {
  if (typeof context !== "object" || context === null) return "";
  const parts = Object.entries(context).map(([key, value]) => `${key}: ${String(value)}`);
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}
