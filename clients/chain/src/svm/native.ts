import native from "litesvm/dist/internal.js";

export type {
  Account,
  FailedTransactionMetadata,
  InnerInstruction,
  LiteSvm,
  SimulatedTransactionInfo,
  TransactionMetadata,
} from "litesvm/dist/internal.js";

/**
 * LiteSVM's native class. Its public wrapper takes and gives `@solana/kit` objects; a node that is handed wire bytes and
 * gives wire bytes needs neither their allocation nor their base58.
 */
export const { LiteSvm: NativeSvm, Clock, EpochSchedule } = native;
/** Made by value: address, lamports and data go in, nothing is shared. */
export const NativeAccount = native.Account;
export const NativeFailure = native.FailedTransactionMetadata;
export const InstructionFailure = native.TransactionErrorInstructionError;
export const DuplicateFailure = native.TransactionErrorDuplicateInstruction;
export const RentFailure = native.TransactionErrorInsufficientFundsForRent;
export const RestrictedFailure = native.TransactionErrorProgramExecutionTemporarilyRestricted;
export const CustomFailure = native.InstructionErrorCustom;
