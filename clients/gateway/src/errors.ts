/**
 * Everything that can keep a gateway from starting or running, 5000-5099. What it answers to payers is in docs/reference/toll.md.
 * A number is never given a second meaning.
 */
const CATALOGUE = {
  "option-range": [5000, "correct the option and start again"],
  "option-missing": [5001, "give the option; docs/guides/gateway.md lists them"],
  "config-unreadable": [5002, "the configuration is a JSON file this user may read"],
  "no-upstreams": [
    5003,
    "name upstreams; the machine's own resolver list is empty or points at this gateway",
  ],
  "ledger-unreadable": [5010, "the chain must be reachable when a gateway starts, and the ledger open"],
  "ledger-foreign": [5011, "the account is not a ledger of this escrow program and cluster"],
  "worker-gone": [5015, "another worker holds the session and could not be asked; try again"],
  "acme-options": [5016, "correct `certificate`; docs/guides/gateway.md says what ACME needs"],
  "acme-port": [
    5017,
    "let the gateway bind the challenge port, or give another one and forward port 80 to it",
  ],
  "recursor-missing": [5020, "install the recursor, or name its program"],
  "recursor-silent": [5021, "the recursor did not answer in time; its own log says why"],
} as const;

export type GatewayErrorCode = keyof typeof CATALOGUE;

/** The one error class of this package. `code` says which guard fired, `hint` what to do next. */
export class GatewayError extends Error {
  override readonly name = "GatewayError";
  readonly code: GatewayErrorCode;
  readonly number: number;
  readonly hint: string;

  constructor(code: GatewayErrorCode, detail: string, cause?: unknown) {
    super(`${code}: ${detail}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.number = CATALOGUE[code][0];
    this.hint = CATALOGUE[code][1];
  }
}

export function gatewayError(code: GatewayErrorCode, detail: string, cause?: unknown): GatewayError {
  return new GatewayError(code, detail, cause);
}
