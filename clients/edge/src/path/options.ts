import type { Question } from "@tolldns/dns/wire/question";
import type { EdgeClock } from "../clock.ts";
import type { EdgeLogLine, GatewaySource, SpendLimits, WalletOptions } from "../options.ts";

/** Over what a gateway can be asked. */
export type PathTransport = "udp" | "tcp" | "dot" | "doh";

/** What a gateway did with a question. */
export type PathReply =
  | { readonly kind: "answer"; readonly message: Uint8Array }
  /** It refused the toll, with this error of docs/reference/toll.md. */
  | { readonly kind: "refused"; readonly error: string }
  /** Nothing was asked: no money, a limit, a foreign cluster. Says nothing about the gateway. */
  | { readonly kind: "unasked"; readonly why: string };

export interface PayingPathOptions {
  /** Folder of what must survive, as an edge's: made with mode 0700, one user at a time. */
  readonly stateDir: string;
  /** Absent: only gateways that charge nothing can be asked. */
  readonly wallet?: WalletOptions;
  readonly limits?: Partial<SpendLimits>;
  readonly clock?: EdgeClock;
  /** Random numbers from 0 up to 1 for choices; not for keys. */
  readonly random?: () => number;
  readonly log?: (line: EdgeLogLine) => void;
}

/** One gateway, asked over a transport of the caller's choice. */
export interface PathGateway {
  /** What it offers. */
  readonly transports: readonly PathTransport[];
  /**
   * Asks, and pays as an edge does.
   * @param options EDNS options to send along, in wire form
   * @throws DnsError when nothing came that counts; what `signal` aborts with
   */
  ask(
    transport: PathTransport,
    question: Question,
    signal: AbortSignal,
    options?: Uint8Array,
  ): Promise<PathReply>;
  /** Asks with this toll message in place of one that is paid for; null for none. @throws as ask */
  present(
    transport: PathTransport,
    question: Question,
    toll: Uint8Array | null,
    signal: AbortSignal,
  ): Promise<PathReply>;
}

/** How a verifier asks gateways: the path of an ordinary edge, without its cache, choice and hedging. */
export interface PayingPath {
  /** Reads a gateway's terms and connects. The same gateway is opened once. @throws DnsError when its terms can't be read */
  open(source: GatewaySource): Promise<PathGateway>;
  /** Micro-IU spent in all. */
  spent(): bigint;
  /** Hands in what was promised, and ends. */
  close(): Promise<void>;
}
