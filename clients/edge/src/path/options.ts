import type { Question } from "@tolldns/dns/wire/question";
import type { GatewaySource } from "../options.ts";
import type { StateOptions } from "../state/open.ts";

/** Over what a gateway can be asked. */
export type PathTransport = "udp" | "tcp" | "dot" | "doh";

/** What a gateway did with a question. */
export type PathReply =
  | { readonly kind: "answer"; readonly message: Uint8Array }
  /** It refused the toll, with this error of docs/reference/toll.md. */
  | { readonly kind: "refused"; readonly error: string }
  /** Nothing was asked: no money, a limit, a foreign cluster, a lane not open yet. Says nothing about the gateway. */
  | { readonly kind: "unasked"; readonly why: string };

/** An edge's, as far as they are about asking and paying; without a wallet only gateways that charge nothing can be asked. */
export type PayingPathOptions = StateOptions;

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
