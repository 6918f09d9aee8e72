import { type ErrorTable, errorsOf } from "../errors.ts";

/** Context of each transaction error. */
export interface TransactionErrors {
  "transaction-size": { version: string; limit: number; got: number };
  "transaction-count": { what: string; limit: number; got: number };
  "transaction-signer": { address: string };
  "transaction-truncated": { at: number };
  "transaction-trailing": { at: number; length: number };
  "transaction-version": { got: number };
  "transaction-lookup": { tables: number };
  "transaction-invalid": { why: string };
}

/** Transaction errors, 190-199. */
export const TRANSACTION_ERRORS: ErrorTable<TransactionErrors> = {
  "transaction-size": {
    number: 190,
    message: "the transaction is larger than its version allows",
    hint: "Put fewer vouchers or instructions into it; vouchersPerTransaction says how many fit.",
  },
  "transaction-count": {
    number: 191,
    message: "the transaction has too many parts",
    hint: "Split it into several transactions.",
  },
  "transaction-signer": {
    number: 192,
    message: "a signature is missing or nobody asked for it",
    hint: "Pass exactly one signer for each signing account, the fee payer among them.",
  },
  "transaction-truncated": {
    number: 193,
    message: "the transaction ends too early",
    hint: "The bytes were cut; fetch them again.",
  },
  "transaction-trailing": {
    number: 194,
    message: "bytes follow the transaction",
    hint: "Pass one transaction alone.",
  },
  "transaction-version": {
    number: 195,
    message: "unknown version of transaction",
    hint: "Legacy, 0 and 1 are understood.",
  },
  "transaction-lookup": {
    number: 196,
    message: "the transaction uses address lookup tables",
    hint: "Read it with web3.js, which can fetch the tables.",
  },
  "transaction-invalid": {
    number: 197,
    message: "the transaction breaks a rule of its format",
    hint: "A cluster would refuse it before running it.",
  },
};

/** Makes a transaction error. */
export const fail = /* #__PURE__ */ errorsOf(TRANSACTION_ERRORS);
