import type { Query } from "../wire/query.ts";

/**
 * An answer in terms of HTTP, for queries that came over DoH: a toll not paid is 402 with problem details there. On other
 * transports a handler answers with a message instead; a refusal returned there drops the query.
 */
export interface Refusal {
  readonly status: number;
  /** Default `application/problem+json` (RFC 9457). */
  readonly contentType?: string | undefined;
  readonly body: Uint8Array;
}

/** What a handler may promise: a whole message, a refusal, or undefined to drop the query. */
export type Answer = Uint8Array | Refusal | undefined;

/**
 * Answers one query. Called synchronously for each well-formed query; malformed ones never reach it.
 *
 * What is known at once is written to `out` from `at` on (65 535 bytes of room, of which `query.limit` may be used) and its
 * length returned, without a promise; 0 drops the query. What isn't is promised. `query` is reused: use `query.keep()`
 * before the first `await`. A handler that throws or rejects is answered SERVFAIL and counted.
 */
export type Handler = (query: Query, out: Uint8Array, at: number) => number | Refusal | Promise<Answer>;

/** A running listener. */
export interface Listener {
  /** Address bound, in text. */
  readonly address: string;
  /** Port bound, chosen by the system if 0 was asked for. */
  readonly port: number;
  stats(): ListenerStats;
  /** Stops listening and ends its connections; resolves when nothing is left open. */
  close(): Promise<void>;
}

/** Counters since start; never names or addresses. */
export interface ListenerStats {
  readonly queries: number;
  readonly answers: number;
  /** Messages that were no query, malformed, or of an unknown opcode or EDNS version. */
  readonly malformed: number;
  /** Queries or connections let go to stay within bounds. */
  readonly dropped: number;
  /** Handlers that threw. */
  readonly failures: number;
  /** Open connections; 0 on UDP. */
  readonly connections: number;
  /** Connections ended for being idle, slow or over a bound. */
  readonly evicted: number;
}

export interface MutableStats {
  queries: number;
  answers: number;
  malformed: number;
  dropped: number;
  failures: number;
  connections: number;
  evicted: number;
}

export const newStats = (): MutableStats => ({
  queries: 0,
  answers: 0,
  malformed: 0,
  dropped: 0,
  failures: 0,
  connections: 0,
  evicted: 0,
});

/** Whether a handler's result is a refusal rather than a promise or bytes. */
export function isRefusal(result: object): result is Refusal {
  return "status" in result;
}

/** What every listener takes. */
export interface ListenOptions {
  readonly handler: Handler;
  /** Address to bind, of one family: `::` does not take IPv4 too. Default `127.0.0.1`. */
  readonly host?: string;
  /** Port to bind, 0 for any. */
  readonly port: number;
  /** Several processes may bind the port, the kernel shares the load (SO_REUSEPORT). */
  readonly reusePort?: boolean;
  /** EDNS option code handed on as `query.local`; 0 for none (default). */
  readonly localOption?: number;
}
