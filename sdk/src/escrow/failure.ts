import { failureDecoderOf, programErrorsOf } from "../failure.ts";
import { PROGRAM_ERRORS } from "../generated/escrow.ts";
import { HINTS } from "./hints.ts";

export {
  FAILURE_ERRORS,
  type FailureErrors,
  type ProgramErrorContext,
  programErrorCode,
} from "../failure.ts";

/** The escrow's error of this number (6000 and up), or undefined if it has none. */
export const programError = /* #__PURE__ */ programErrorsOf(PROGRAM_ERRORS, HINTS);

/**
 * Makes a TollError of what RPC answers as `err` of a transaction or simulation. With `logs`, a code of 6000 and up is
 * taken for the escrow's only if the escrow is the program that failed first.
 */
export const decodeFailure = /* #__PURE__ */ failureDecoderOf(programError);
