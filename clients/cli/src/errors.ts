/** Exit codes of `tolldns`, in the help and in docs/reference/cli.md. */
export const EXIT = {
  ok: 0,
  /** It was tried and failed. */
  failed: 1,
  /** The command line, the environment or the configuration file is wrong; nothing was done. */
  usage: 2,
  /** Something it needs can't be reached or is taken: an RPC, a port, a running role. */
  unavailable: 3,
  /** The chain, a limit or the user's own settings refused it. */
  refused: 4,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/**
 * Errors of the command line, 8000-8099. Retired numbers stay reserved.
 * 800x: options and files. 801x: state and ports. 802x: wallet. 803x: roles. 804x: names and routes. 805x: policy and verifiers.
 */
export const CLI_ERRORS = {
  usage: { number: 8000, exit: EXIT.usage },
  "config-unreadable": { number: 8001, exit: EXIT.usage },
  "config-syntax": { number: 8002, exit: EXIT.usage },
  "config-unknown": { number: 8003, exit: EXIT.usage },
  "option-invalid": { number: 8004, exit: EXIT.usage },
  "option-missing": { number: 8005, exit: EXIT.usage },
  "secret-argument": { number: 8006, exit: EXIT.usage },
  "file-exists": { number: 8007, exit: EXIT.usage },
  "data-locked": { number: 8010, exit: EXIT.unavailable },
  "data-unwritable": { number: 8011, exit: EXIT.failed },
  "ports-taken": { number: 8012, exit: EXIT.unavailable },
  "not-running": { number: 8013, exit: EXIT.unavailable },
  "wallet-missing": { number: 8020, exit: EXIT.usage },
  "wallet-file": { number: 8021, exit: EXIT.usage },
  "rpc-unreachable": { number: 8022, exit: EXIT.unavailable },
  "faucet-missing": { number: 8023, exit: EXIT.refused },
  "funds-short": { number: 8024, exit: EXIT.refused },
  "chain-refused": { number: 8025, exit: EXIT.refused },
  "role-failed": { number: 8030, exit: EXIT.failed },
  "name-free": { number: 8040, exit: EXIT.refused },
  "name-taken": { number: 8041, exit: EXIT.refused },
  "name-foreign": { number: 8042, exit: EXIT.refused },
  "name-premium": { number: 8043, exit: EXIT.refused },
  "records-invalid": { number: 8044, exit: EXIT.usage },
  "feed-missing": { number: 8045, exit: EXIT.unavailable },
  "feed-refused": { number: 8046, exit: EXIT.refused },
  "not-final": { number: 8047, exit: EXIT.failed },
  "operator-missing": { number: 8048, exit: EXIT.refused },
  "delegate-missing": { number: 8049, exit: EXIT.refused },
  "policy-missing": { number: 8050, exit: EXIT.refused },
  "target-missing": { number: 8051, exit: EXIT.refused },
  "log-missing": { number: 8052, exit: EXIT.unavailable },
  "log-broken": { number: 8053, exit: EXIT.failed },
  "incident-missing": { number: 8054, exit: EXIT.refused },
  "replay-differs": { number: 8055, exit: EXIT.failed },
  "evidence-missing": { number: 8056, exit: EXIT.unavailable },
  "verifier-missing": { number: 8057, exit: EXIT.refused },
  "evidence-invalid": { number: 8058, exit: EXIT.usage },
} as const;

export type CliErrorCode = keyof typeof CLI_ERRORS;

/** The one error class of this package: a line for what, `hint` for what to do. Never holds a secret. */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly code: CliErrorCode;
  readonly number: number;
  readonly exit: ExitCode;
  readonly hint: string;

  constructor(code: CliErrorCode, message: string, hint: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.number = CLI_ERRORS[code].number;
    this.exit = CLI_ERRORS[code].exit;
    this.hint = hint;
  }
}

export function isCliError(error: unknown, code?: CliErrorCode): error is CliError {
  return error instanceof CliError && (code === undefined || error.code === code);
}

/** What to print of any error: errors of other packages carry `code`, `number` and `hint` too. */
export interface ErrorReport {
  readonly code: string;
  readonly number: number | null;
  readonly message: string;
  readonly hint: string;
  readonly exit: ExitCode;
}

export function reportError(error: unknown): ErrorReport {
  if (isCliError(error)) {
    const { code, number, message, hint, exit } = error;
    return { code, number, message, hint, exit };
  }
  if (error instanceof Error) {
    const { code, number, hint } = error as { code?: unknown; number?: unknown; hint?: unknown };
    return {
      code: typeof code === "string" ? code : "unexpected",
      number: typeof number === "number" ? number : null,
      message: firstLine(error.message) || error.name,
      hint: typeof hint === "string" ? hint : systemHint(code),
      exit: EXIT.failed,
    };
  }
  return {
    code: "unexpected",
    number: null,
    message: String(error),
    hint: systemHint(undefined),
    exit: EXIT.failed,
  };
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}

function systemHint(code: unknown): string {
  if (code === "EACCES" || code === "EPERM")
    return "Ports below 1024 and other people's files need more rights: choose another port or folder, or run it as root.";
  if (code === "EADDRINUSE") return "Another program uses that port: name another one, or 0 for a free one.";
  if (code === "ENOSPC")
    return "The disk is full: free some space and start again; nothing acknowledged is lost.";
  return "If it looks like a fault of TollDNS, run it again with TOLLDNS_DEBUG=1 for the full trace and report it.";
}
