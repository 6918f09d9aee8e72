import type { Clock } from "../clock.ts";
import type { Question } from "../wire/question.ts";

/** How an upstream is spoken to. `udp` falls back to TCP on its own when an answer is cut. */
export type Protocol = "udp" | "tcp" | "dot" | "doh";

export interface UpstreamOptions {
  readonly protocol: Protocol;
  /** IP address to connect to; names are resolved by the caller, as a resolver can't ask itself. */
  readonly address: string;
  /** Default 53, 853 for `dot`, 443 for `doh`. */
  readonly port?: number;
  /** Name the certificate must carry (and `:authority` of DoH). Default: the address. */
  readonly serverName?: string;
  /** Path of DoH. Default `/dns-query`. */
  readonly path?: string;
  /** PEM of the authorities trusted; the system's if left out. */
  readonly ca?: string | readonly string[];
  /** Milliseconds a question may take, retries included. Default 5000. */
  readonly timeoutMs?: number;
  /** Milliseconds after which a UDP question is sent again. Default 1000. */
  readonly retryMs?: number;
  /** Questions under way at once; more fail with `exchange-busy`. Default 4096. */
  readonly maxUnderWay?: number;
  /** Sockets UDP questions are spread over, each with its own random port. Default 16. */
  readonly udpSockets?: number;
  /** Mix upper and lower case in UDP questions and check it comes back (0x20). Default true. */
  readonly mixCase?: boolean;
  /** Send and check cookies over UDP (RFC 7873). Default true. */
  readonly cookies?: boolean;
  /** Milliseconds an idle connection is kept. Default 10 000. */
  readonly idleMs?: number;
  readonly clock?: Clock;
}

/** What one question carries beside itself. */
export interface AskExtras {
  /** EDNS options in wire form (code u16, length u16, data; big endian), for instance a toll. */
  readonly options?: Uint8Array;
  /** Request headers of DoH, lower-case names, for instance `toll`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds, instead of the upstream's. */
  readonly timeoutMs?: number;
}

/** Counters since start; never names. */
export interface UpstreamStats {
  readonly asked: number;
  readonly answered: number;
  readonly failed: number;
  readonly timeouts: number;
  /** Answers thrown away: another id, port, question, case or cookie. */
  readonly mismatched: number;
  readonly underWay: number;
  /** Connections opened, or UDP sockets bound. */
  readonly connections: number;
  /** Smoothed round trip in milliseconds; 0 before the first answer. */
  readonly rttMs: number;
}

/** A server questions are sent to. */
export interface Upstream {
  readonly protocol: Protocol;
  readonly address: string;
  readonly port: number;
  /**
   * Resolves to the whole answer with id 0 and the question checked; any response code counts as an answer.
   * Rejects with DnsError `exchange-timeout`, `exchange-refused`, `exchange-closed`, `exchange-mismatch`,
   * `exchange-http-status`, `exchange-busy`, `exchange-tls`, `exchange-malformed` or `exchange-cookie`.
   */
  ask(question: Question, extras?: AskExtras): Promise<Uint8Array>;
  stats(): UpstreamStats;
  close(): Promise<void>;
}
