/**
 * Every way the edge can refuse, 7000-7099. Retired numbers stay reserved.
 * 700x: options. 701x: spending. 702x: the journal. 703x: gateways. 704x: the chain. 705x: install. 706x: control.
 */
export const EDGE_ERRORS = {
  "option-invalid": { number: 7000, hint: "correct the named option" },
  "key-file": { number: 7001, hint: "a keypair file holds a JSON array of 64 bytes and has mode 0600" },
  stopped: { number: 7010, hint: "payment was stopped; call resume to pay again" },
  "limit-query": { number: 7011, hint: "raise the limit per query, or use a cheaper gateway" },
  "limit-hour": {
    number: 7012,
    hint: "wait until spending falls out of the last hour, or raise the limit per hour",
  },
  "limit-day": {
    number: 7013,
    hint: "wait until spending falls out of the last day, or raise the limit per day",
  },
  "price-ceiling": { number: 7014, hint: "raise the price ceiling, or use a cheaper gateway" },
  "no-wallet": { number: 7015, hint: "name a keypair file, or hand in a signer" },
  "balance-empty": { number: 7016, hint: "deposit Index Units into escrow" },
  "lane-spent": {
    number: 7017,
    hint: "the lane holds no more; it is topped up when limits and balance allow",
  },
  "promise-lower": { number: 7018, hint: "a promise may only rise; this is a fault in the program" },
  "journal-corrupt": {
    number: 7020,
    hint: "restore the file, or move it away and close the lanes with the wallet: promises made are in it",
  },
  "journal-locked": {
    number: 7021,
    hint: "another edge uses this state folder; end it, or use another folder",
  },
  "journal-write": {
    number: 7022,
    hint: "free some space and make the state folder writable; nothing is paid until then",
  },
  "gateway-discovery": { number: 7030, hint: "check the gateway's address and certificate" },
  "gateway-foreign": {
    number: 7031,
    hint: "the gateway is on another cluster or of another escrow; use one of yours",
  },
  "gateway-refused": { number: 7032, hint: "the gateway refused the toll; see the slug" },
  "gateway-lied": { number: 7033, hint: "the gateway claimed what can't be; it is left alone for a while" },
  "gateway-none": { number: 7034, hint: "no gateway can be used now; status says why for each" },
  "gateway-timeout": { number: 7035, hint: "the gateway did not answer in time" },
  "chain-failed": { number: 7040, hint: "check the RPC address; it is tried again" },
  "chain-refused": { number: 7041, hint: "the program refused the transaction; see its error" },
  "lane-none": { number: 7042, hint: "the gateway's ledger has no free lane; use another gateway" },
  "install-port": { number: 7050, hint: "stop the named program, or give the edge another address" },
  "install-immutable": {
    number: 7051,
    hint: "run `chattr -i` on the file first; the edge does not take the bit away by itself",
  },
  "install-changed": { number: 7052, hint: "the file was changed since; restore it by hand, or pass force" },
  "install-journal": {
    number: 7053,
    hint: "the install record can't be read; its folder holds the originals",
  },
  "install-root": { number: 7054, hint: "run as root" },
  "control-unauthorised": { number: 7060, hint: "send the bearer token from the token file" },
} as const;

export type EdgeErrorCode = keyof typeof EDGE_ERRORS;

/** The one error class of this package. `code` says which guard fired, `hint` what to do next. Never holds a secret. */
export class EdgeError extends Error {
  override readonly name = "EdgeError";
  readonly code: EdgeErrorCode;
  readonly number: number;
  readonly hint: string;

  constructor(code: EdgeErrorCode, detail?: string, options?: { cause?: unknown }) {
    super(detail === undefined ? code : `${code}: ${detail}`, options);
    this.code = code;
    this.number = EDGE_ERRORS[code].number;
    this.hint = EDGE_ERRORS[code].hint;
  }
}

/** True if `error` came from the edge, with this code if one is given. */
export function isEdgeError(error: unknown, code?: EdgeErrorCode): error is EdgeError {
  return error instanceof EdgeError && (code === undefined || error.code === code);
}

/** One line for a log or a status: the message, never a stack. */
export function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
