import type { Address } from "./address.ts";
import { copyBytes, toHex } from "./bytes.ts";
import { type ErrorTable, errorsOf } from "./errors.ts";

/** Version of accounts this package reads. */
export const ACCOUNT_VERSION = 1;

/** Context of each reader error. */
export interface ReaderErrors {
  "account-kind": { expected: string; got: string };
  "account-length": { kind: string; expected: number; got: number };
  "account-version": { kind: string; got: number };
  "account-closed": { kind: string };
  "lane-missing": { lane: number; rows: number };
  "lane-state": { got: number };
}

/** Reader errors, 210-219. */
export const READER_ERRORS: ErrorTable<ReaderErrors> = {
  "account-kind": {
    number: 210,
    message: "another kind of account",
    hint: "Check the address; derive it with deriveConfig, deriveBalance or deriveLedger.",
  },
  "account-length": {
    number: 211,
    message: "wrong length of account data",
    hint: "Fetch the account whole, without a dataSlice that cuts it.",
  },
  "account-version": {
    number: 212,
    message: "the account is of another version",
    hint: "Update this package; the program has moved on.",
  },
  "account-closed": {
    number: 213,
    message: "the account was closed",
    hint: "Choose another ledger; a closed one never opens again.",
  },
  "lane-missing": {
    number: 214,
    message: "the ledger has no such row",
    hint: "Lanes run from 0 to rows - 1.",
  },
  "lane-state": {
    number: 215,
    message: "unknown state of a lane",
    hint: "Update this package; the program has moved on.",
  },
};

const fail = /* #__PURE__ */ errorsOf(READER_ERRORS);

/**
 * Makes the check that comes before an account of one program is read: its kind by the first 8 bytes, its length, its version.
 * `lengths`: bytes of each kind; with a third argument the check takes any length for which that is true.
 *
 * @example
 * const check = checkerOf(ACCOUNT_DISCRIMINATORS, { Delegate: 176 });
 * check(data, "Delegate"); // throws account-kind, account-length, account-version
 */
export function checkerOf<Kind extends string>(
  discriminators: { readonly [K in Kind]: readonly number[] },
  lengths: { readonly [K in Kind]: number },
) {
  return (data: Uint8Array, kind: Kind, isLength = (length: number) => length === lengths[kind]): void => {
    const expected = toHex(Uint8Array.from(discriminators[kind]));
    const got = toHex(data.subarray(0, 8));
    if (got !== expected) throw fail("account-kind", { expected: kind, got });
    if (!isLength(data.length))
      throw fail("account-length", { kind, expected: lengths[kind], got: data.length });
    if (data[8] !== ACCOUNT_VERSION) throw fail("account-version", { kind, got: data[8] as number });
  };
}

/** A copy of the 32 bytes at `at`: an address or a hash. The caller has checked the length. */
export function keyAt(data: Uint8Array, at: number): Uint8Array {
  return copyBytes(data, at, at + 32);
}

/** What 32 bytes stand for where all zeros mean nothing is there: an address, a seed. */
export function given(bytes: Address): Address | undefined {
  return bytes.some((byte) => byte !== 0) ? bytes : undefined;
}
