import { isTollError } from "@tolldns/sdk";
import { AssertionError } from "chai";

/** The code of the TollError that `run` throws; fails if it throws nothing or anything else. */
export function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (isTollError(error)) return error.code;
    throw error;
  }
  throw new AssertionError("expected a TollError, but nothing was thrown");
}
