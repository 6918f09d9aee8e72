import type { Kind } from "./values.ts";

/** One setting. File, environment, flags, help, `tolldns init` and completion are all read from this. */
export interface Option<T> {
  readonly kind: Kind<T>;
  /** What it is for, as a clause; the default is appended where shown. */
  readonly about: string;
  readonly default?: T;
  /** What stands in for a default that depends on other things, in words. */
  readonly otherwise?: string;
  /** For the commented line of `tolldns init` when there is no default. */
  readonly example?: T;
  /** May hold a password: refused as an argument, which other users of the machine can read. */
  readonly secret?: (value: T) => boolean;
}

/** An option of any kind; its kind checks what goes in. */
// biome-ignore lint/suspicious/noExplicitAny: T is in both directions here, so nothing narrower fits all options.
export type AnyOption = Option<any>;
export type Section = Readonly<Record<string, AnyOption>>;

type Rest<T> = Omit<Option<T>, "kind" | "about">;

export function option<T>(
  kind: Kind<T>,
  about: string,
  rest: Rest<NoInfer<T>> & { readonly default: NoInfer<T> },
): Option<T> & { readonly default: T };
export function option<T>(kind: Kind<T>, about: string, rest?: Rest<NoInfer<T>>): Option<T>;
export function option<T>(kind: Kind<T>, about: string, rest: Rest<T> = {}): Option<T> {
  return { kind, about, ...rest };
}
