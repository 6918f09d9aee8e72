import { isTollError } from "@tolldns/sdk";

// What checks of vectors say with. Runs in Node and in browsers: no chai, no files.

/** @throws Error if the two are not the same value */
export function same(got: unknown, expected: unknown): void {
  if (got !== expected) throw new Error(`expected ${String(expected)}, got ${String(got)}`);
}

/** The code of the TollError that `run` throws; "none" if it throws nothing. */
export function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (isTollError(error)) return error.code;
    throw error;
  }
  return "none";
}
