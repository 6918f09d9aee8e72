import { type Clock, systemClock } from "../clock.ts";
import { DnsError } from "../errors.ts";
import { CLASS, EDE, MAX_MESSAGE_BYTES, RCODE, TYPE } from "../wire/constants.ts";
import type { Query } from "../wire/query.ts";
import { type Question, questionOf } from "../wire/question.ts";
import { type ReplyOptions, writeError, writeMinimalAny } from "../wire/reply.ts";
import { type Admitted, admitFailure } from "./admit.ts";
import type { Cache } from "./cache.ts";
import { RANK, WORD, writeEntry } from "./entry.ts";

/**
 * Asks upstream. Resolves to the whole answer in wire form, its id and question already checked against what was sent.
 * Rejects with a {@link DnsError}, whose `ede` the client is told.
 */
export type Ask = (question: Question) => Promise<Uint8Array>;

export interface ResolverOptions {
  readonly cache: Cache;
  readonly ask: Ask;
  readonly clock?: Clock;
  /** Is it known that nobody can be asked? Then a stale answer is given at once, and the question asked behind it. Default: never. */
  readonly isDown?: () => boolean;
  /** Milliseconds after which a waiting client gets a stale answer if there is one (RFC 8767 section 5). Default 1800. */
  readonly staleAfterMs?: number;
  /** Seconds a failure is remembered (RFC 9520: 1 to 300). Default 5. */
  readonly failureSeconds?: number;
  /** Seconds between attempts for a name that is being served stale (RFC 8767 section 5). Default 30. */
  readonly recheckSeconds?: number;
  /** Sends a client's subnet on (RFC 7871) and keeps answers apart by it. Default false: it is neither sent nor looked at. */
  readonly forwardSubnet?: boolean;
  /** Questions under way at once; more are answered SERVFAIL. Default 10 000. */
  readonly maxFlights?: number;
  /** Clients waiting at once, over all questions. Default 20 000. */
  readonly maxWaiting?: number;
}

export interface ResolverStats {
  readonly flights: number;
  readonly waiting: number;
  /** Clients that joined a question already under way. */
  readonly joined: number;
  readonly refreshes: number;
  readonly failures: number;
  readonly refusedBusy: number;
}

/** Cache in front, one question upstream at a time for each key behind. */
export interface Resolver {
  readonly cache: Cache;
  /** Bytes written to `out`, at once on a hit; else a promise of the answer. Never rejects. */
  answer(query: Query, out: Uint8Array, at: number): number | Promise<Uint8Array>;
  stats(): ResolverStats;
  /** Stops the timer; clients still waiting are answered when their question ends. */
  close(): void;
}

interface Waiter {
  readonly query: Query;
  readonly resolve: (answer: Uint8Array) => void;
}

interface Flight {
  readonly question: Question;
  readonly key: string;
  readonly started: number;
  waiters: Waiter[];
}

const scratch = new Uint8Array(MAX_MESSAGE_BYTES + 1024);
const BUSY: ReplyOptions = { ede: { code: EDE.NOT_READY, text: "too many questions under way" } };
const MAX_RECHECKS = 10_000;

/** Names of failures for clients. */
function edeOf(error: unknown): ReplyOptions {
  if (error instanceof DnsError) {
    if (error.ede !== undefined) return { ede: error.ede };
    if (error.code === "exchange-timeout") return { ede: { code: EDE.NO_REACHABLE_AUTHORITY } };
    if (error.number < 200 || error.code === "exchange-malformed") return { ede: { code: EDE.INVALID_DATA } };
  }
  return { ede: { code: EDE.NETWORK_ERROR } };
}

