import { DnsError } from "../errors.ts";
import { EDE, FLAG, OPTION, RCODE } from "./constants.ts";
import { findOption, readMessage, type WireMessage } from "./records.ts";

/** What an answer is worth to who may ask another. */
export type Verdict =
  /** It settles the question. */
  | { readonly kind: "good"; readonly parsed: WireMessage }
  /** A response code that another may know better. */
  | {
      readonly kind: "poor";
      /** A clause: "answered SERVFAIL". */
      readonly what: string;
      readonly isServfail: boolean;
      /** It says that the data fail validation (RFC 8914, codes 6 to 12). */
      readonly isBogus: boolean;
    }
  /** It can't be read, or is cut: over UDP it was asked again over a stream already, so it can't be had. */
  | { readonly kind: "unusable"; readonly what: string; readonly error: DnsError };

export function judgeAnswer(message: Uint8Array): Verdict {
  let parsed: WireMessage;
  try {
    parsed = readMessage(message);
  } catch {
    return unusable("sent an answer that can't be read");
  }
  const { rcode, flags } = parsed;
  if ((flags & FLAG.TC) !== 0) return unusable("sent an answer that is cut over TCP too");
  if (rcode === RCODE.NOERROR || rcode === RCODE.NXDOMAIN) return { kind: "good", parsed };
  const isServfail = rcode === RCODE.SERVFAIL;
  const isBogus = isServfail && saysBogus(parsed);
  return { kind: "poor", what: `answered ${rcodeName(rcode)}`, isServfail, isBogus };
}

/** Did whoever answered validate it (RFC 4035, section 3.2.3)? */
export function isAuthentic(message: Uint8Array): boolean {
  return ((message[3] as number) & FLAG.AD) !== 0;
}

const RCODES = new Map<number, string>(Object.entries(RCODE).map(([name, value]) => [value, name]));

/** `SERVFAIL`; `RCODE9` for one without a name here. */
export function rcodeName(code: number): string {
  return RCODES.get(code) ?? `RCODE${code}`;
}

function unusable(what: string): Verdict {
  const error = new DnsError("exchange-malformed", what, { ede: { code: EDE.INVALID_DATA } });
  return { kind: "unusable", what, error };
}

function saysBogus({ opt }: WireMessage): boolean {
  const ede = findOption(opt, OPTION.EDE);
  if (ede === undefined || ede.length < 2) return false;
  const code = ((ede[0] as number) << 8) | (ede[1] as number);
  return code >= EDE.DNSSEC_BOGUS && code <= 12;
}
