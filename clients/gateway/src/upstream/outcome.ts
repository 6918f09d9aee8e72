import { DnsError, EDE, FLAG, findOption, OPTION, RCODE, type WireMessage } from "@tolldns/dns";
import { tryRead } from "./canonical.ts";

/** What came of asking a backend, and whose fault it may be. */
export type Outcome =
  /** An answer that settles the question. */
  | { readonly kind: "good"; readonly message: Uint8Array; readonly parsed: WireMessage }
  /** A response code another backend may know better: its own fault only if another does. */
  | {
      readonly kind: "poor";
      readonly message: Uint8Array;
      readonly what: string;
      /** It says that the data fail validation (RFC 8914 codes 6 to 12). */
      readonly isBogus: boolean;
    }
  /** Nothing to use. `isHard`: its own fault whatever was asked; else only if another answers. `isOurs`: it wasn't even asked, for what this side had under way. */
  | {
      readonly kind: "none";
      readonly error: unknown;
      readonly what: string;
      readonly isHard: boolean;
      readonly isOurs: boolean;
    };

const RCODES: Readonly<Record<number, string>> = {
  1: "FORMERR",
  2: "SERVFAIL",
  4: "NOTIMP",
  5: "REFUSED",
};

/** What an answer is worth. */
export function judgeAnswer(message: Uint8Array): Outcome {
  const parsed = tryRead(message);
  if (parsed === null) return unusable("exchange-malformed", "sent an answer that can't be read");
  // Over UDP it was asked again over TCP already: still cut means that it can't be had.
  if ((parsed.flags & FLAG.TC) !== 0)
    return unusable("exchange-malformed", "sent an answer that is cut over TCP too");
  if (parsed.rcode === RCODE.NOERROR || parsed.rcode === RCODE.NXDOMAIN)
    return { kind: "good", message, parsed };
  const what = `answered ${RCODES[parsed.rcode] ?? `code ${parsed.rcode}`}`;
  return { kind: "poor", message, what, isBogus: parsed.rcode === RCODE.SERVFAIL && saysBogus(parsed) };
}

function unusable(code: "exchange-malformed", what: string): Outcome {
  const error = new DnsError(code, what, { ede: { code: EDE.INVALID_DATA } });
  return { kind: "none", error, what, isHard: false, isOurs: false };
}

function saysBogus(message: WireMessage): boolean {
  const ede = findOption(message.opt, OPTION.EDE);
  if (ede === undefined || ede.length < 2) return false;
  const code = ((ede[0] as number) << 8) | (ede[1] as number);
  return code >= EDE.DNSSEC_BOGUS && code <= 12;
}

/** Nobody listens, hangs up or shows a wrong certificate, whatever it is asked. */
const HARD: Readonly<Record<string, string>> = {
  "exchange-refused": "refused the connection",
  "exchange-closed": "ended the connection",
  "exchange-tls": "failed the TLS handshake",
};

/** What a failed exchange says. */
export function judgeFailure(error: unknown): Outcome {
  const code = error instanceof DnsError ? error.code : "";
  const hard = HARD[code];
  if (hard !== undefined) return { kind: "none", error, what: hard, isHard: true, isOurs: false };
  const status = error instanceof DnsError ? error.status : undefined;
  const what =
    code === "exchange-timeout"
      ? "was silent"
      : code === "exchange-mismatch"
        ? "answered another question"
        : status !== undefined
          ? `answered HTTP status ${status}`
          : "gave no answer";
  return { kind: "none", error, what, isHard: false, isOurs: code === "exchange-busy" };
}

/** Did whoever answered validate it (RFC 4035 section 3.2.3)? */
export function isAuthentic(message: Uint8Array): boolean {
  return ((message[3] as number) & FLAG.AD) !== 0;
}

/** Is it SERVFAIL? */
export function isServfail(message: Uint8Array): boolean {
  return ((message[3] as number) & 15) === RCODE.SERVFAIL;
}
