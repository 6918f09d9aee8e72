import { DnsError } from "@tolldns/dns/errors";
import { EDE, FLAG, OPTION, RCODE } from "@tolldns/dns/wire/constants";
import { findOption, readMessage, type WireMessage } from "@tolldns/dns/wire/records";
import type { Answered } from "../gateways/gateway.ts";

/** What came of asking one, and what may be held against it. */
export type Outcome =
  /** An answer that settles the question. */
  | (Answered & { readonly kind: "good"; readonly parsed: WireMessage })
  /** A response code that another may know better: its own fault only if another does. */
  | (Answered & {
      readonly kind: "poor";
      readonly what: string;
      readonly isServfail: boolean;
      /** It says that the data fail validation (RFC 8914, codes 6 to 12). */
      readonly isBogus: boolean;
    })
  /** Nothing to use. */
  | { readonly kind: "none"; readonly error: unknown };

const RCODES: Readonly<Record<number, string>> = { 1: "FORMERR", 2: "SERVFAIL", 4: "NOTIMP", 5: "REFUSED" };

/** What an answer is worth. */
export function judge({ answer, paid }: Answered): Outcome {
  let parsed: WireMessage;
  try {
    parsed = readMessage(answer);
  } catch (error) {
    return { kind: "none", error };
  }
  // It was asked again over a stream already: still cut means that it can't be had.
  if ((parsed.flags & FLAG.TC) !== 0)
    return { kind: "none", error: new DnsError("exchange-malformed", "the answer is cut over TCP too") };
  if (parsed.rcode === RCODE.NOERROR || parsed.rcode === RCODE.NXDOMAIN)
    return { kind: "good", answer, paid, parsed };
  const isServfail = parsed.rcode === RCODE.SERVFAIL;
  const what = `answered ${RCODES[parsed.rcode] ?? `code ${parsed.rcode}`} where others answer`;
  return { kind: "poor", answer, paid, what, isServfail, isBogus: isServfail && saysBogus(parsed) };
}

function saysBogus({ opt }: WireMessage): boolean {
  const ede = findOption(opt, OPTION.EDE);
  if (ede === undefined || ede.length < 2) return false;
  const code = ((ede[0] as number) << 8) | (ede[1] as number);
  return code >= EDE.DNSSEC_BOGUS && code <= 12;
}

/** Did whoever answered validate it (RFC 4035, section 3.2.3)? */
export function isAuthentic(answer: Uint8Array): boolean {
  return ((answer[3] as number) & FLAG.AD) !== 0;
}
