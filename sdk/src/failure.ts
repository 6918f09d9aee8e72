import { type AddressLike, formatAddress } from "./address.ts";
import { type ErrorTable, errorsOf, TollError } from "./errors.ts";

/** Context of each failure that is not an error of the program's own. */
export interface FailureErrors {
  "failure-other-program": { program: string; code: number; instruction: number };
  "failure-instruction": { reason: string; instruction: number };
  "failure-transaction": { reason: string };
}

/** Failures of transactions that are not errors of a program of ours, 220-229. Those carry their own numbers, from 6000. */
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

/** Context of an error of a program. */
export interface ProgramErrorContext {
  /** As in the IDL, such as `VoucherExpired`. */
  readonly name: string;
  /** Index of the instruction in the transaction, or -1 if unknown. */
  readonly instruction: number;
}

/** Code string of a program's error: `VoucherExpired` is `program-voucher-expired`. */
export function programErrorCode(name: string): string {
  return `program${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** What to do about the errors that programs have alike (`programs/common`). */
export const COMMON_HINTS = {
  VersionUnknown: "Update this package; the program has moved on.",
  NotUpgradeAuthority: "Sign with the program's upgrade authority.",
  ProgramDataInvalid: "Pass the address deriveProgramData gives.",
  NotPendingAuthority: "Sign with the proposed authority.",
  NotGuardian: "Sign with the guardian or the authority.",
  FlagInvalid: "Pass 0 or 1.",
  ClockInvalid: "Report this; the cluster's clock is wrong.",
  InstructionUnknown: "Build the instruction with this package.",
  InstructionLength: "Build the instruction with this package.",
  AlreadyInitialized: "Nothing is left to do.",
  InvariantBroken: "Report this; nothing was changed.",
} as const;

/** A program's error of this number, or undefined if it has none. `instruction`: its index in the transaction. */
export type ProgramErrorOf = (
  code: number,
  instruction?: number,
) => TollError<string, ProgramErrorContext> | undefined;

/** Makes the function that knows a program's errors, by their number, from its table and what to do about each. */
export function programErrorsOf<Name extends string>(
  table: Readonly<Record<number, readonly [Name, string]>>,
  hints: Readonly<Record<Name, string>>,
): ProgramErrorOf {
  return (code, instruction = -1) => {
    const entry = table[code];
    if (entry === undefined) return undefined;
    const [name, message] = entry;
    const info = { number: code, message, hint: hints[name] };
    return new TollError(programErrorCode(name), info, { name, instruction });
  };
}

/**
 * Makes the function that makes a TollError of what RPC answers as `err` of a transaction or simulation, for the program whose errors `errorOf` knows. With `logs`, a code
 * of 6000 and up is taken for the program's only if it is the one that failed first.
 */
export function failureDecoderOf(errorOf: ProgramErrorOf) {
  return (err: unknown, program: AddressLike, logs?: readonly string[]): TollError => {
    const [instruction, reason] = instructionError(err) ?? [-1, undefined];
    if (reason === undefined) return fail("failure-transaction", { reason: textOf(err) });
    const custom = customCode(reason);
    if (custom === undefined) return fail("failure-instruction", { reason: textOf(reason), instruction });
    const failed = logs === undefined ? undefined : failedProgram(logs);
    const isOurs = failed === undefined || failed === formatAddress(program);
    const own = isOurs ? errorOf(custom, instruction) : undefined;
    return own ?? fail("failure-other-program", { program: failed ?? "unknown", code: custom, instruction });
  };
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
