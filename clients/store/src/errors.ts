/**
 * Every way a store can refuse, 6000-6099. Retired numbers stay reserved.
 * 600x: the medium. 602x: the schema. 604x: leases and the outbox. 606x: arguments.
 */
export const STORE_ERRORS = {
  full: { number: 6000, hint: "free some space; nothing acknowledged was lost and writes work again then" },
  locked: { number: 6001, hint: "another process holds the file; wait, or end it" },
  unavailable: { number: 6002, hint: "the database can't be reached; try again, it reconnects by itself" },
  "outcome-unknown": {
    number: 6003,
    hint: "the connection broke during a commit; call again with the same arguments, every write may run twice",
  },
  corrupt: { number: 6004, hint: "restore the file from a backup" },
  "read-only": { number: 6005, hint: "give the process write access to the file and its folder" },
  closed: { number: 6006, hint: "open the store again" },
  "schema-newer": { number: 6020, hint: "a newer version wrote this store; update this program" },
  "lease-lost": { number: 6040, hint: "another holder took the lease over; stop, and acquire it again" },
  "lane-busy": {
    number: 6041,
    hint: "a voucher of this lane is in a transaction that may still land; wait for it",
  },
  "outbox-unknown": { number: 6042, hint: "no transaction of this signature was stored" },
  "outbox-state": { number: 6043, hint: "the transaction has moved on; read it again" },
  "outbox-duplicate": { number: 6044, hint: "this signature is stored already, with other bytes" },
  "value-range": { number: 6060, hint: "amounts are bigint from 0 to 2^56-1, lanes and generations u16" },
  unexpected: { number: 6099, hint: "see the cause" },
} as const;

export type StoreErrorCode = keyof typeof STORE_ERRORS;

/** The one error class of this package. `code` says which guard fired, `hint` what to do next. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: StoreErrorCode;
  readonly number: number;
  readonly hint: string;

  constructor(code: StoreErrorCode, detail?: string, options?: { cause?: unknown }) {
    super(detail === undefined ? code : `${code}: ${detail}`, options);
    this.code = code;
    this.number = STORE_ERRORS[code].number;
    this.hint = STORE_ERRORS[code].hint;
  }
}

/** True if `error` came from a store, with this code if one is given. */
export function isStoreError(error: unknown, code?: StoreErrorCode): error is StoreError {
  return error instanceof StoreError && (code === undefined || error.code === code);
}

/** True if the same call may simply be made again later: the medium failed, not the request. */
export function isTransient(error: unknown): boolean {
  return (
    isStoreError(error) &&
    (error.code === "full" ||
      error.code === "locked" ||
      error.code === "unavailable" ||
      error.code === "outcome-unknown")
  );
}
