/**
 * Everything that can go wrong in this package, in numbered ranges: 100 wire form, 200 listeners, 300 exchange, 400 certificates.
 * A number is never given a second meaning.
 */
const CATALOGUE = {
  "message-truncated": [100, "the message ends before its parts do; drop it"],
  "name-too-long": [101, "a name has at most 255 bytes on the wire; shorten it"],
  "label-too-long": [102, "a label has 1 to 63 bytes; shorten it"],
  "name-loop": [103, "a compression pointer must point backwards; drop the message"],
  "name-escape": [104, "write an escape as \\DDD with DDD at most 255, or as \\ and one character"],
  "message-invalid": [105, "the message can't be decoded; drop it"],
  "message-too-long": [106, "a message has at most 65 535 bytes"],
  "listen-failed": [200, "the address is in use or may not be bound; choose another"],
  "route-body-too-large": [201, "send a smaller body"],
  "exchange-timeout": [300, "no answer in time; ask another server"],
  "exchange-refused": [301, "the server can't be reached; ask another"],
  "exchange-closed": [302, "the connection ended before the answer; ask again"],
  "exchange-mismatch": [303, "the answer is not one to this question; ask another server"],
  "exchange-http-status": [304, "the server refused over HTTP; `status` and `body` say why"],
  "exchange-busy": [305, "too many questions are waiting on this server; ask later or elsewhere"],
  "exchange-tls": [306, "the server's certificate or TLS version was refused"],
  "exchange-malformed": [307, "the server's answer can't be decoded; ask another"],
  "exchange-cookie": [308, "the answer carries another cookie than was sent: likely forged"],
  "resolution-failed": [309, "no upstream gave an answer that may be used; `ede` says why"],
  "certificate-invalid": [400, "the PEM holds no certificate and key that belong together"],
} as const;

export type DnsErrorCode = keyof typeof CATALOGUE;

/** What an error carries beside its code; all optional. */
export interface DnsErrorContext {
  /** HTTP status of a refused DoH exchange. */
  readonly status?: number;
  /** Body of a refused DoH exchange, at most 64 KiB. */
  readonly body?: Uint8Array;
  /** `content-type` of that body. */
  readonly contentType?: string;
  /** Extended error to answer the client with (RFC 8914). */
  readonly ede?: { readonly code: number; readonly text?: string | undefined } | undefined;
  readonly cause?: unknown;
}

/** The one error class of this package: `code` to branch on, `number` for documentation, `hint` for people. */
export class DnsError extends Error {
  readonly code: DnsErrorCode;
  readonly number: number;
  readonly hint: string;
  readonly status: number | undefined;
  readonly body: Uint8Array | undefined;
  readonly contentType: string | undefined;
  readonly ede: DnsErrorContext["ede"];

  constructor(code: DnsErrorCode, message: string, context: DnsErrorContext = {}) {
    super(message, context.cause === undefined ? undefined : { cause: context.cause });
    this.name = "DnsError";
    this.code = code;
    this.number = CATALOGUE[code][0];
    this.hint = CATALOGUE[code][1];
    this.status = context.status;
    this.body = context.body;
    this.contentType = context.contentType;
    this.ede = context.ede;
  }
}
