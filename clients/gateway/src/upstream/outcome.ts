import { DnsError, judgeAnswer as judge, type Verdict } from "@tolldns/dns";

/** What came of asking a backend, and whose fault it may be. */
export type Outcome =
  /** An answer that settles the question, or a response code that another backend may know better: its own fault only if another does. */
  | (Exclude<Verdict, { readonly kind: "unusable" }> & { readonly message: Uint8Array })
  /** Nothing to use. `isHard`: its own fault whatever was asked; else only if another answers. `isOurs`: it wasn't even asked, for what this side had under way. */
  | {
      readonly kind: "none";
      readonly error: unknown;
      readonly what: string;
      readonly isHard: boolean;
      readonly isOurs: boolean;
    };

/** What an answer is worth. */
export function judgeAnswer(message: Uint8Array): Outcome {
  const verdict = judge(message);
  if (verdict.kind !== "unusable") return { ...verdict, message };
  return { kind: "none", error: verdict.error, what: verdict.what, isHard: false, isOurs: false };
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
