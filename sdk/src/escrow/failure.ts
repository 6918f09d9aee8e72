import { type AddressLike, formatAddress } from "../address.ts";
import { type ErrorTable, errorsOf, TollError } from "../errors.ts";
import { PROGRAM_ERRORS } from "../generated/escrow.ts";
import { HINTS } from "./hints.ts";

/** Context of each failure that is not the escrow's own. */
export interface FailureErrors {
  "failure-other-program": { program: string; code: number; instruction: number };
  "failure-instruction": { reason: string; instruction: number };
  "failure-transaction": { reason: string };
}

/** Failures of transactions that are not the escrow's own, 220-229. The escrow's carry its own codes, from 6000. */
export const FAILURE_ERRORS: ErrorTable<FailureErrors> = {
  "failure-other-program": {
    number: 220,
    message: "another program refused",
    hint: "Look the code up in that program's errors; 1 of a token program is too few tokens.",
  },
  "failure-instruction": {
    number: 221,
    message: "an instruction failed",
    hint: "Read the log of the transaction; an account may be missing or of another kind.",
  },
  "failure-transaction": {
    number: 222,
    message: "the transaction was not run",
    hint: "BlockhashNotFound: build it anew once it has expired. AlreadyProcessed: it went through. InsufficientFundsForFee: fund the fee payer.",
  },
};

const fail = /* #__PURE__ */ errorsOf(FAILURE_ERRORS);

/** Context of an error of the escrow program. */
export interface ProgramErrorContext {
  /** As in the IDL, such as `VoucherExpired`. */
  readonly name: string;
  /** Index of the instruction in the transaction, or -1 if unknown. */
  readonly instruction: number;
}

/** Code string of an error of the program: `VoucherExpired` is `program-voucher-expired`. */
export function programErrorCode(name: string): string {
  return `program${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** The escrow's error of this number (6000 and up), or undefined if it has none. */
export const programError = /* #__PURE__ */ programErrorsOf(PROGRAM_ERRORS, HINTS);

/** Makes the function that knows a program's errors, by their number, from its table and what to do about each. */
export function programErrorsOf<Name extends string>(
  table: Readonly<Record<number, readonly [Name, string]>>,
  hints: Readonly<Record<Name, string>>,
) {
  return (code: number, instruction = -1): TollError<string, ProgramErrorContext> | undefined => {
    const entry = table[code];
    if (entry === undefined) return undefined;
    const [name, message] = entry;
    const info = { number: code, message, hint: hints[name] };
    return new TollError(programErrorCode(name), info, { name, instruction });
  };
}

/**
 * Makes a TollError of what RPC answers as `err` of a transaction or simulation. With `logs`, a code of 6000 and up is
 * taken for the escrow's only if the escrow is the program that failed first.
 */
export function decodeFailure(err: unknown, escrow: AddressLike, logs?: readonly string[]): TollError {
  return decodeFailureOf(programError, err, escrow, logs);
}

/** As decodeFailure, for the program whose errors `errorOf` knows. */
export function decodeFailureOf(
  errorOf: typeof programError,
  err: unknown,
  address: AddressLike,
  logs?: readonly string[],
): TollError {
  const [instruction, reason] = instructionError(err) ?? [-1, undefined];
  if (reason === undefined) return fail("failure-transaction", { reason: textOf(err) });
  const custom = customCode(reason);
  if (custom === undefined) return fail("failure-instruction", { reason: textOf(reason), instruction });
  const program = logs === undefined ? undefined : failedProgram(logs);
  const isOurs = program === undefined || program === formatAddress(address);
  const own = isOurs ? errorOf(custom, instruction) : undefined;
  return own ?? fail("failure-other-program", { program: program ?? "unknown", code: custom, instruction });
}

function instructionError(err: unknown): [number, unknown] | undefined {
  if (typeof err !== "object" || err === null || !("InstructionError" in err)) return undefined;
  const pair = err.InstructionError;
  return Array.isArray(pair) && typeof pair[0] === "number" ? [pair[0], pair[1]] : undefined;
}

function customCode(reason: unknown): number | undefined {
  if (typeof reason !== "object" || reason === null || !("Custom" in reason)) return undefined;
  return typeof reason.Custom === "number" ? reason.Custom : undefined;
}

// The innermost program fails first; the ones that called it fail after with the same code.
function failedProgram(logs: readonly string[]): string | undefined {
  for (const line of logs) {
    const match = /^Program (\S+) failed: /.exec(line);
    if (match !== null) return match[1];
  }
  return undefined;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "unknown");
}
