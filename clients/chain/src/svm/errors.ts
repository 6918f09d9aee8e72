import { INSTRUCTION_ERRORS, TRANSACTION_ERRORS } from "./error-names.ts";
import {
  CustomFailure,
  DuplicateFailure,
  type FailedTransactionMetadata,
  InstructionFailure,
  RentFailure,
  RestrictedFailure,
} from "./native.ts";

/** A `TransactionError` as the JSON-RPC writes it. */
export type TransactionErrorJson = string | { [name: string]: unknown };

/** LiteSVM's numbering leaves `BorshIoError` to the end; the table follows Solana's order by name. */
const BORSH_NUMBER = 52;
const INSTRUCTION_ORDER = INSTRUCTION_ERRORS.filter(([name]) => name !== "BorshIoError");

/** Turns LiteSVM's error object into the RPC's JSON. */
export function errorJson(failure: FailedTransactionMetadata): TransactionErrorJson {
  const error: unknown = failure.err();
  if (typeof error === "number") return TRANSACTION_ERRORS[error]?.[0] ?? `Unknown${error}`;
  if (error instanceof InstructionFailure) return { InstructionError: [error.index, inner(error.err())] };
  if (error instanceof DuplicateFailure) return { DuplicateInstruction: error.index };
  if (error instanceof RentFailure)
    return { InsufficientFundsForRent: { account_index: error.accountIndex } };
  if (error instanceof RestrictedFailure) {
    return { ProgramExecutionTemporarilyRestricted: { account_index: error.accountIndex } };
  }
  return "SanitizeFailure";
}

function inner(error: unknown): unknown {
  if (error instanceof CustomFailure) return { Custom: error.code };
  if (typeof error === "number" && error !== BORSH_NUMBER) {
    return INSTRUCTION_ORDER[error]?.[0] ?? "GenericError";
  }
  return "BorshIoError";
}

const TEXTS = new Map([...TRANSACTION_ERRORS, ...INSTRUCTION_ERRORS]);

/** The sentence Solana prints for an error; `web3.js` and Anchor look into it. */
export function errorText(error: TransactionErrorJson): string {
  if (typeof error === "string") return TEXTS.get(error) ?? error;
  const instruction = error.InstructionError;
  if (Array.isArray(instruction)) {
    const [index, cause] = instruction as [number, string | { Custom: number }];
    const text =
      typeof cause === "string"
        ? (TEXTS.get(cause) ?? cause)
        : `custom program error: 0x${cause.Custom.toString(16)}`;
    return `Error processing Instruction ${index}: ${text}`;
  }
  if ("DuplicateInstruction" in error) {
    return `Transaction contains a duplicate instruction (${String(error.DuplicateInstruction)}) that is not allowed`;
  }
  const rent = error.InsufficientFundsForRent as { account_index: number } | undefined;
  if (rent !== undefined)
    return `Transaction results in an account (${rent.account_index}) with insufficient funds for rent`;
  return "Execution of the program referenced by account is temporarily restricted.";
}