export function createResolver(options: ResolverOptions): Resolver {
  const { cache, ask } = options;
  const isDown = options.isDown ?? (() => false);
  const clock = options.clock ?? systemClock;
  const staleAfterMs = options.staleAfterMs ?? 1800;
  const failureSeconds = options.failureSeconds ?? 5;
  const recheckMs = (options.recheckSeconds ?? 30) * 1000;
  const maxFlights = options.maxFlights ?? 10_000;
  const maxWaiting = options.maxWaiting ?? 20_000;
  const flights = new Map<string, Flight>();
  /** When a question that failed while a stale answer served may be asked again; oldest first. */
  const rechecks = new Map<string, number>();
  const counters = { waiting: 0, joined: 0, refreshes: 0, failures: 0, refusedBusy: 0 };

  const finish = (flight: Flight, write: (query: Query) => number) => {
    const waiters = flight.waiters;
    flight.waiters = [];
    counters.waiting -= waiters.length;
    for (const { query, resolve } of waiters) resolve(scratch.slice(0, write(query)));
  };

  const recheckLater = (key: string, ms: number) => {
    if (rechecks.size >= MAX_RECHECKS) rechecks.delete(rechecks.keys().next().value as string);
    rechecks.set(key, clock.now() + ms);
  };

  const fail = (flight: Flight, admitted: Admitted, more?: ReplyOptions) => {
    counters.failures++;
    let stale = false;
    finish(flight, (query) => {
      const length = cache.answerStale(query, scratch, 0);
      if (length > 0) stale = true;
      return length > 0 ? length : writeEntry(query, admitted.entry, 0, 0, scratch, 0, more);
    });
    if (!stale) {
      cache.store(admitted);
      return;
    }
    recheckLater(flight.key, recheckMs);
  };

  const settle = (flight: Flight, message: Uint8Array) => {
    flights.delete(flight.key);
    let admitted: Admitted;
    try {
      admitted = cache.admit(flight.question, message);
    } catch (error) {
      return failWith(flight, error);
    }
    if (admitted.rank === RANK.FAILURE) {
      if (admitted.rcode !== RCODE.SERVFAIL)
        return finish(flight, (query) => writeEntry(query, admitted.entry, 0, 0, scratch, 0));
      admitted.entry.words[WORD.TTL] = failureSeconds;
      return fail(flight, { ...admitted, ttl: failureSeconds });
    }
    rechecks.delete(flight.key);
    cache.store(admitted);
    finish(flight, (query) => writeEntry(query, admitted.entry, 0, 0, scratch, 0));
  };

  const failWith = (flight: Flight, error: unknown) => {
    flights.delete(flight.key);
    const more = edeOf(error);
    fail(flight, admitFailure(flight.question, RCODE.SERVFAIL, failureSeconds, more.ede?.code), more);
  };

  const launch = (question: Question, key: string): Flight => {
    const flight: Flight = { question, key, started: clock.now(), waiters: [] };
    flights.set(key, flight);
    ask(question).then(
      (message) => settle(flight, message),
      (error: unknown) => failWith(flight, error),
    );
    return flight;
  };

  const keyOf = (query: Query) => Buffer.from(query.key.buffer, 0, query.keyLength).toString("latin1");

  const wait = (query: Query, out: Uint8Array, at: number): number | Promise<Uint8Array> => {
    const key = keyOf(query);
    const recheck = rechecks.get(key);
    if (recheck !== undefined) {
      const length = clock.now() < recheck ? cache.answerStale(query, out, at) : 0;
      if (length > 0) return length;
      rechecks.delete(key);
    }
    let flight = flights.get(key);
    if (isDown()) {
      const length = cache.answerStale(query, out, at);
      if (length > 0) {
        // Asked all the same: an answer is the first to know that it is over.
        if (flight === undefined && flights.size < maxFlights) {
          recheckLater(key, failureSeconds * 1000);
          launch(questionOf(query), key);
        }
        return length;
      }
    }
    if (counters.waiting >= maxWaiting || (flight === undefined && flights.size >= maxFlights)) {
      counters.refusedBusy++;
      const length = cache.answerStale(query, out, at);
      return length > 0 ? length : writeError(query, out, at, RCODE.SERVFAIL, BUSY);
    }
    if (flight === undefined) flight = launch(questionOf(query), key);
    else counters.joined++;
    counters.waiting++;
    const kept = query.keep();
    const { waiters } = flight;
    return new Promise((resolve) => waiters.push({ query: kept, resolve }));
  };

  let wasDown = false;
  const stop = clock.every(100, () => {
    // Back again: what was put off while nobody could be asked is asked.
    if (wasDown && !isDown()) rechecks.clear();
    wasDown = isDown();
    const due = clock.now() - staleAfterMs;
    // Oldest first, so the first that isn't due ends the walk.
    for (const flight of flights.values()) {
      if (flight.started > due) break;
      const left: Waiter[] = [];
      for (const waiter of flight.waiters) {
        const length = cache.answerStale(waiter.query, scratch, 0);
        if (length > 0) waiter.resolve(scratch.slice(0, length));
        else left.push(waiter);
      }
      counters.waiting -= flight.waiters.length - left.length;
      flight.waiters = left;
    }
  });

  return {
    cache,
    answer(query, out, at) {
      const { type } = query;
      if (query.class !== CLASS.IN) return writeError(query, out, at, RCODE.REFUSED);
      if (type === TYPE.ANY) return writeMinimalAny(query, out, at);
      // Meta types (RFC 6895 section 3.1): transfers, TSIG and the like have no answer a cache could hold.
      if (type === TYPE.OPT || (type >= 128 && type <= 255)) return writeError(query, out, at, RCODE.NOTIMP);
      if (options.forwardSubnet && query.subnetLength > 0) query.keepSubnetApart();
      const length = cache.answer(query, out, at);
      if (length === 0) return wait(query, out, at);
      if (cache.refreshDue) {
        const key = keyOf(query);
        if (!flights.has(key) && flights.size < maxFlights) {
          counters.refreshes++;
          launch(questionOf(query), key);
        }
      }
      return length;
    },
    stats: () => ({ flights: flights.size, ...counters }),
    close: stop,
  };
}
