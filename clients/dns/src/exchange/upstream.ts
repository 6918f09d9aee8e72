import { type Clock, systemClock } from "../clock.ts";
import { DnsError } from "../errors.ts";
import type { Question } from "../wire/question.ts";
import type { Carrier } from "./carrier.ts";
import { createDeadlines } from "./deadlines.ts";
import { createDohCarrier } from "./doh.ts";
import { createStreamCarrier } from "./stream.ts";
import { createUdpCarrier } from "./udp.ts";

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

const DEFAULT_PORT: Readonly<Record<Protocol, number>> = { udp: 53, tcp: 53, dot: 853, doh: 443 };
const NO_EXTRAS: AskExtras = {};

/**
 * An upstream by address and protocol. Connections are opened when first needed.
 *
 * @example
 * const unbound = createUpstream({ protocol: "udp", address: "127.0.0.1", port: 5335 });
 * const answer = await unbound.ask(questionFor("example.org", TYPE.A));
 */
export function createUpstream(options: UpstreamOptions): Upstream {
  const clock = options.clock ?? systemClock;
  const timeoutMs = options.timeoutMs ?? 5000;
  const maxUnderWay = options.maxUnderWay ?? 4096;
  const port = options.port ?? DEFAULT_PORT[options.protocol];
  const deadlines = createDeadlines(clock);
  const counters = { mismatched: 0, connections: 0 };
  const context = { options, port, clock, deadlines, counters };
  const carriers: Carrier[] = [];
  if (options.protocol === "doh") carriers.push(createDohCarrier(context));
  else carriers.push(createStreamCarrier(context, options.protocol === "dot"));
  if (options.protocol === "udp") carriers.unshift(createUdpCarrier(context, carriers[0] as Carrier));
  const carrier = carriers[0] as Carrier;
  let asked = 0;
  let answered = 0;
  let failed = 0;
  let timeouts = 0;
  let underWay = 0;
  let rttMs = 0;

  return {
    protocol: options.protocol,
    address: options.address,
    port,
    async ask(question, extras = NO_EXTRAS) {
      if (underWay >= maxUnderWay)
        throw new DnsError("exchange-busy", `${options.address}: ${underWay} under way`);
      asked++;
      underWay++;
      const started = clock.now();
      try {
        const answer = await carrier.ask(question, extras, started + (extras.timeoutMs ?? timeoutMs));
        answered++;
        // RFC 6298 section 2: an eighth of each new sample.
        const sample = clock.now() - started;
        rttMs = rttMs === 0 ? sample : rttMs + (sample - rttMs) / 8;
        return answer;
      } catch (error) {
        failed++;
        if (error instanceof DnsError && error.code === "exchange-timeout") timeouts++;
        throw error;
      } finally {
        underWay--;
      }
    },
    stats: () => ({ asked, answered, failed, timeouts, ...counters, underWay, rttMs }),
    async close() {
      await Promise.all(carriers.map((one) => one.close()));
      deadlines.close();
    },
  };
}
